"""The events of a turn: the one stream that every door renders."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chat.events.events import Citation, Disagreement, Grounding, Source, Suggestion, Tier, Timings

AnsweredBy = Literal["model", "fallback", "quotes", "pinned", "none"]
Finish = Literal["complete", "length", "cut", "stopped"]
ErrorCode = Literal["retrieval_unavailable", "model_unavailable", "internal"]


NOT_GROUNDED = Grounding()


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens a turn cost; an answer that was stopped or broke off is counted and ``estimated`` here."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages consulted; once, before any token; empty in tier ``none``."""

    sources: tuple[Source, ...]
    type: Literal["sources"] = "sources"


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer."""

    text: str
    type: Literal["token"] = "token"


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer and all there is to know about it; once, last."""

    conversation_id: UUID
    turn_id: UUID
    cascade_tier: Tier
    answered_by: AnsweredBy
    finish: Finish
    voice_applied: float
    cited: tuple[int, ...]
    citations: tuple[Citation, ...]
    rewritten_query: str | None
    usage: Usage | None
    timings_ms: Timings
    suggestions: tuple[Suggestion, ...] = ()
    grounding: Grounding = NOT_GROUNDED
    disagreements: tuple[Disagreement, ...] = ()
    voice_note: str | None = None
    """Why the voice that was asked for is not in the answer, in a sentence."""
    type: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of a turn that could not be answered, in place of ``Done``; ``message`` is for readers."""

    code: ErrorCode
    message: str
    retryable: bool
    conversation_id: UUID
    turn_id: UUID
    type: Literal["error"] = "error"


Event = Sources | Token | Done | Failed
