"""The values of a retrieval: what is searched for, where, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.retrieval.overlap import Overlap
from chat.values import Passage, Suggestion, Tier

Vector = npt.NDArray[np.float32]


class SpaceMissing(RuntimeError):
    """The corpus has no vectors by the embedder that is set: searching would silently find nothing."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as it is searched for: its words, its vector and the space that the vector lives in.

    ``context`` holds the words of earlier questions that this one leans on; "" for one that stands alone.
    """

    text: str
    vector: Vector
    space: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A tier and the creators in it; ``creators`` is None where there is no need to filter."""

    tier: Tier
    creators: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate chunk with both legs and the one number made of them."""

    chunk_id: int
    creator_id: int
    cosine: float
    words: Overlap
    relevance: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of a question with the weight (inverse document frequency) of each; ``mean_length`` is in words."""

    weights: Mapping[str, float]
    frequencies: Mapping[str, int]
    mean_length: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a retrieval came to: the passages, best first, the tier, and topics to offer where there are none.

    ``weights`` are the question's terms, stemmed, with their inverse document frequency.
    """

    passages: tuple[Passage, ...]
    tier: Tier
    weights: Mapping[str, float]
    suggestions: tuple[Suggestion, ...] = ()
