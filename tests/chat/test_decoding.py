"""Events read back from bytes and from what was kept."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chat.decoding import EventReader, done_from, sources_from
from chat.events import Done, Event
from chat.renderers.plain import payload
from chat.renderers.sse import HEARTBEAT, block
from tests.chat.turns import judged_turn

TURN = judged_turn()
WIRE = HEARTBEAT + b"".join(block(event, number=number) for number, event in enumerate(TURN, start=1)) + HEARTBEAT


def read(pieces: list[bytes]) -> list[tuple[int, Event]]:
    reader = EventReader()
    return [found for piece in pieces for found in reader.feed(piece)]


@given(st.lists(st.integers(0, len(WIRE)), max_size=20))
def test_it_reads_the_same_events_however_they_are_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(WIRE)]
    pieces = [WIRE[first:last] for first, last in pairwise(edges)]
    assert read(pieces) == list(enumerate(TURN, start=1))


def test_it_reads_what_was_kept_and_passes_over_members_added_later() -> None:
    done = next(event for event in TURN if isinstance(event, Done))
    assert done_from({**payload(done), "later": 1}) == done
    assert sources_from(payload(TURN[0])) == TURN[0].sources  # type: ignore[arg-type, union-attr]  # the sources come first
