"""Vectors of sentences that are kept."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from creators.embeddings.sentences import SentenceVectors
from tests.creators.fake_embedder import FakeEmbedder


class Counting(FakeEmbedder):
    """Gives each text a vector of its own, and counts what it embeds."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.embedded += texts
        return np.array([[len(text), 0, 0] for text in texts], np.float32)


def test_it_embeds_a_sentence_once() -> None:
    embedder = Counting()
    vectors = SentenceVectors(embedder)
    vectors.embed(["a", "bb"])
    assert vectors.embed(["bb", "ccc", "a", "ccc"])[:, 0].tolist() == [2, 3, 1, 3]
    assert embedder.embedded == ["a", "bb", "ccc"]


def test_it_forgets_what_was_not_asked_for_longest() -> None:
    embedder = Counting()
    vectors = SentenceVectors(embedder, most=2)
    for texts in (["a"], ["bb"], ["a"], ["ccc"], ["a"], ["bb"]):
        vectors.embed(texts)
    assert embedder.embedded == ["a", "bb", "ccc", "bb"]


def test_it_has_no_rows_for_no_texts() -> None:
    assert SentenceVectors(Counting()).embed([]).shape == (0, 3)
