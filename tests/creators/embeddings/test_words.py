"""Vectors of single words: near ones mean alike, rare ones are known as rare, and none are needed."""

import math

import numpy as np
import pytest

from creators.embeddings.weights import DIMENSIONS, NoTable, WordTable, word_rarity, word_vector


def likeness(one: str, other: str) -> float:
    return float(word_vector(one) @ word_vector(other))


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("loud", "quiet", "carrot"),
        ("guitar", "piano", "mortgage"),
        ("bake", "oven", "senate"),
        ("compress", "compression", "holiday"),
        ("quickly", "fast", "purple"),
    ],
)
def test_it_puts_near_words_nearer_than_far_ones(word: str, near: str, far: str) -> None:
    assert likeness(word, near) > likeness(word, far)


@pytest.mark.parametrize("word", ["loud", "sidechaining", "über", "x" * 400, "🎛"])
def test_it_gives_every_word_a_vector_of_unit_length(word: str) -> None:
    vector = word_vector(word)
    assert vector.shape == (DIMENSIONS,)
    assert math.isclose(float(np.linalg.norm(vector)), 1.0, abs_tol=1e-5)


def test_it_gives_no_word_the_vector_of_nothing() -> None:
    assert not word_vector("").any()


def test_it_reads_a_word_alike_each_time() -> None:
    assert np.array_equal(WordTable().vector("loud"), word_vector("loud"))


def test_it_knows_which_word_is_rarer() -> None:
    rarities = [word_rarity(word) for word in ("time", "guitar", "zabaglione")]
    assert rarities == sorted(set(rarities))


@pytest.mark.parametrize("word", ["time", "people", ",", ""])
def test_it_takes_what_everybody_says_for_not_rare(word: str) -> None:
    assert 0.0 <= word_rarity(word) < 0.05


def test_it_does_without_the_table() -> None:
    table = NoTable()
    assert table.vector("loud").shape == (DIMENSIONS,) and not table.vector("loud").any()
    assert table.rarity("time") == table.rarity("zabaglione")
