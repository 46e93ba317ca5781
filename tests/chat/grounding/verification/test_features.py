"""How much of a claim a passage says is measured, in the stretch of it that says most."""

import numpy as np

from chat.grounding.verification.classifier import ABSENT, WEAK
from chat.grounding.verification.coverage import unknown_names, window
from chat.grounding.verification.similarity import AnalysedText, similarity_matrix
from tests.chat.grounding.comparing import reading

BREAD = "I knead the dough by hand for ten minutes and then it rests in a warm bowl until it has doubled."


def measure(name: str, claim: str, passage: str = BREAD) -> float:
    return reading(claim, passage).measures[name]


def test_it_measures_all_that_the_weights_ask_for() -> None:
    assert {*ABSENT, *WEAK} - {""} <= reading("Knead the dough.", BREAD).measures.keys()


def test_it_measures_numbers_of_any_claim_and_passage() -> None:
    texts = ["", "So.", "20 ms", "Knead the dough.", "…", "Brot"]
    found = [reading(claim, passage).measures.values() for claim in texts for passage in texts]
    assert all(np.isfinite(value) for values in found for value in values)


def test_it_measures_the_share_of_words_that_are_said() -> None:
    assert measure("said", "She kneads the dough.") == 1.0
    assert measure("said", "She kneads the dough, sings a lullaby.") == 0.5


def test_it_measures_the_word_that_is_said_least() -> None:
    assert measure("lowest", "She kneads the dough.") > measure("lowest", "She kneads the dough under a pergola.")


def test_it_measures_the_longest_run_of_words_that_are_hardly_said() -> None:
    assert measure("run", "She kneads the dough.") == 0
    assert measure("run", "Submarine periscope photographs of a bowl") == 3


def test_it_weighs_a_rare_word_more_than_a_common_one() -> None:
    assert measure("rare_unsaid", "Knead a zabaglione.") > measure("rare_unsaid", "Knead a city.")


def test_it_measures_a_hedge_that_was_lost() -> None:
    passage = "Maybe you should rest the dough overnight, I think."
    assert measure("hedge_lost", "Rest the dough overnight.", passage) == 1
    assert measure("hedge_lost", "Maybe rest the dough overnight.", passage) == 0


def test_it_measures_a_certainty_that_was_added() -> None:
    assert measure("certain", "She always kneads the dough.") == 1
    assert measure("certain", "She kneads the dough.") == 0


def test_it_measures_neighbours_that_stayed_together() -> None:
    assert measure("pairs", "The dough rests in a warm bowl.") > measure("pairs", "A warm hand, a dough bowl.")


def test_it_finds_the_stretch_that_says_most() -> None:
    passage = AnalysedText("Talk of football " * 30 + BREAD + " Talk of football " * 30)
    first, last = window(passage, similarity_matrix(AnalysedText("Knead the dough by hand."), passage))
    assert {"knead", "dough", "hand"} <= set(passage.words[first : last + 1])


def test_it_knows_the_names_that_the_passage_does_not_have() -> None:
    claim = AnalysedText("She opens Serum in Ableton and sends it to Valhalla")
    assert unknown_names(claim, AnalysedText("I open serum in abelton, then some reverb")) == ("Valhalla",)
