"""Events as one JSON object, for callers who don't stream."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, assert_never

from chat.events.events import Done, ErrorCode, Event, Failed, Sources, Token
from chat.events.serialize import payload
from chrysopedia.core.errors import Problem

STATUSES: dict[ErrorCode, int] = {"retrieval_unavailable": 503, "model_unavailable": 502, "internal": 502}


async def render(events: AsyncGenerator[Event, None]) -> dict[str, Any]:
    """Return ``{answer, sources, …the fields of done}``.

    Raises ``Problem`` 502 or 503 for a turn that ended in an error, with what there was of the answer.
    """
    pieces: list[str] = []
    sources: list[Any] = []
    async with aclosing(events):
        async for event in events:
            match event:
                case Sources():
                    sources = payload(event)
                case Token():
                    pieces.append(event.text)
                case Done():
                    return {"answer": "".join(pieces), "sources": sources, **payload(event)}
                case Failed():
                    raise _problem(event, "".join(pieces))
                case _:
                    assert_never(event)
    raise RuntimeError("a stream ended without a terminal event")


def answer_schema(*, ref_template: str) -> dict[str, Any]:
    """Return the JSON Schema of such an object, which refers to those of ``event_schemas``."""
    sources = {"type": "array", "items": {"$ref": ref_template.format(model="Source")}}
    own = {
        "type": "object",
        "required": ["answer", "sources"],
        "properties": {"answer": {"type": "string"}, "sources": sources},
    }
    return {
        "title": "Answer",
        "description": "An answer as a whole, its sources, and all there is to know about it.",
        "allOf": [{"$ref": ref_template.format(model="Done")}, own],
    }


def _problem(event: Failed, answer: str) -> Problem:
    return Problem(
        status=STATUSES[event.code],
        title="No answer",
        detail=event.message,
        headers={"Retry-After": "5"} if event.retryable else {},
        extra={
            "code": event.code,
            "answer": answer,
            "turn_id": str(event.turn_id),
            "conversation_id": str(event.conversation_id),
        },
    )
