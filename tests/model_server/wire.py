"""The bytes of a streamed chat completion, as a server puts them on the wire."""

import json
from collections.abc import Iterable
from typing import Any

DONE = b"data: [DONE]\n\n"


def event(content: object) -> bytes:
    """One server-sent event with this content as its data."""
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


def chunk(delta: dict[str, Any], *, finish: str | None = None) -> bytes:
    """One chunk of a completion."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return event({**_envelope(), "choices": [choice]})


def text(piece: str) -> bytes:
    return chunk({"content": piece})


def finish(reason: str = "stop") -> bytes:
    return chunk({}, finish=reason)


def usage(prompt_tokens: int = 12, completion_tokens: int = 5) -> bytes:
    total = prompt_tokens + completion_tokens
    tokens = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens, "total_tokens": total}
    return event({**_envelope(), "choices": [], "usage": tokens})


def answer(pieces: Iterable[str], *, reason: str = "stop") -> tuple[bytes, ...]:
    """A whole answer the way the original server streams it: role, texts, finish, usage, done."""
    role = chunk({"role": "assistant", "content": ""})
    return (role, *map(text, pieces), finish(reason), usage(), DONE)


def _envelope() -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "test-model"}
