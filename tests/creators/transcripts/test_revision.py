"""A chunk as a curator has it read, made of what was said."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from creators.transcripts.revision import Changes, ChunkText, revised
from creators.transcripts.segments import Correction, Mark, as_heard

PLAIN = ChunkText(
    "Use OTT lightly. Then listen. And stop.",
    (Mark(0, 1.0, 3.0, "", True), Mark(17, 3.0, 5.0, "", True), Mark(30, 5.0, 6.0, "", True)),
    (Correction(4, 3, "oh tea tea"),),
)
NAMED = ChunkText(
    "Mara: Use it lightly. Then listen. Guest: I never do.",
    (
        Mark(0, 1.0, 1.0, "Mara", True),
        Mark(6, 1.0, 3.0, "Mara"),
        Mark(22, 3.0, 5.0, "Mara", True),
        Mark(35, 5.0, 5.0, "Guest", True),
        Mark(42, 5.0, 6.0, "Guest"),
    ),
)


def test_it_is_what_was_said_without_changes() -> None:
    assert revised(PLAIN, Changes()) == PLAIN
    assert revised(NAMED, Changes()) == NAMED


def test_it_rewords_a_sentence_and_keeps_what_was_heard() -> None:
    now = revised(PLAIN, Changes(texts={0: "Use it.", 1: "Listen to all of it then."}))
    assert now.text == "Use it. Listen to all of it then. And stop."
    assert now.sentences == ["Use it.", "Listen to all of it then.", "And stop."]
    assert as_heard(now.text, now.corrections) == "Use oh tea tea lightly. Then listen. And stop."
    assert [mark.start for mark in now.marks] == [1.0, 3.0, 5.0]


def test_it_keeps_corrections_of_other_sentences_where_they_stand() -> None:
    now = revised(
        replace(PLAIN, corrections=(Correction(22, 6, "glisten"),)), Changes(texts={0: "Use OTT very lightly."})
    )
    assert as_heard(now.text, now.corrections) == "Use OTT lightly. Then glisten. And stop."


def test_it_sets_a_speaker_without_touching_a_text_without_names() -> None:
    now = revised(PLAIN, Changes(speakers={1: "Ana"}))
    assert now.text == PLAIN.text
    assert [mark.speaker for mark in now.marks] == ["", "Ana", ""]


def test_it_sets_a_speaker_where_one_mark_spans_sentences() -> None:
    now = revised(ChunkText("It is on. It is off. It is on.", (Mark(0, 0.0, 30.0),)), Changes(speakers={1: "Ana"}))
    assert [now.speaker_at(begin) for begin, _ in now.spans] == ["", "Ana", ""]


def test_it_puts_names_where_the_speaker_changes() -> None:
    now = revised(NAMED, Changes(speakers={1: "Guest"}))
    assert now.text == "Mara: Use it lightly. Guest: Then listen. I never do."
    assert now.sentences == NAMED.sentences
    assert [now.speaker_at(begin) for begin, _ in now.spans] == ["Mara", "Guest", "Guest"]


def test_it_takes_a_name_away_that_stands_there_twice() -> None:
    assert revised(NAMED, Changes(speakers={2: "Mara"})).text == "Mara: Use it lightly. Then listen. I never do."


WORDS = st.text("ab .:\n", min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
NAMES = st.sampled_from(["Mara", "Guest", "Ana"])


@given(
    said=st.sampled_from([PLAIN, NAMED]),
    texts=st.dictionaries(st.integers(0, 2), WORDS),
    speakers=st.dictionaries(st.integers(0, 2), NAMES),
)
def test_it_holds_whatever_is_changed(said: ChunkText, texts: dict[int, str], speakers: dict[int, str]) -> None:
    now = revised(said, Changes(texts=texts, speakers=speakers))
    offsets = [mark.offset for mark in now.marks]
    assert offsets == sorted(set(offsets))
    assert now.sentences == [texts.get(number, one) for number, one in enumerate(said.sentences)]
    labels = [speakers.get(at, said.speaker_at(begin)) for at, (begin, _) in enumerate(said.spans)]
    assert [now.speaker_at(begin) for begin, _ in now.spans] == labels
    heard = "".join(as_heard(now.text, now.corrections, start=begin, end=end) for begin, end in now.spans)
    assert heard == "".join(as_heard(said.text, said.corrections, start=begin, end=end) for begin, end in said.spans)
