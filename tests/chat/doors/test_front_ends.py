"""What the programs send that people run themselves, Open WebUI and LibreChat: answered as they read it."""

import json
from typing import Any

import pytest

from chat.doors import asking
from tests.chat.asking import VOCAL
from tests.site import Site

OPEN_WEBUI: dict[str, Any] = {
    "stream": True,
    "model": "mara-lindqvist",
    "messages": [
        {"role": "system", "content": "You are helpful."},
        {"role": "user", "content": "Where does the de-esser go?"},
        {"role": "assistant", "content": f"After the compressors. [1]{asking.FOOTER}- [1] A"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": VOCAL},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
            ],
        },
    ],
    "stream_options": {"include_usage": True},
    "temperature": 0.8,
    "function_calling": "native",
    "tools": [{"type": "function", "function": {"name": "search_web", "parameters": {"type": "object"}}}],
    "user": {"name": "Ada", "id": "1", "email": "ada@example.com", "role": "admin"},
}
LIBRECHAT: dict[str, Any] = {
    "model": "mara-lindqvist",
    "user": "65f0c0ffee",
    "stream": True,
    "stream_options": {"include_usage": True},
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "stop": ["||>", "\nUser:"],
    "messages": [
        {"role": "developer", "content": "Current date: Saturday."},
        {"role": "user", "name": "Ada", "content": [{"type": "text", "text": "Where does the de-esser go?"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "After the compressors. [1]"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function", "function": {}}]},
        {"role": "tool", "tool_call_id": "1", "content": "{}"},
        {"role": "user", "name": "Ada", "content": [{"type": "text", "text": VOCAL}]},
    ],
}
HEADERS = {"Authorization": "Bearer anonymous", "X-OpenWebUI-User-Name": "Ada", "X-Stainless-Lang": "js"}
SENT = pytest.mark.parametrize("body", [OPEN_WEBUI, LIBRECHAT], ids=["open-webui", "librechat"])


def chunks_of(site: Site, body: dict[str, Any]) -> list[dict[str, Any]]:
    with site.client(headers=HEADERS) as client:
        answer = client.post("/v1/chat/completions", json=body)
    assert answer.headers["Content-Type"].startswith("text/event-stream"), answer.text
    lines = [line for line in answer.text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "data: [DONE]"
    return [json.loads(line[6:]) for line in lines[:-1]]


@SENT
def test_it_streams_the_answer_with_its_sources_below(site: Site, body: dict[str, Any]) -> None:
    chunks = chunks_of(site, body)
    deltas = [one["choices"][0]["delta"] for one in chunks if one["choices"]]
    text = "".join(delta.get("content") or "" for delta in deltas)
    assert "” [" in text.partition(asking.FOOTER)[0] and "](http" in text.partition(asking.FOOTER)[2]
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["usage"]["total_tokens"] >= 0


@SENT
def test_it_answers_whole_where_they_ask_so(site: Site, body: dict[str, Any]) -> None:
    sent = {name: value for name, value in body.items() if name != "stream_options"}
    with site.client(headers=HEADERS) as client:
        answer = client.post("/v1/chat/completions", json={**sent, "stream": False}).json()
    assert answer["choices"][0]["message"]["content"] and answer["object"] == "chat.completion"


def test_it_lists_models_as_they_read_them(site: Site) -> None:
    with site.client(headers=HEADERS) as client:
        listed = client.get("/v1/models").json()
    assert all(isinstance(one["id"], str) and one["object"] == "model" for one in listed["data"])
