"""What a review comes to, as the API gives it."""

from typing import Literal
from uuid import UUID

from ninja import Schema

from chat.events.events import FlawKind, Verdict


class Problem(Schema):
    """What a sentence says otherwise than its source."""

    kind: FlawKind
    words: str
    message: str


class SecondLook(Schema):
    """What the language model says of a citation; it stands beside the verdict and never in its place."""

    verdict: Verdict
    reason: str


class ReviewedCitation(Schema):
    """A citation of the answer with its verdict, and what a language model says of it, if it was asked."""

    number: int
    claim: str
    start: int
    end: int
    quote: str
    verdict: Verdict
    problems: list[Problem]
    second_look: SecondLook | None = None


class Reviewed(Schema):
    """The receipts of a turn; ``checked_by`` says whether a language model was heard about the doubtful ones."""

    turn_id: UUID
    checked_by: Literal["rules", "model"]
    note: str
    citations: list[ReviewedCitation]
