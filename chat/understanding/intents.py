"""What a message is for, where no rule knows its wording: a linear classifier over the frames of messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast

import numpy as np
from safetensors import safe_open

from chat.understanding.frames import SUBJECT, Frame, Matrix, Vocabulary, frame_of, unit, vector_of
from creators.embeddings import WeightsError

FILE = Path(__file__).with_name("intents.safetensors")
"""The fitted classifier, made by ``python -m bench.intents`` of the prototypes in ``bench/intents/prototypes``."""
Group = Literal["small_talk", "collection", "question"]
LEAST: Mapping[Group, float] = {"small_talk": -0.15, "collection": 0.0}
"""Margin from which on a message is none for the search; of 100 questions that nothing was fitted on one has it."""
FEW = 3
"""Words up to which a message says the less for certain, the shorter it is."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message is for: its group and name in the prototypes.

    ``margin`` is how much more than a question for the search its best other intent is, at 0 as much; 2 is as clear as
    can be. ``subject`` are the words that it is about, "" where it has none.
    """

    group: Group
    name: str
    margin: float
    subject: str = ""


QUESTION = Intent("question", "plain", 0.0)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights of shape (features, intents), by which each intent's score is about 1 for its own, -1 for the others.

    ``grams`` has the place of each word and pair of words that counts by itself.
    """

    vocabulary: Vocabulary
    grams: Mapping[str, int]
    intents: Sequence[tuple[Group, str]]
    weights: Matrix

    def intent_of(self, frame: Frame) -> Intent:
        """Return the best intent for a frame, and by how much it is better than a question for the search."""
        scores = (features_of(frame.words, self.grams) @ self.weights).tolist()
        best: dict[Group, tuple[float, str]] = {}
        for (group, name), score in zip(self.intents, scores, strict=True):
            best[group] = max(best.get(group, (score, name)), (score, name))
        asked, _ = best.pop("question")
        group = max(best, key=lambda one: best[one])
        score, name = best[group]
        margin = score - asked
        margin *= min(1.0, len(frame.words) / FEW) if margin > 0 else 1.0
        return Intent(group, name, margin) if margin >= LEAST[group] else replace(QUESTION, margin=margin)


@lru_cache(maxsize=1024)
def intent_of(text: str) -> Intent | None:
    """Return the intent of a message, in which ``NAME`` stands for each creator; None without the model's weights."""
    try:
        classifier = _classifier()
        frame = frame_of(text, classifier.vocabulary)
        if frame.is_bare:
            return QUESTION
        return replace(classifier.intent_of(frame), subject=text[slice(*frame.subject)])
    except (WeightsError, OSError):
        return None


@cache
def _classifier() -> Classifier:
    """Read the classifier, once in a process. Raises ``WeightsError`` and ``OSError``."""
    with safe_open(FILE, framework="numpy") as file:
        lists = {name: text.split("\n") for name, text in file.metadata().items()}
        weights = np.asarray(file.get_tensor("weights"), np.float32)
    intents = [cast(tuple[Group, str], tuple(one.split("."))) for one in lists["intents"]]
    grams = {gram: place for place, gram in enumerate(lists["grams"])}
    return Classifier(Vocabulary(lists["words"]), grams, intents, weights)


EDGE = 3
"""Words at the beginning, and at the end, that count by themselves too."""


def features_of(words: Sequence[str], grams: Mapping[str, int]) -> Matrix:
    """Return the features of a frame: mean word vectors of the whole and of both ends, and which grams it has."""
    vectors = np.stack([vector_of(word) for word in words or [SUBJECT]])
    means = [part.mean(axis=0) for part in (vectors, vectors[:EDGE] / 2, vectors[-EDGE:] / 2)]
    said = np.zeros(len(grams))
    said[[grams[gram] for gram in grams_of(words) if gram in grams]] = 1
    return np.concatenate([unit(np.concatenate(means)), unit(said), [1.0]])


def grams_of(words: Sequence[str]) -> set[str]:
    """Return the words of a frame and its pairs of neighbours, its ends among them."""
    return {*words, *(" ".join(pair) for pair in pairwise(["<", *words, ">"]))}
