"""A figure of a claim is astray where the passage gives no such number, another unit, or gives it to something else."""

import time

import pytest

from tests.chat.grounding.comparing import stray

VOCAL = (
    "I set the attack to twenty milliseconds and the release to around two hundred milliseconds. "
    "The ratio is four to one, and I never take off more than six dB of gain."
)
DOUGH = "Let the dough rise for eight hours, not twelve, before you shape it."
FURNITURE = (
    "Around the oak table there is room for eight people when the whole family visits us over Christmas. "
    "The pine bench by the window seats five."
)
BATCHES = "The first batch took twenty minutes and the second batch took forty minutes."


@pytest.mark.parametrize(
    "claim", ["The attack is 20 ms.", "The attack is 0.02 s.", "The ratio is 4:1.", "She takes off at most 6 decibels."]
)
def test_it_finds_what_the_passage_says_in_other_ways(claim: str) -> None:
    assert stray(claim, VOCAL) == []


def test_it_finds_a_number_that_was_changed() -> None:
    assert stray("The attack is 30 ms.", VOCAL) == [("30 ms", "number")]


def test_it_finds_every_number_that_was_changed() -> None:
    assert stray("The attack is 30 ms and the ratio 8:1.", VOCAL) == [("30 ms", "number"), ("8:1", "number")]


def test_it_finds_a_unit_that_was_changed() -> None:
    assert stray("The attack is 20 s.", VOCAL) == [("20 s", "unit")]


def test_it_finds_a_unit_that_was_changed_where_no_number_is_said() -> None:
    assert stray("The board is a foot wide.", "The board is a metre wide and very old.") == [("a foot", "unit")]


@pytest.mark.parametrize("claim", ["The threshold is +18 dB.", "The threshold is 18 dB."])
def test_it_finds_a_sign_that_was_swapped(claim: str) -> None:
    assert len(stray(claim, "The threshold sits at minus eighteen dB for most of the song.")) == 1


def test_it_finds_a_number_that_belongs_to_something_else() -> None:
    assert stray("The pine bench by the window seats eight.", FURNITURE) == [("eight", "elsewhere")]


def test_it_leaves_a_number_alone_that_belongs_to_the_same() -> None:
    assert stray("The pine bench by the window seats five.", FURNITURE) == []


@pytest.mark.parametrize(
    "claim",
    [
        "The second batch took twice as long.",
        "The first batch took half as long as the second.",
        "The second batch took 20 minutes longer.",
    ],
)
def test_it_takes_what_follows_from_two_figures(claim: str) -> None:
    assert stray(claim, BATCHES) == []


def test_it_takes_a_total_of_equal_parts() -> None:
    assert stray("In total that was an hour.", "We baked three batches of twenty minutes each.") == []


def test_it_takes_no_total_that_does_not_follow() -> None:
    assert stray("In total that was 70 minutes.", "We baked three batches of twenty minutes each.") != []


def test_it_takes_no_multiple_that_does_not_follow() -> None:
    assert stray("The second batch took three times as long.", BATCHES) != []


def test_it_leaves_the_answers_own_small_counts_alone() -> None:
    assert stray("Two settings matter: the attack and the ratio.", VOCAL) == []


def test_it_finds_a_small_count_that_the_passage_gives_otherwise() -> None:
    assert stray("Bake four loaves.", "Today we bake seven loaves.") == [("four", "number")]


def test_it_takes_no_one_for_a_number() -> None:
    assert stray("This one is slower than the one before.", VOCAL) == []


def test_it_takes_no_figure_that_the_passage_denies() -> None:
    assert [words for words, _ in stray("The dough rises for twelve hours.", DOUGH)] == ["twelve hours"]


def test_it_lets_a_claim_deny_it_as_well() -> None:
    assert stray("The dough rises for eight hours, not twelve.", DOUGH) == []


def test_it_takes_a_figure_beside_one_that_is_denied() -> None:
    assert stray("The dough rises for eight hours.", DOUGH) == []


def test_it_takes_no_longer_for_a_column_of_the_same_number() -> None:
    began = time.thread_time()
    assert stray("1 " * 125, "1 " * 500) == []
    assert time.thread_time() - began < 4  # more than eight where each was compared with each that was found
