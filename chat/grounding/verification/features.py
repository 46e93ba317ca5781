"""The features of a claim beside a passage: word coverage, embedding similarity, negation, opposites, quantities."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.grounding.quantities import Mismatch, mismatches
from chat.grounding.verification.coverage import coverage_measures, window
from chat.grounding.verification.exchanges import exchanged_things
from chat.grounding.verification.matched import Turned
from chat.grounding.verification.owners import owned_elsewhere
from chat.grounding.verification.pairings import crossed_pairs
from chat.grounding.verification.polarity import denied_words, opposite_words
from chat.grounding.verification.quantifiers import boundless_words, overstated_words
from chat.grounding.verification.relations import turned_relations
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix, similarity_matrix
from chat.grounding.vocabulary import FUNCTION, HEDGES
from creators.embeddings import EmbeddingError, get_embedder
from creators.embeddings.sentences import sentence_vectors

logger = logging.getLogger(__name__)
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Vector = npt.NDArray[np.float32]
MOST_CLAIMS = 8
"""Claims of one answer that are embedded, about 8 ms each: the budget of an answer is 150 ms in all."""


class EmbeddingSimilarity:
    """Compares claims with passages, each claim embedded once, until the budget of an answer is spent."""

    def __init__(self, embed: Embed | None = None, *, most: int = MOST_CLAIMS) -> None:
        """Without ``embed``, or past ``most`` claims, nothing is compared."""
        self._embed = embed
        self._left = most
        self._claims: dict[str, Vector] = {}

    def of(self, claim: str, passages: Sequence[Vector]) -> float | None:
        """Return the cosine of a claim and the nearest of the passages' vectors, None where that is not to be had."""
        if not passages or not self._is_known(claim):
            return None
        return max(float(self._claims[claim] @ passage) for passage in passages)

    def _is_known(self, claim: str) -> bool:
        if claim not in self._claims and self._embed is not None and self._left:
            try:
                self._claims[claim] = self._embed([claim])[0]
                self._left -= 1
            except EmbeddingError as error:
                logger.warning("claims are not compared by their vectors: %s", error)
                self._embed = None
        return claim in self._claims


FITTED_TO = "all-MiniLM-L6-v2/"


def sentence_embedder() -> Embed | None:
    """Return what embeds sentences, None where the embedder is another one: its cosines would mean something else."""
    is_fitted = get_embedder().space.name.startswith(FITTED_TO)
    return sentence_vectors().embed if is_fitted else None


THIN = 0.35
"""Share of a claim's words below which they don't tell by themselves whether the passage speaks of it."""
ENGLISH_FROM = 0.15
"""Share of function words from which on a text of some length is English."""
LONG_ENOUGH = 6
BEFORE, AFTER = 6, 5
"""Words around the place where a claim is said in which a hedge still goes with it."""


@dataclass(frozen=True, slots=True)
class Features:
    """What a claim and a passage have in common, and where they differ.

    ``measures`` are the classifier's inputs by name. ``embedding_similarity`` is the cosine of claim and passage, None
    unless few of the claim's words are said. ``denied`` are words that only one of the two negates, ``opposites`` pairs
    of a claim's word and its opposite in the passage, ``turned`` relations that it turns round, ``overstated`` words
    that leave no exception, each with the passage's that does, ``boundless`` such words where it has none of either,
    ``exchanged`` things, each with the passage's, ``paired`` things that go with each other's, ``owned`` figures that
    stand beside something else, ``unsaid`` content words that no word of the passage resembles,
    ``lost`` hedges that stand near the claim in the passage. ``is_verbatim``: the passage has the claim word for word.
    ``is_foreign``: one of the two is English and the other is not.
    """

    measures: Mapping[str, float]
    embedding_similarity: float | None
    mismatches: tuple[Mismatch, ...]
    denied: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    turned: tuple[Turned, ...]
    overstated: tuple[tuple[str, str], ...]
    boundless: tuple[str, ...]
    exchanged: tuple[tuple[str, str], ...]
    paired: tuple[Turned, ...]
    owned: tuple[Mismatch, ...]
    unsaid: tuple[str, ...]
    lost: tuple[str, ...]
    is_verbatim: bool
    is_foreign: bool
    is_english: bool


def extract_features(
    claim: AnalysedText,
    passage: AnalysedText,
    embedding_similarity: EmbeddingSimilarity | None = None,
    vectors: Sequence[Vector] = (),
    *,
    matrix: Matrix | None = None,
) -> Features:
    """Return the features of a claim beside a passage.

    ``vectors`` are those of the passage's chunks; they are compared only where few of the claim's words are said.
    ``matrix`` is the similarity of their words, where it is known.
    """
    matrix = similarity_matrix(claim, passage) if matrix is None else matrix
    lowers = any(word in claim.vocabulary.lowering for word in claim.words)
    found = mismatches(claim.quantity_text, passage.quantity_text, lowers=lowers)
    first, last = window(passage, matrix)
    near = passage.words[max(0, first - BEFORE) : last + AFTER]
    measures = {
        **coverage_measures(claim, passage, matrix, near),
        "quantities_found": float(bool(claim.quantity_text.quantities) and not found),
    }
    is_thin = measures["said"] < THIN
    return Features(
        measures=measures,
        embedding_similarity=embedding_similarity.of(claim.text, vectors) if embedding_similarity and is_thin else None,
        mismatches=found,
        denied=denied_words(claim, passage, matrix),
        opposites=opposite_words(claim, passage, matrix),
        turned=turned_relations(claim, passage, matrix),
        overstated=overstated_words(claim, passage, matrix),
        boundless=boundless_words(claim, passage, matrix),
        exchanged=exchanged_things(claim, passage, matrix),
        paired=tuple(crossed_pairs(claim, passage, matrix)),
        owned=owned_elsewhere(claim, passage, matrix),
        unsaid=_unsaid(claim, matrix),
        lost=tuple(dict.fromkeys(word for word in near if word in HEDGES)),
        is_verbatim=is_verbatim(claim, passage),
        is_foreign=claim.once(is_english) != passage.once(is_english),
        is_english=claim.once(is_english),
    )


def is_verbatim(claim: AnalysedText, passage: AnalysedText) -> bool:
    """Say whether the claim's words stand in the passage, one after the other."""
    return bool(claim.words) and claim.once(_joined) in passage.once(_joined)


def _joined(text: AnalysedText) -> str:
    return f" {' '.join(text.words)} "


def is_english(text: AnalysedText) -> bool:
    """Say whether a text is English, as far as its small words tell; what is too short to tell counts as English."""
    share = sum(word in FUNCTION for word in text.words) / max(1, len(text.words))
    return len(text.words) < LONG_ENOUGH or share >= ENGLISH_FROM


def _unsaid(claim: AnalysedText, matrix: Matrix) -> tuple[str, ...]:
    best = matrix.max(axis=1) if matrix.size else [0.0] * len(claim.terms)
    far = [(float(value), term.text) for term, value in zip(claim.terms, best, strict=True) if value < SAID]
    return tuple(dict.fromkeys(text for _, text in sorted(far)))
