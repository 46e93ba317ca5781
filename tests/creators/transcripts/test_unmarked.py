"""Speech without full stops is parted where people would breathe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.ingest.chunking import chunk
from creators.transcripts.segments import Mark, Segment
from creators.transcripts.sentences import chunk_spans, spoken_spans
from creators.transcripts.unmarked import MOST_WORDS

LINES = (
    "so today we are looking at the lathe",
    "you turn it on with the left hand",
    "the bowl came from a tree in my garden",
    "i think it had been dead for about a year",
    "so before you cut anything you want it round",
    "now the gouge has to be sharp",
    "i sharpen it every time i sit down",
    "when it stops cutting i do it again",
)


def captions(lines: tuple[str, ...] = LINES, *, seconds: float = 3.0, speech: float = 3.0) -> list[Segment]:
    return [Segment(line, at * seconds, at * seconds + speech) for at, line in enumerate(lines)]


def parted(lines: tuple[str, ...], **times: float) -> list[str]:
    (draft,) = chunk(captions(lines, **times))
    return [draft.text[begin:end] for begin, end in chunk_spans(draft.text, draft.marks)]


def test_it_parts_captions_where_a_sentence_would_begin() -> None:
    assert parted(LINES) == list(LINES)


def test_it_finds_where_a_thought_begins_within_a_line() -> None:
    words = " ".join(LINES).split()
    lines = tuple(" ".join(words[at : at + 7]) for at in range(0, len(words), 7))
    begins = {piece.split()[0] for piece in parted(lines)}
    assert {"so", "now", "i"} <= begins


def test_it_keeps_no_piece_longer_than_can_be_read() -> None:
    lines = ("salt and pepper and oil and vinegar and bread and butter and milk",) * 30
    assert max(len(piece.split()) for piece in parted(lines[:12])) <= MOST_WORDS


def test_it_parts_at_a_silence() -> None:
    lines = ("burnish the rim", "wax the foot of the pot")
    assert parted(lines, seconds=60.0, speech=2.0) == list(lines)


def test_it_leaves_marked_sentences_as_they_are() -> None:
    lines = ("So today we look at the lathe. You turn it", "on with the left hand. The bowl came", "from my garden.")
    assert parted(lines) == [
        "So today we look at the lathe.",
        "You turn it on with the left hand.",
        "The bowl came from my garden.",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("今日はろくろの話をします", "まず土を練ります", "それから中心を出します", "水は少しだけ使います"),
        ("היום נדבר על המחרטה שלי בבית", "הקערה באה מעץ שעמד בגינה", "לפני שחותכים צריך לייבש אותה היטב"),
    ],
)
def test_it_parts_at_lines_where_it_does_not_know_the_words(lines: tuple[str, ...]) -> None:
    assert parted(lines) == list(lines)


@given(st.lists(st.sampled_from(["so", "the", "pot", "is", "i", "warm,", "土を練る", "it's", "end."]), max_size=150))
def test_it_loses_no_word_and_makes_none_longer(words: list[str]) -> None:
    text = " ".join(words)
    marks = [Mark(match, float(match), None) for match in range(0, len(text), 40)]
    pieces = [text[begin:end] for begin, end in spoken_spans(text, marks)]
    assert " ".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(piece.strip() == piece != "" for piece in pieces)
