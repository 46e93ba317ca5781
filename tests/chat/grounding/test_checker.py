"""A checker checks each sentence of a streaming answer once, counts what stands on its sources, and never fails."""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Grounding, Span, Verdict
from chat.grounding.citations import NO_CLAIM, UNCHECKED, Checker, citations_of
from chat.grounding.verification.verifier import Finding, Verifier
from tests.chat.passages import passage

ANSWER = "She uses an attack of 20 ms [1]. The ratio is 4:1 [2][1]. Then she listens to the whole song again. Fine?"


class Counting(Checker):
    """Keeps what it checks, and fails where a sentence says so."""

    def __init__(self) -> None:
        super().__init__([passage(), passage(text="We walked along the harbour. It rained.")])
        self.checked: list[str] = []

    def _checked(self, claim: str, numbers: tuple[int, ...]) -> dict[int, Finding]:
        self.checked.append(claim)
        return super()._checked(claim, numbers)


class Reading(Checker):
    """Counts the characters in which it looks for sentences."""

    read = 0

    def _cited(self, answer: str) -> list[tuple[tuple[int, int], tuple[int, ...]]]:
        self.read += len(answer)
        return super()._cited(answer)


class Failing(Checker):
    """Looks for its evidence where there is none."""

    def __init__(self) -> None:
        super().__init__([passage()])
        self._verifier = Verifier(())


def grounding(answer: str, *, removed: int = 0) -> Grounding:
    checker = Checker([passage(), passage()])
    return checker.grounding(answer, checker.citations(answer), removed=removed)


def bare(answer: str) -> list[str]:
    return [answer[span.start : span.end] for span in grounding(answer).bare]


def test_it_checks_each_sentence_once_however_often_it_is_asked() -> None:
    checker = Counting()
    for end in range(len(ANSWER) + 1):
        checker.check(ANSWER[:end])
    checker.citations(ANSWER)
    checker.citations(ANSWER)
    cited = [claim for claim in checker.checked if "20 ms" in claim]
    assert cited == ["She uses an attack of 20 ms."]


def test_it_looks_only_at_what_is_new_of_a_growing_answer() -> None:
    checker, answer = Reading([passage()]), "She uses an attack of 20 ms. " * 60
    for end in range(0, len(answer), 10):
        checker.check(answer[:end])
    assert checker.read < 10 * len(answer)


def test_it_leaves_a_sentence_alone_that_may_be_going_on() -> None:
    checker = Counting()
    checker.check("She uses an attack of 20 ms [1]. The ratio is 4")
    assert checker.checked == ["She uses an attack of 20 ms."]


def test_it_checks_a_sentence_again_where_it_names_other_sources() -> None:
    checker = Counting()
    checker.citations("The ratio is 3:1 [1]. The ratio is 3:1 [2].")
    assert len(checker.checked) == 2


def test_it_comes_to_the_same_whether_it_streamed_or_not() -> None:
    checker = Checker([passage(), passage()])
    for end in range(0, len(ANSWER), 7):
        checker.check(ANSWER[:end])
    assert checker.citations(ANSWER) == citations_of(ANSWER, [passage(), passage()])


def test_it_serves_several_threads() -> None:
    checker = Counting()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(checker.citations, [ANSWER] * 8))
    assert all(one == found[0] for one in found)
    assert len(checker.checked) == len(set(checker.checked))


def test_it_leaves_an_answer_whole_where_a_sentence_cannot_be_checked(caplog: pytest.LogCaptureFixture) -> None:
    citations = Failing().citations("The attack is 20 ms [1]. The ratio is three to one.")
    assert [(one.number, one.verdict, one.problems) for one in citations] == [(1, Verdict.WEAK, (UNCHECKED,))]
    assert "could not be checked" in caplog.text


def test_it_gives_a_citation_the_verdict_and_what_is_wrong() -> None:
    (citation,) = citations_of("The attack is 30 ms [1].", [passage()])
    assert citation.verdict == Verdict.UNSUPPORTED
    assert [issue.words for issue in citation.problems] == ["30 ms"]


def test_it_counts_sentences_and_citations() -> None:
    found = grounding(ANSWER, removed=3)
    assert (found.claims, found.cited, found.uncited, found.markers_removed) == (3, 2, 1, 3)
    assert found.supported + found.weak + found.unsupported == 3


def test_it_says_where_the_sentences_are_that_cite_nothing() -> None:
    start = ANSWER.index("Then")
    assert grounding(ANSWER).bare == (Span(start, ANSWER.index(" Fine?")),)


@pytest.mark.parametrize(
    "sentence",
    [
        "Which attack time does she use?",
        "There are two settings that matter:",
        "## How she sets the compressor",
        "The sources do not say how long that takes.",
        "None of the sources mentions the release.",
        "She doesn't say which compressor it is.",
        "So there it is.",
    ],
)
def test_it_takes_what_states_nothing_for_no_claim(sentence: str) -> None:
    assert bare(sentence) == ([sentence] if sentence.startswith("So") else [])


@pytest.mark.parametrize("sentence", ["She sets a slow attack on drums.", "- **Attack:** slow on all the drums."])
def test_it_takes_a_statement_without_a_marker_for_a_bare_claim(sentence: str) -> None:
    assert len(bare(sentence)) == 1


@pytest.mark.parametrize("answer", ["Write `x = attack[1]` in it.", "```\nattack = gains[1]\n```\n"])
def test_it_cites_nothing_in_code(answer: str) -> None:
    assert (citations_of(answer, [passage()]), grounding(answer).cited) == ((), 0)


