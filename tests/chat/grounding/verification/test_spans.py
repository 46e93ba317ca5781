"""A claim rests on the sentence that says most of it, or on a few lines of talk without full stops."""

from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.verification.segments import LONG, best_segment, segments_of
from chat.grounding.verification.similarity import AnalysedText, similarity_matrix
from creators.transcripts.segments import Mark

LINES = [
    "so the first thing that I do in the morning is I open all the windows in here",
    "and then I feed the starter with rye flour and a bit of warm water from the kettle",
    "while that bubbles I get the big bowl out and weigh the salt on the little scale",
    "the oven goes on at about five because the stone inside of it takes an hour to heat",
]
TALK = "\n".join(LINES).replace("\n", " ")
MARKS = tuple(Mark(TALK.index(line), 10.0 * at, 10.0 * at + 10) for at, line in enumerate(LINES))


def place(claim: str, text: str, marks: tuple[Mark, ...] = ()) -> str:
    own, passage = AnalysedText(claim), AnalysedText(text)
    return text[slice(*best_segment(segments_of(text, marks), own, passage, similarity_matrix(own, passage)))]


def test_it_finds_the_sentence() -> None:
    text = "I open the windows. I feed the starter with rye flour. The oven heats for an hour."
    assert place("The starter is fed with rye.", text) == "I feed the starter with rye flour."


def test_it_finds_the_sentence_that_has_the_figure() -> None:
    text = "The oven is hot. The oven is at 230 degrees. The oven is old."
    assert place("The oven is at 230 degrees.", text) == "The oven is at 230 degrees."


def test_it_parts_talk_without_full_stops_between_its_lines() -> None:
    assert [TALK[start:end] for start, end in segments_of(TALK, MARKS)] == LINES


def test_it_finds_the_lines_of_a_claim_in_such_talk() -> None:
    assert place("The starter gets rye flour and warm water.", TALK, MARKS) == LINES[1]


def test_it_joins_short_lines() -> None:
    marks = tuple(Mark(index, 0.0, 1.0) for index, letter in enumerate(TALK) if index and TALK[index - 1] == " ")
    assert all(len(TALK[start:end].split()) > 5 for start, end in segments_of(TALK, marks))


def test_it_parts_such_talk_by_words_where_nobody_knows_its_lines() -> None:
    assert len(segments_of(TALK)) > 1


def test_it_leaves_a_sentence_of_common_length_whole() -> None:
    assert segments_of(LINES[0], (Mark(20, 0.0, 1.0),)) == [(0, len(LINES[0]))]


def test_it_has_a_place_in_a_text_without_words() -> None:
    assert segments_of("") == [(0, 0)]
    assert place("The oven is at 230 degrees.", "…") == "…"


@given(st.text(alphabet="ab .\n", max_size=400), st.lists(st.integers(0, 400), max_size=9))
def test_it_parts_a_text_into_pieces_that_hold_all_of_it(text: str, offsets: list[int]) -> None:
    pieces = segments_of(text, [Mark(offset, 0.0, 1.0) for offset in sorted(offsets)])
    assert "".join("".join(text[start:end].split()) for start, end in pieces) == "".join(text.split())


@given(st.integers(1, 300))
def test_it_makes_no_piece_of_talk_long(words: int) -> None:
    text = " ".join(["word"] * words)
    assert all(len(text[start:end].split()) <= LONG for start, end in segments_of(text))
