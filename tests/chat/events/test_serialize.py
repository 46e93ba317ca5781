from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Event, Failed, Sources, Token
from chat.events.serialize import HEARTBEAT, EventDecoder, done_from, encode, payload, sources_from
from chrysopedia.core.text import without_unseen
from tests.chat.sample_turns import SOURCES, TURN, done, judged_turn, stream_of

WIRE = HEARTBEAT + stream_of(judged_turn()) + HEARTBEAT


def events_in(*pieces: bytes) -> list[tuple[int, Event]]:
    reader = EventDecoder()
    return [found for piece in pieces for found in reader.feed(piece)]


@given(st.lists(st.integers(0, len(WIRE)), max_size=20))
def test_it_reads_the_same_events_however_they_are_cut(cuts: list[int]) -> None:
    pieces = [WIRE[first:last] for first, last in pairwise([0, *sorted(cuts), len(WIRE)])]
    assert events_in(*pieces) == list(enumerate(judged_turn(), start=1))


def test_it_reads_back_what_went_over_the_wire() -> None:
    events = judged_turn()
    assert events_in(stream_of(events)) == list(enumerate(events, start=1))


def test_it_reads_an_error_back() -> None:
    failed = Failed("internal", "It broke.", retryable=True, conversation_id=TURN, turn_id=TURN)
    assert events_in(encode(failed, number=3)) == [(3, failed)]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_it_reads_back_of_any_token_what_can_be_seen(text: str) -> None:
    sent = Token(without_unseen(text))
    assert events_in(HEARTBEAT + encode(Token(text), number=9)) == [(9, sent)]


@given(st.integers(min_value=0, max_value=5000))
def test_it_reads_the_events_that_are_all_there(cut: int) -> None:
    data = stream_of(judged_turn())
    whole = data[:cut].count(b"\n\n")
    assert [number for number, _ in events_in(data[:cut])] == list(range(1, whole + 1))


def test_it_passes_over_members_that_came_later() -> None:
    assert done_from({**payload(done()), "mood": "fine"}) == done()
    assert sources_from([{**payload(Sources(SOURCES))[0], "mood": "fine"}]) == SOURCES[:1]


def test_it_gives_members_that_a_row_is_too_old_for_their_defaults() -> None:
    stored = payload(done())
    del stored["voice_note"], stored["grounding"]["bare"]
    read = done_from(stored)
    assert (read.voice_note, read.grounding) == (None, replace(done().grounding, bare=()))


@pytest.mark.parametrize(
    "data", [b"event: sources\ndata: {}\n\n", b"id: 1\nevent: odd\ndata: 1\n\n", b"a\ndata: b\n\n"]
)
def test_it_refuses_what_is_no_log(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        events_in(data)


def test_it_knows_no_sources_from_an_empty_list() -> None:
    assert events_in(encode(Sources(()), number=1)) == [(1, Sources(()))]
