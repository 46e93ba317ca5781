import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.citations import citations_of
from chat.grounding.claims import claims
from chat.grounding.markers import numbers_in
from creators.transcripts.segments import Correction
from tests.chat.passages import TEXT, passage


def claimed(answer: str) -> list[str]:
    return [answer[start:end] for start, end in claims(answer)]


def test_it_cites_the_sentence_that_a_claim_rests_on() -> None:
    (citation,) = citations_of("She uses an attack of 20 ms [1].", [passage()])
    assert citation.quote == "The attack is 20 ms."


def test_it_gives_the_seconds_of_that_sentence() -> None:
    (citation,) = citations_of("She uses an attack of 20 ms [1].", [passage()])
    assert citation.start_seconds == pytest.approx(10 + 10 * TEXT.index("The attack") / len(TEXT), abs=0.01)


def test_it_links_to_that_sentence() -> None:
    (citation,) = citations_of("The attack is 20 ms [1].", [passage(url="https://youtu.be/x")])
    assert citation.url == "https://youtu.be/x?t=11s"


def test_it_gives_a_marker_after_the_full_stop_to_the_sentence_before() -> None:
    assert claimed("Set 3:1. [1] Then wait. [2]") == ["Set 3:1. [1]", "Then wait. [2]"]


def test_it_cites_each_source_of_a_sentence() -> None:
    citations = citations_of("Both say 20 ms [2][1].", [passage(), passage()])
    assert [citation.number for citation in citations] == [2, 1]


def test_it_leaves_a_sentence_without_a_marker_uncited() -> None:
    assert [c.claim for c in citations_of("I think so. Set 3:1 [1].", [passage()])] == ["Set 3:1."]


def test_it_prefers_the_rare_word() -> None:
    (citation,) = citations_of("Listen to the song [1].", [passage()])
    assert citation.quote == "Then I listen to the whole song again."


@given(st.text(alphabet="ab. [12]\n!", max_size=80))
def test_it_never_loses_a_marker(answer: str) -> None:
    cited = {citation.number for citation in citations_of(answer, [passage(), passage()])}
    assert cited == {number for number in numbers_in(answer) if number in (1, 2)}


@given(st.text(alphabet="ab. [12]\n!", max_size=80))
def test_it_gives_offsets_within_the_answer(answer: str) -> None:
    spans = list(claims(answer))
    assert all(0 <= start < end <= len(answer) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_it_shows_what_was_heard_where_the_glossary_put_a_quote_right() -> None:
    text = "Cut the low end. I open up Serum."
    corrected = replace(passage(text=text), corrections=(Correction(text.index("Serum"), 5, "seerum"),))
    low, synth = citations_of("Cut the low end [1]. Open up Serum [1].", [corrected])
    assert (low.quote, low.heard) == ("Cut the low end.", "")
    assert (synth.quote, synth.heard) == ("I open up Serum.", "I open up seerum.")


def test_it_gives_the_sentences_around_the_quote() -> None:
    (citation,) = citations_of("She uses an attack of 20 ms [1].", [passage()])
    before, after = TEXT.split(citation.quote)
    assert citation.before and before.strip().endswith(citation.before)
    assert citation.after and after.strip().startswith(citation.after)