@pytest.mark.parametrize("answer", ["The attack is 20 ms [3].", "The attack is 20 ms [0]."])
def test_it_cites_no_source_that_is_not_there(answer: str) -> None:
    assert citations_of(answer, [passage(), passage()]) == ()


def test_it_has_nothing_to_say_of_an_answer_without_sources() -> None:
    assert Checker(()).grounding("No source here answers that.", (), removed=2) == Grounding(markers_removed=2)


PARTS = [
    "The attack is 20 ms",
    " [1]",
    "[2]",
    "[9]",
    ". ",
    "? ",
    ":\n",
    "\n\n",
    "`[1]`",
    "```\n",
    "## ",
    "“So.”",
    "Then",
]
answers = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@given(answers)
def test_it_counts_every_citation_and_every_claim(answer: str) -> None:
    checker = Checker([passage(), passage()])
    citations = checker.citations(answer)
    found = checker.grounding(answer, citations, removed=0)
    assert found.supported + found.weak + found.unsupported == len(citations)
    assert found.cited == len({citation.start for citation in citations})
    assert found.claims == found.cited + found.uncited
    assert found.uncited == len(found.bare)


def positions(spans: Sequence[Span]) -> list[int]:
    return [place for span in spans for place in (span.start, span.end)]


@given(answers)
def test_it_marks_bare_claims_in_order_and_outside_cited_ones(answer: str) -> None:
    spans = grounding(answer).bare
    cited = {citation.start for citation in citations_of(answer, [passage(), passage()])}
    assert all(before <= after for before, after in itertools.pairwise(positions(spans)))
    assert not cited & {span.start for span in spans}


@pytest.mark.parametrize(
    "answer", ["## The ratio [1]", "Sources: 1. Compressing [1]", "Sources:\n[1]", "The slow attack [1]"]
)
def test_it_supports_nothing_that_states_nothing(answer: str) -> None:
    citations = Checker([passage()]).citations(answer)
    assert {(one.verdict, one.problems[0].message) for one in citations} == {(Verdict.WEAK, NO_CLAIM.message)}


BELLS = "The second ratio of carrier to modulator is 2 to 1, for a flute. For bells I use 1 to 1.41, with a long decay."


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("The ratio of carrier to modulator for bells with a long decay is 2:1.", None),
        ("The second ratio of carrier to modulator is 2:1.", 1),
        ("The second ratio of carrier to modulator is 3:1.", None),
    ],
)
def test_it_marks_a_figure_only_where_it_is_said_of_the_same_thing(sentence: str, number: int | None) -> None:
    assert Checker([passage(text=BELLS)]).supporting(sentence) == number


HANN = "The Hann window swells and fades without a corner, so I use it for everything that should be smooth."
HARBOUR = "We walked along the harbour. It rained."
FADES = "The Hann window swells and fades without a corner."
SMOOTH = "The Hann window is used for everything that should be smooth."


@pytest.mark.parametrize(("marker", "number"), [("", 1), (" [1]", None), (" [2]", 1), (" [2][1]", None)])
def test_it_finds_the_source_of_a_sentence_that_names_none_which_says_it(marker: str, number: int | None) -> None:
    assert Checker([passage(text=HANN), passage(text=HARBOUR)]).supporting(f"{FADES}{marker}") == number


@pytest.mark.parametrize(("marker", "is_hardly"), [(" [2]", False), ("", True)])
def test_it_knows_an_answer_that_names_the_wrong_source_from_one_that_has_none(marker: str, is_hardly: bool) -> None:
    checker = Checker([passage(text=HANN), passage(text=HARBOUR)])
    assert checker.is_hardly_supported(f"{SMOOTH}{marker}") is is_hardly


BREATHS = "Breaths I don't delete. I turn the breaths down by 6 dB, so they sit right."


@pytest.mark.parametrize("word", ["Yes, ", "**No.** ", "Ja, ", "Oui : "])
def test_it_marks_no_yes_or_no_which_answers_a_question_that_no_source_was_asked(word: str) -> None:
    checker = Checker([passage(text=BREATHS)])
    assert checker.supporting("I turn the breaths down by 6 dB.") == 1
    assert checker.supporting(f"{word}I turn the breaths down by 6 dB.") is None


SONG = "I have a song here at 92 BPM, a slow one: one singer, piano, bass and drums. The vocal is raw."
ASKED = "Which microphone had the singer of the 92 BPM ballad in front of her?"


@pytest.mark.parametrize(
    ("asked", "claim", "verdict"),
    [
        (ASKED, "The microphone had the singer of the 92 BPM ballad in front of her. [1]", Verdict.UNSUPPORTED),
        (ASKED, "The song at 92 BPM has one singer. [1]", Verdict.SUPPORTED),
        ("Which song has one singer?", "The song has one singer. [1]", Verdict.SUPPORTED),
        ("Has the 92 BPM ballad one singer?", "The 92 BPM ballad has one singer. [1]", Verdict.SUPPORTED),
    ],
)
def test_it_supports_no_question_that_is_said_again(asked: str, claim: str, verdict: Verdict) -> None:
    (citation,) = Checker([passage(text=SONG)], asked=asked).citations(claim)
    assert citation.verdict == verdict


def test_it_supports_what_two_sources_say_of_a_question_together() -> None:
    sources = [passage(text="The ballad at 92 BPM has one singer."), passage(text="She had a ribbon microphone.")]
    claim = "The singer of the 92 BPM ballad had a ribbon microphone [1][2]."
    asked = "Who was the singer of the 92 BPM ballad that had a ribbon microphone?"
    for citation in Checker(sources, asked=asked).citations(claim):
        assert citation.verdict != Verdict.UNSUPPORTED
