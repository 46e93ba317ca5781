"""What was read becomes a verdict, and what is wrong is said in words for the reader."""

from dataclasses import replace

import pytest

from chat.events.events import Verdict
from chat.grounding.verification.classifier import LEAST_THERE, classify, probability
from tests.chat.grounding.comparing import judged, reading

REVERB = "I think a plate reverb probably works best on a slow ballad, but maybe that is just me."
VOCAL = "I set the attack to twenty milliseconds and the ratio is four to one."
GERMAN = "Der Kompressor steht bei mir vor dem Hall, und zwar auf einer eigenen Spur."


def test_it_supports_the_very_words_of_the_passage() -> None:
    judgement = judged("a plate reverb probably works best on a slow ballad", REVERB)
    assert (judgement.verdict, judgement.issues, judgement.absent) == (Verdict.SUPPORTED, (), 0.0)


def test_it_supports_the_very_words_whatever_the_weights() -> None:
    sure = {"": 99.0}
    assert classify(reading("works best on a slow ballad", REVERB), absent=sure, weak=sure).verdict == Verdict.SUPPORTED


def test_it_supports_a_paraphrase() -> None:
    assert judged("The attack is set to 20 ms, at a ratio of 4:1.", VOCAL).verdict == Verdict.SUPPORTED


def test_it_names_what_nothing_in_the_passage_speaks_of() -> None:
    judgement = judged("She runs the vocal through Valhalla and Soothe at a ratio of 4:1.", VOCAL)
    assert judgement.verdict != Verdict.SUPPORTED
    assert "missing" in [issue.kind for issue in judgement.issues]


def test_it_calls_missing_words_unsupported_or_weak_by_how_likely_they_are() -> None:
    found = reading("The attack is fast.", VOCAL)
    verdicts = [classify(found, absent={"": constant}, weak={"": -9}).verdict for constant in (3.0, 0.0, -2.0)]
    assert verdicts == [Verdict.UNSUPPORTED, Verdict.WEAK, Verdict.SUPPORTED]


def test_it_names_the_hedge_that_a_firmer_claim_leaves_out() -> None:
    judgement = judged("Every engineer always puts a plate reverb on every slow ballad.", REVERB)
    assert (judgement.verdict, judgement.issues[0].kind) == (Verdict.WEAK, "hedge")
    assert judgement.issues[0].words in REVERB


def test_it_says_more_generally_what_is_overstated_where_no_hedge_was_lost() -> None:
    (issue,) = classify(reading("The attack is fast.", VOCAL), absent={"": -9}, weak={"": 9}).issues
    assert (issue.kind, issue.words) == ("hedge", "")


@pytest.mark.parametrize(
    ("claim", "kind", "words"),
    [
        ("The attack is 35 ms.", "number", "35 ms"),
        ("The attack is 20 s.", "unit", "20 s"),
        ("The attack is not twenty milliseconds.", "negation", "attack"),
    ],
)
def test_it_says_which_words_are_wrong(claim: str, kind: str, words: str) -> None:
    judgement = judged(claim, VOCAL)
    assert judgement.verdict == Verdict.UNSUPPORTED
    assert (judgement.issues[0].kind, judgement.issues[0].words) == (kind, words)
    assert words in judgement.issues[0].message


def test_it_compares_only_the_figures_of_two_languages() -> None:
    right = judged("Die Attack-Zeit beträgt 20 ms und das Verhältnis ist 4:1, sagt sie.", VOCAL)
    wrong = judged("Die Attack-Zeit beträgt 35 ms und das Verhältnis ist 4:1, sagt sie.", VOCAL)
    assert (right.verdict, [issue.kind for issue in right.issues]) == (Verdict.WEAK, ["language"])
    assert (wrong.verdict, [issue.kind for issue in wrong.issues]) == (Verdict.UNSUPPORTED, ["number"])


def test_it_supports_another_language_by_its_own_words() -> None:
    assert judged("Der Kompressor steht vor dem Hall auf einer eigenen Spur.", GERMAN).verdict == Verdict.SUPPORTED


def test_it_doubts_another_language_that_says_other_words() -> None:
    judgement = judged("Das Fahrrad braucht neue Reifen und eine geölte Kette.", GERMAN)
    assert (judgement.verdict, judgement.issues[0].kind) == (Verdict.WEAK, "language")


def test_it_weighs_measures_as_a_logistic_regression() -> None:
    assert probability({"": 0.0}, {}) == 0.5
    assert probability({"": -1.0, "said": 3.0}, {"said": 1.0}) == pytest.approx(0.8808, abs=1e-4)


@pytest.mark.parametrize(
    ("claim", "passage", "kind"),
    [
        ("He rejects pruning the roses in autumn.", "Don't prune the roses in autumn, wait for frost.", "negation"),
        (
            "A three-foot board would take half a minute to feed.",
            "I feed ten seconds a foot, a board at a time.",
            "number",
        ),
    ],
)
def test_it_accuses_nobody_of_what_may_be_a_way_of_saying_the_same(claim: str, passage: str, kind: str) -> None:
    judgement = judged(claim, passage)
    assert judgement.verdict is Verdict.WEAK
    assert judgement.issues[0].kind == kind


def test_it_says_what_it_is_not_certain_of() -> None:
    (issue,) = judged("He rejects pruning the roses in autumn.", "Don't prune the roses in autumn.").issues
    assert issue.message == "The source says the contrary about “pruning”. That is not certain."


def test_it_supports_no_claim_of_which_hardly_a_word_is_said() -> None:
    near = replace(
        reading("She cools it with air only.", "Leave the tray by the open window."), embedding_similarity=0.6
    )
    assert near.measures["said"] < LEAST_THERE
    assert classify(near).verdict is Verdict.WEAK
