"""Corrected segments: every sentence keeps its second, and what was heard can be shown again."""

from hypothesis import given
from hypothesis import strategies as st

from creators.glossary import Rule, corrected_segments
from creators.ingest.chunking import chunk
from creators.transcripts import Segment
from creators.transcripts.segments import as_heard

RULES = (Rule("seerum", "Serum"), Rule("o t t", "OTT"), Rule("ama piano", "amapiano"))


def test_it_corrects_a_phrase_that_reaches_over_a_segment() -> None:
    run = [Segment("So in ama", 1, 4), Segment("piano, it's different", 4, 8), Segment("for me.", 8, 9)]
    first, second, _ = corrected_segments(run, RULES)
    assert (first.text, second.text) == ("So in amapiano,", "it's different")
    assert 4 < (first.end or 0) <= (second.start or 0) < 6


def test_it_leaves_no_segment_without_words() -> None:
    run = [Segment("I put o", 1, 2), Segment("t", 2, 3), Segment("t", 3, 4), Segment("there.", 4, 5)]
    assert [(one.text, one.start, one.end) for one in corrected_segments(run, RULES)] == [
        ("I put OTT", 1, 4),
        ("there.", 4, 5),
    ]


def test_it_reaches_over_no_paragraph_and_no_speaker() -> None:
    run = [Segment("ama", speaker="A"), Segment("piano", speaker="B"), Segment("ama"), Segment("piano", paragraph=True)]
    assert corrected_segments(run, RULES) == tuple(run)


def test_it_keeps_the_corrections_of_a_chunk_with_their_places() -> None:
    segments = [Segment("I open seerum.", 0, 2, "A"), Segment("Then o t t.", 2, 4, "B")]
    (draft,) = chunk(corrected_segments(segments, RULES))
    assert draft.text == "A: I open Serum.\nB: Then OTT."
    assert [draft.text[one.offset :][: one.length] for one in draft.corrections] == ["Serum", "OTT"]
    assert as_heard(draft.text, draft.corrections) == "A: I open seerum.\nB: Then o t t."


SAID = ["I open seerum.", "Put o t t on it.", "In ama piano I do.", "Listen."]
SENTENCES = st.lists(st.sampled_from(SAID), min_size=1)


@given(SENTENCES)
def test_it_gives_every_sentence_its_second(sentences: list[str]) -> None:
    segments = [Segment(text, 5.0 * n, 5.0 * n + 5) for n, text in enumerate(sentences)]
    after = corrected_segments(segments, RULES)
    for draft in chunk(after):
        for mark in draft.marks:
            assert draft.text.startswith(after[int((mark.start or 0) / 5)].text, mark.offset)


@given(SENTENCES, st.integers(1, 12))
def test_it_moves_no_word_far_from_its_second(sentences: list[str], size: int) -> None:
    words = " ".join(sentences).split()
    parts = [(n, words[n : n + size]) for n in range(0, len(words), size)]
    cues = [Segment(" ".join(part), float(n), float(n + len(part))) for n, part in parts]
    after = corrected_segments(cues, RULES)
    assert " ".join(as_heard(one.text, one.corrections) for one in after).split() == words
    assert all((one.end or 0) - (one.start or 0) <= size + 3 for one in after)
