"""The words of a domain are data: another field brings its own lists, and needs no code."""

from chat.grounding.citations import Checker
from chat.grounding.disagreements import conflicts_in
from chat.grounding.quantities import mismatches, quantities_in
from chat.grounding.verification.similarity import AnalysedText
from chat.grounding.vocabulary import ENGLISH, Vocabulary, vocabulary_of
from chrysopedia.core.text import stems
from tests.chat.passages import passage

POTTERY = vocabulary_of(
    [
        {"opposites": ["greenware/bisque"], "ratio_names": ["frit"]},
        {"lowering": ["slumps"], "ratio_owners": ["Glazes"]},
    ]
)
BISQUE = passage(text="I dip the bisque bowl into the tall bucket for a moment.")


def problems(vocabulary: Vocabulary) -> list[str]:
    checker = Checker([BISQUE], vocabulary=vocabulary)
    (citation,) = checker.citations("She dips the greenware bowl into the tall bucket [1].")
    return [problem.words for problem in citation.problems if problem.kind == "negation"]


def strayed(vocabulary: Vocabulary) -> int:
    claim = AnalysedText("The rim slumps 6 °C.", vocabulary)
    lowers = any(word in vocabulary.lowering for word in claim.words)
    return len(mismatches(claim.quantity_text, AnalysedText("The rim is at -6 °C.").quantity_text, lowers=lowers))


def conflicts(vocabulary: Vocabulary) -> int:
    said = [passage(text="I thin this glaze 3:1."), passage(text="I thin my glaze 5:1.", creator="Ana Ruiz")]
    asked = dict.fromkeys(stems("thin glaze"), 1.0)
    return len(conflicts_in(said, query="", asked=asked, vocabulary=vocabulary))


def test_it_finds_the_opposites_of_a_domain() -> None:
    assert (problems(ENGLISH), problems(POTTERY)) == ([], ["greenware"])


def test_it_knows_what_a_domain_says_of_less() -> None:
    assert (strayed(ENGLISH), strayed(POTTERY)) == (1, 0)


def test_it_compares_the_ratios_of_what_has_ratios_in_a_domain() -> None:
    assert (conflicts(ENGLISH), conflicts(POTTERY)) == (0, 1)


def test_it_knows_a_ratio_by_the_name_that_a_domain_gives_it() -> None:
    (ratio,) = quantities_in("three to two frit", ratio_names=POTTERY.ratio_names)
    assert ratio.unit is not None and (ratio.value, ratio.unit.name) == (1.5, "ratio")


def test_it_keeps_the_words_of_english_beside_them() -> None:
    assert POTTERY.opposites.items() >= ENGLISH.opposites.items()
    assert POTTERY.lowering > ENGLISH.lowering
