"""Stretches of a text cut otherwise: the same sentences, times, speakers and corrections, whatever the cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.transcripts.cutting import begins_in, joined, recut
from creators.transcripts.revision import ChunkText
from creators.transcripts.segments import Correction, Mark, as_heard

FIRST = ChunkText(
    "Mara: Use it lightly. Then listen. Guest: I never do.",
    (
        Mark(0, 0.0, 0.0, "Mara", opens=True),
        Mark(6, 0.0, 2.0, "Mara"),
        Mark(22, 2.0, 4.0, "Mara", opens=True),
        Mark(35, 4.0, 4.0, "Guest", opens=True),
        Mark(42, 4.0, 6.0, "Guest"),
    ),
    (Correction(13, 7, "lightely"),),
)
SECOND = ChunkText(
    "Guest: I never do. Not in the serum. Mara: Then try.",
    (
        Mark(0, 4.0, 4.0, "Guest", opens=True),
        Mark(7, 4.0, 6.0, "Guest"),
        Mark(19, 6.0, 8.0, "Guest", opens=True),
        Mark(37, 8.0, 8.0, "Mara", opens=True),
        Mark(43, 8.0, 9.0, "Mara"),
    ),
    (Correction(30, 5, "sea rum"),),
)
BOTH = [FIRST, SECOND]
SENTENCES = ["Use it lightly.", "Then listen.", "I never do.", "Not in the serum.", "Then try."]
HEARD = ["Use it lightely.", *SENTENCES[1:3], "Not in the sea rum.", "Then try."]


def heard(said: ChunkText) -> list[str]:
    return [as_heard(said.text, said.corrections, start=begin, end=end) for begin, end in said.spans]


def told(said: ChunkText) -> list[tuple[str, float | None]]:
    """Return who says each sentence, and when."""
    by_offset = {mark.offset: mark for mark in said.marks}
    return [(said.speaker_at(begin), by_offset[begin].start) for begin, _ in said.spans]


def test_it_says_once_what_two_share() -> None:
    whole = joined(BOTH)
    assert whole.text == "Mara: Use it lightly. Then listen. Guest: I never do. Not in the serum. Mara: Then try."
    assert begins_in(BOTH) == [0, 2]


def test_it_keeps_a_sentence_that_is_said_twice_at_other_times() -> None:
    later = ChunkText("Guest: I never do.", (Mark(0, 9.0, 9.0, "Guest", opens=True), Mark(7, 9.0, 9.5, "Guest")))
    assert joined([FIRST, later]).sentences == [*SENTENCES[:3], "I never do."]


def test_it_begins_a_passage_with_the_name_of_whoever_goes_on() -> None:
    first, second = recut(BOTH, [1, 4])
    assert first.text == "Mara: Use it lightly."
    assert second.text.startswith("Mara: Then listen. Guest: I never do.")


def test_it_puts_no_name_into_a_text_without_names() -> None:
    marks = (Mark(0, 0.0, 3.0, "Mara", opens=True), Mark(10, 3.0, 5.0, "Mara", opens=True))
    plain = ChunkText("It is on. It is off.", marks)
    assert [one.text for one in recut([plain], [1, 1])] == ["It is on.", "It is off."]


def test_it_is_what_it_was_where_it_is_cut_as_it_was() -> None:
    assert recut([FIRST], [3]) == [FIRST]


@pytest.mark.parametrize("counts", [[5, 1], [4], [0, 5], [6, -1]])
def test_it_refuses_more_or_fewer_sentences_than_there_are(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="5 sentences can't be cut"):
        recut(BOTH, counts)


@given(cuts=st.sets(st.integers(1, 4)))
def test_it_holds_wherever_it_is_cut(cuts: set[int]) -> None:
    ends = [*sorted(cuts), 5]
    pieces = recut(BOTH, [end - begin for begin, end in zip([0, *ends], ends, strict=False)])
    assert [one for piece in pieces for one in piece.sentences] == SENTENCES
    assert [one for piece in pieces for one in heard(piece)] == [
        "Use it lightely.",
        *SENTENCES[1:3],
        "Not in the sea rum.",
        "Then try.",
    ]
    assert [one for piece in pieces for one in told(piece)] == [
        ("Mara", 0.0),
        ("Mara", 2.0),
        ("Guest", 4.0),
        ("Guest", 6.0),
        ("Mara", 8.0),
    ]
    assert all(piece.marks[0].offset == 0 and piece.marks[0].opens for piece in pieces)
