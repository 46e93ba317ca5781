"""What a model proposes for a personality: its JSON, checked, and words for what is wrong with it."""

import json
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError

MOST_TRAITS, MOST_EXAMPLES, PROBLEMS_TOLD = 12, 5, 5

# Neither NUL, which PostgreSQL refuses, nor, by pydantic itself, half a surrogate pair: JSON can spell both.
_STORABLE = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_STORABLE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600, pattern=_STORABLE)]


class ProposalError(ValueError):
    """What is wrong with an answer, told so that its author can put it right."""


class ProposedTrait(BaseModel):
    """A trait with words that are said to show it."""

    trait: Name
    examples: Annotated[list[Text], Field(min_length=1, max_length=MOST_EXAMPLES)]


Traits = Annotated[list[ProposedTrait], Field(max_length=MOST_TRAITS)]


class Proposal(BaseModel):
    """A whole personality as a model proposes it."""

    summary: Text
    tone: Traits
    vocabulary: Traits
    habits: Traits
    phrases: Traits
    avoid: Traits


def read_proposal(text: str) -> Proposal:
    """Return what an answer proposes; it may stand in a fence or between words. Raises ``ProposalError``."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ProposalError("There is no JSON object in it.")
    try:
        return Proposal.model_validate(json.loads(text[begin : end + 1]))
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:PROBLEMS_TOLD]]
        raise ProposalError("; ".join(told) + ".") from None
    except (ValueError, RecursionError) as error:
        raise ProposalError(f"It is no valid JSON: {error}.") from None
