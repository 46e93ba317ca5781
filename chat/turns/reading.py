"""The model's reply to a review: its JSON, checked."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from chat.events.events import Verdict
from chat.turns.values import SecondLook
from chrysopedia.core.unseen import without_unseen

LONGEST = 300
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class _Looked(BaseModel):
    id: int
    verdict: Verdict
    reason: Reason = ""


class _Reply(BaseModel):
    verdicts: Annotated[list[_Looked], Field(max_length=100)]


def read_reply(text: str) -> dict[int, SecondLook]:
    """Return what a reply says of each pair, by its id; the JSON may stand between words. Raises ``ValueError``."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("there is no JSON object in it")
    try:
        reply = _Reply.model_validate_json(text[begin : end + 1])
    except ValidationError as error:
        raise ValueError(str(error.errors(include_url=False, include_input=False)[0]["msg"])) from None
    return {one.id: SecondLook(verdict=one.verdict, reason=_plain(one.reason)) for one in reply.verdicts}


def _plain(reason: str) -> str:
    flat = " ".join(without_unseen(reason).split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rsplit(" ", 1)[0] + "…"
