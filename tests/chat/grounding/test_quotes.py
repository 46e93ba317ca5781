from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Passage
from chat.grounding.citations import citations_of
from chat.grounding.quote_runs import Quote
from chat.grounding.quote_scores import QuoteQuery
from chat.grounding.quotes import best_quotes, quoted_answer
from chrysopedia.core.text import stem
from creators.ingest.chunking import chunk
from creators.transcripts.segments import Mark, Segment
from creators.transcripts.sentences import sentence_spans
from creators.transcripts.unmarked import MOST_WORDS
from tests.chat.passages import TEXT, passage

INTERVIEW = "Jonas: Which ratio do you use then? Mara: I use three to one on every single voice."
SPEAKERS = (
    Mark(0, 0.0, 0.0, "Jonas"),
    Mark(7, 0.0, 4.0, "Jonas"),
    Mark(36, 4.0, 4.0, "Mara"),
    Mark(42, 4.0, 9.0, "Mara"),
)


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Give all texts the same vector: the words alone decide."""
    return np.ones((len(texts), 1), np.float32)


def asking(text: str, *terms: str, context: str = "") -> QuoteQuery:
    return QuoteQuery(text, np.ones(1, np.float32), {stem(term): 1.0 for term in terms}, context)


def chosen(passages: Sequence[Passage], *terms: str, query: str = "What?", said: str = "") -> tuple[Quote, ...]:
    return best_quotes(passages, query=asking(query, *terms), embed=embed, said=said)


def quoted(passages: Sequence[Passage], *terms: str, query: str = "What?", asked: str = "", said: str = "") -> str:
    quotes = chosen(passages, *terms, query=query, said=said)
    return "".join(quoted_answer(quotes, passages, asked=asked))


def test_it_quotes_the_sentence_with_the_questions_words() -> None:
    answer = quoted([passage()], "attack", query="How long is the attack?", asked="mara-lindqvist")
    assert answer.startswith("“The attack is 20 ms.")


def test_it_prefers_a_figure_where_one_is_asked_for() -> None:
    passages = [passage(text="The attack matters a great deal."), passage(text="The attack is 20 ms.")]
    assert quoted(passages, "attack", query="How long is the attack?").startswith("Mara Lindqvist: “The attack is 20")


def test_it_prefers_figures_of_what_is_asked_about_to_those_of_another_thing() -> None:
    other = passage(
        text="For a long tail after the lead I compress the return from the vocal. Ratio 4:1, attack 10 ms."
    )
    right = replace(
        passage(text="First the compressor. Ratio, 3 to 1. Attack, 20 ms."), title="Compressing a lead vocal"
    )
    query = "What ratio and attack for a lead vocal?"
    assert "4:1" not in quoted([other, right], "ratio", "attack", "lead", "vocal", query=query)
    assert "4:1" in quoted([other], "ratio", "attack", "lead", "vocal", query=query)


def test_it_keeps_to_the_thing_that_a_follow_up_hangs_on() -> None:
    other = passage(text="When the lead has a long tail I compress the return. Ratio 4:1, release 250 ms.")
    right = replace(passage(text="The first one. Ratio, 3 to 1. Release, 120 ms."), title="Compressing a lead vocal")
    query = asking("And the release?", "release", "lead", "vocal", context="What ratio on a lead vocal?")
    (first, *_) = best_quotes([other, right], query=query, embed=embed)
    assert first.number == 2


@pytest.mark.parametrize(
    ("point", "is_quoted"), [("The attack of a snare is 10 ms.", True), ("Then I go home by bike.", False)]
)
def test_it_does_not_stop_just_before_a_sentence_as_good(point: str, is_quoted: bool) -> None:
    before = "The attack of a kick is 20 ms. " + " ".join(["It took me one more whole year to hear all of that."] * 4)
    answer = quoted([passage(text=f"{before} {point}")], "attack", query="How long is the attack?")
    assert (f"all of that. {point}" in answer) == is_quoted


def test_it_names_who_speaks_where_another_was_asked() -> None:
    assert quoted([passage()], "attack", asked="somebody-else").startswith("Mara Lindqvist: “")


def test_it_quotes_who_speaks_without_the_label() -> None:
    talk = Passage(**{name: getattr(passage(text=INTERVIEW), name) for name in Passage.__slots__} | {"marks": SPEAKERS})
    assert "Mara: “I use three to one on every single voice.” [1]" in quoted([talk], "ratio", "voice")


def captions(*lines: tuple[float, str]) -> Passage:
    """Return a passage of captions, each given by the second at which it begins."""
    (draft,) = chunk([Segment(text, second, second + 3) for second, text in lines])
    return replace(passage(text=draft.text), marks=draft.marks)


BENCH = (
    "so today we look at the bench",
    "i keep the bench waxed because then nothing sticks to it",
    "now the vice is something i bought from a school that closed",
    "it holds the board while you plane it",
    "so the jaws of the vice have leather on them and i glue that with hide glue",
    "then you want to check that the board is flat",
    "i use a straight edge that my father made",
)


def test_it_quotes_few_words_of_speech_without_full_stops() -> None:
    talk = captions(*((3.0 * at, line) for at, line in enumerate(BENCH)))
    quotes = chosen([talk], "jaws", "leather", query="What is on the jaws?")
    assert quotes[0].start == talk.text.index("so the jaws")
    assert all(len(talk.text[quote.start : quote.end].split()) <= MOST_WORDS for quote in quotes)


def test_it_cites_the_second_of_the_words_it_quotes() -> None:
    talk = captions(*((3.0 * at, line) for at, line in enumerate(BENCH)))
    (citation, *_) = citations_of(quoted([talk], "jaws", "leather", query="What is on the jaws?"), [talk])
    assert citation.start_seconds == 12.0


def test_it_quotes_nothing_from_beyond_a_silence() -> None:
    talk = captions((0.0, "How much talc?"), (3.0, "Nine percent."), (40.0, "The lid was repaired last summer."))
    assert "lid" not in quoted([talk], "talc", query="How much talc goes in?")


def test_it_quotes_a_sentence_of_three_words() -> None:
    talk = captions((0.0, "Bone ash opacifies."), (20.0, "The lid of the other kiln was repaired last summer."))
    assert "“Bone ash opacifies.” [1]" in quoted([talk], "bone", "ash", query="What does bone ash do?")


def test_it_knows_who_says_what_it_quotes() -> None:
    names = {"Jonas": "Jonas", "Mara": "Mara Lindqvist"}
    talk = replace(passage(text=INTERVIEW), marks=SPEAKERS, names=names)
    answer = quoted([talk], "ratio", "voice", asked="mara-lindqvist")
    assert "“I use three to one on every single voice.” [1]" in answer
    assert "Mara: “" not in answer
    assert {one.speaker for one in citations_of("“I use three to one on every single voice.” [1]", [talk])} == {
        names["Mara"]
    }


def test_it_does_not_quote_a_sentence_twice() -> None:
    assert quoted([passage(), passage()], "attack").count("The attack is 20 ms.") == 1


def test_it_does_not_repeat_what_it_said_before() -> None:
    assert "20 ms" not in quoted([passage()], "attack", said="“The attack is 20 ms.”")


def test_it_repeats_itself_where_there_is_nothing_else() -> None:
    assert quoted([passage()], "attack", said=TEXT)


def test_it_keeps_a_number_in_brackets_from_being_a_marker() -> None:
    assert "(12)" in quoted([passage(text="The attack is explained in note [12] below.")], "attack")


def test_it_knows_what_it_said_before_whatever_the_line_breaks() -> None:
    wrapped = passage(text="The attack\nis 20 ms, as always. Then I listen to the whole song again.")
    assert "20 ms" not in quoted([wrapped], "attack", said="“The attack is 20 ms, as always.”")


def test_it_quotes_what_a_sentence_points_at_with_it() -> None:
    text = "The old tape machine hisses. It adds a warm bump near 80 hertz to the bass."
    assert quoted([passage(text=text)], "bump", "bass") == f"Mara Lindqvist: “{text}” [1]"


def test_it_says_whose_the_figures_are_that_it_quotes() -> None:
    text = "The vocal is dry. On the return I put a compressor. Ratio 4:1, attack 10 ms. It steps aside."
    assert "“On the return I put a compressor. Ratio 4:1" in quoted([passage(text=text)], "ratio", "attack")


def test_it_prefers_the_work_whose_title_names_what_is_asked_of() -> None:
    titled = [passage(text="The attack is 20 ms."), replace(passage(text="The attack is 30 ms."), title="A vocal")]
    assert quoted(titled, "attack", "vocal").startswith("Mara Lindqvist: “The attack is 30 ms.")


def test_it_prefers_what_can_be_read_alone() -> None:
    text = "It tames the harsh top of a cymbal. A soft brush tames the harsh top of a ride cymbal as well."
    assert quoted([passage(text=text)], "harsh", "cymbal").startswith("Mara Lindqvist: “A soft brush")


def test_it_quotes_what_points_at_something_where_there_is_nothing_else() -> None:
    assert "It tames" in quoted([passage(text="It tames the harsh top of a cymbal.")], "cymbal")


def test_it_takes_the_answer_after_an_announcement() -> None:
    text = "Let me tell you how I tune a snare. Loosen every rod, then tighten opposite pairs by a quarter turn each."
    assert quoted([passage(text=text)], "tune", "snare").startswith("Mara Lindqvist: “Loosen every rod")


def test_it_takes_the_reply_to_a_question() -> None:
    talk = Passage(**{name: getattr(passage(text=INTERVIEW), name) for name in Passage.__slots__} | {"marks": SPEAKERS})
    assert quoted([talk], "ratio") == "Mara: “I use three to one on every single voice.” [1]"


def test_it_does_not_say_the_same_twice_in_other_signs() -> None:
    others = [passage(text="So, the gate opens in 5 ms."), passage(text="The gate opens in five ms!")]
    assert quoted(others, "gate").count("gate") == 1


def test_it_keeps_sentences_apart_that_differ_in_their_figures() -> None:
    text = "For hats the swing is 54 percent here. For claps I wait. For rims the swing is 62 percent here."
    answer = quoted([passage(text=text)], "swing", query="How much swing?")
    assert "54" in answer and "62" in answer


def test_it_adds_nothing_to_a_sentence_that_gives_the_figure() -> None:
    text = "The gate opens in 5 ms. Weather has been lovely and warm around here in the last few weeks."
    assert quoted([passage(text=text)], "gate", query="How fast does the gate open?").count("“") == 1


def test_it_lets_a_short_sentence_go_on() -> None:
    text = "Backing voices are different. Squeeze them hard and keep them still."
    assert quoted([passage(text=text)], "backing", "voices") == f"Mara Lindqvist: “{text}” [1]"


def test_it_quotes_nobody_but_whom_the_question_names() -> None:
    said = replace(passage(text=INTERVIEW), marks=SPEAKERS)
    quotes = best_quotes([said], query=asking("", "ratio"), embed=embed, speaker="Jonas")
    assert {quote.speaker for quote in quotes} == {"Jonas"}


def test_it_never_quotes_two_people_as_one() -> None:
    talk = Passage(**{name: getattr(passage(text=INTERVIEW), name) for name in Passage.__slots__} | {"marks": SPEAKERS})
    assert "Mara:" not in "".join(INTERVIEW[quote.start : quote.end] for quote in chosen([talk], "ratio", "then"))


SENTENCES = (
    "The gate opens in 5 ms.",
    "It does.",
    "And then?",
    "Let me show you two things.",
    "A gate is a door.",
    "So.",
)
TEXTS = st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=4)


@given(TEXTS)
def test_it_always_quotes_whole_sentences_of_a_passage(texts: list[str]) -> None:
    passages = [passage(text=text) for text in texts]
    quotes = chosen(passages, "gate")
    assert quotes
    for quote in quotes:
        text = passages[quote.number - 1].text
        assert (quote.start, quote.end) == (
            min(start for start, end in sentence_spans(text) if start >= quote.start),
            max(end for start, end in sentence_spans(text) if end <= quote.end),
        )


@given(TEXTS)
def test_it_never_quotes_a_place_twice(texts: list[str]) -> None:
    quotes = chosen([passage(text=text) for text in texts], "gate")
    taken = [(quote.number, place) for quote in quotes for place in range(quote.start, quote.end)]
    assert len(taken) == len(set(taken))


def test_it_makes_one_quote_of_runs_that_stand_side_by_side() -> None:
    text = "Parallel compression. This is for a vocal that is thin. I send it to a bus and compress hard there."
    assert quoted([passage(text=text)], "bus", "hard", "there", "vocal").endswith(f"“{text}” [1]")


def test_it_quotes_more_beside_a_sentence_of_no_word_that_counts() -> None:
    talk = passage(text="The attack is slow. Why?\n\n\nThe release is a matter of the whole song.")
    assert "release" in quoted([talk, passage(text="Nobody hears a fast release.")], "attack", "release")
