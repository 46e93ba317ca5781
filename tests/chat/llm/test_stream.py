"""Bytes into deltas, without a network: packets, events, and the odd things that servers write."""

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Usage
from chat.llm.base import Delta, ModelError
from chat.llm.stream import AnswerReader, SseParser
from tests.model_server import wire

ANSWER = b": hello\r\n\r\n" + b"".join(wire.answer(["naïve – ", "日本🥁\u2028", "\n\n", "end [1]."])).replace(
    b"\n", b"\r\n"
)
PROPER = b"".join(wire.answer(["naïve – ", "日本🥁", " end [1]."]))
SPOILT = wire.text("Well, ") + b"data: {\n\n" + wire.text("never read")
FIELDS = st.sampled_from(["choices", "delta", "content", "usage", "error", "finish_reason"])
SCALARS = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner), max_leaves=12)


def read(*packets: bytes) -> list[Delta | str]:
    """The deltas of an answer that came in these packets, and the reason if it failed."""
    reader = AnswerReader()
    found: list[Delta | str] = []
    try:
        for packet in packets:
            found.extend(reader.feed(packet))
        found.extend(reader.close())
        return [*found, reader.last()]
    except ModelError as error:
        return [*found, error.reason]


def texts(*packets: bytes) -> list[str]:
    return [item.text for item in read(*packets) if isinstance(item, Delta) and item.text]


def together(found: list[Delta | str]) -> tuple[str, int, Delta | str]:
    """The text and the pieces of an answer however it was cut, and how it ended."""
    deltas = [item for item in found if isinstance(item, Delta)]
    return "".join(delta.text for delta in deltas), sum(delta.tokens for delta in deltas), found[-1]


@given(st.sampled_from([ANSWER, PROPER, SPOILT]), st.sets(st.integers(1, 2000)))
def test_it_does_not_matter_how_the_bytes_are_cut(whole: bytes, places: set[int]) -> None:
    cuts = [0, *sorted(place for place in places if place < len(whole)), len(whole)]
    packets = [whole[start:end] for start, end in pairwise(cuts)]
    assert together(read(*packets)) == together(read(whole))


@given(st.binary(max_size=200))
def test_it_turns_any_bytes_into_deltas_or_a_reason(data: bytes) -> None:
    assert read(b"data: " + data, b"\n\n")


@given(JSON)
def test_it_turns_any_json_into_deltas_or_a_reason(content: object) -> None:
    assert read(wire.event(content))


def test_it_joins_the_data_lines_of_one_event() -> None:
    assert texts(b'data: {"choices":\ndata: [{"delta": {"content": "a"}}]}\n\n') == ["a"]


def test_it_passes_over_comments_and_other_fields() -> None:
    assert texts(b": ping\n\nevent: x\nid: 7\nretry: 5\n" + wire.text("a")) == ["a"]


def test_it_needs_no_space_after_data() -> None:
    assert texts(wire.text("a").replace(b"data: ", b"data:")) == ["a"]


def test_it_needs_no_blank_line_at_the_end() -> None:
    assert read(wire.text("a"), b"data: [DONE]") == [Delta("a", tokens=1), Delta(finish="complete")]


def test_it_takes_half_an_event_for_a_cut() -> None:
    assert read(wire.text("a"), b'data: {"choices": [{"del')[-1] == "the answer broke off within a piece"


@pytest.mark.parametrize("escape", [r"\ud83d", r"\udc00", r"\u0000"])
def test_it_replaces_what_cannot_be_stored(escape: str) -> None:
    assert texts(b'data: {"choices": [{"delta": {"content": "a%b"}}]}\n\n' % escape.encode()) == ["a\ufffd"]


def test_it_keeps_characters_that_are_escaped_in_pairs() -> None:
    assert texts(rb'data: {"choices": [{"delta": {"content": "\ud83e\udd41"}}]}' + b"\n\n") == ["🥁"]


@pytest.mark.parametrize("choice", [{}, {"delta": None}, {"delta": {}}, {"delta": {"content": None}}])
def test_it_takes_missing_fields_for_no_text(choice: dict[str, object]) -> None:
    assert read(wire.event({"choices": [choice]}), wire.DONE) == [Delta(finish="complete")]


@pytest.mark.parametrize("choices", [[], None])
def test_it_takes_the_usage_of_a_chunk_without_choices(choices: object) -> None:
    cost = {"prompt_tokens": 3, "completion_tokens": 4}
    last = read(wire.event({"choices": choices, "usage": cost}), wire.finish())[-1]
    assert last == Delta(finish="complete", usage=Usage(3, 4))


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": "3"}, 7, [1]])
def test_it_takes_an_odd_usage_for_none(usage: object) -> None:
    assert read(wire.event({"choices": [], "usage": usage}), wire.DONE) == [Delta(finish="complete")]


@pytest.mark.parametrize(("reason", "finish"), [("stop", "complete"), ("eos", "complete"), ("max_tokens", "length")])
def test_it_knows_other_words_for_the_end(reason: str, finish: Literal["complete", "length"]) -> None:
    assert read(wire.finish(reason)) == [Delta(finish=finish)]


@pytest.mark.parametrize("content", [[], "text", 7, None, {"choices": [7]}, {"choices": [{"delta": {"content": 7}}]}])
def test_it_refuses_what_is_no_chunk(content: object) -> None:
    assert read(wire.event(content)) == ["a piece of the answer has the wrong shape"] or content is None


@pytest.mark.parametrize("error", [{"error": {"message": "m"}}, {"error": "m"}, {"object": "error", "message": "m"}])
def test_it_sees_an_error_in_every_form(error: dict[str, object]) -> None:
    assert read(wire.event(error), wire.DONE) == ["the model reported an error"]


def test_it_refuses_json_that_is_nested_without_end() -> None:
    assert read(b"data: " + b"[" * 200_000 + b"\n\n") == ["a piece of the answer is not JSON"]


@pytest.mark.parametrize("packet", [b"x" * 40, b"data: xxxxxxx\n" * 4, b": " + b"x" * 40])
def test_it_holds_no_more_than_its_limit(packet: bytes) -> None:
    with pytest.raises(ModelError, match="more than 32 bytes"):
        list(SseParser(limit=32).feed(packet))


def test_it_counts_anew_with_every_event() -> None:
    lines = SseParser(limit=32)
    assert [list(lines.feed(b"data: xxxxxxxxxxxxxxxx\n\n")) for _ in range(9)] == [[b"x" * 16]] * 9
