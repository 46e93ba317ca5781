"""What the model server says when nothing is scripted: the first sentence of the first passage, cited."""

import json
import re
from html import unescape
from typing import Any

from tests.model_server import wire
from tests.model_server.script import Script, refusal, stream

# A passage is marked by its number, as <passage number="1" …> or as [1] at the beginning of a line.
_FIRST_PASSAGE = re.compile(r"""(?:<passage number="1"[^>]*>|^\s*\[1\])\s*(?P<words>[^<]+)""", re.MULTILINE)
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+", re.DOTALL)


def unscripted(body: dict[str, Any]) -> Script:
    """An answer made of the prompt itself; a plain JSON one when no stream is asked for."""
    words = re.findall(r"\S+\s*", _answer(body.get("messages", [])))
    return stream(*wire.answer(words)) if body.get("stream") else _whole("".join(words))


def models() -> Script:
    """The list of models."""
    listed = {"object": "list", "data": [{"id": "test-model", "object": "model", "owned_by": "tests"}]}
    return Script((json.dumps(listed).encode(),), content_type="application/json")


def not_found(path: str) -> Script:
    return refusal(404, f"there is no {path}")


def _answer(messages: list[dict[str, Any]]) -> str:
    contents = [str(message.get("content", "")) for message in messages]
    for content in reversed(contents):
        if found := _FIRST_PASSAGE.search(content):
            return f"{_sentence(unescape(found['words']))} [1]."
    return f"You asked: {_sentence(contents[-1] if contents else '')}"


def _sentence(words: str) -> str:
    found = _SENTENCE.match(words.strip())
    return found.group().strip().rstrip(".!?") if found else "nothing"


def _whole(text: str) -> Script:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "model": "test-model", "choices": [choice]}
    return Script((json.dumps(body).encode(),), content_type="application/json")
