"""The features of a claim beside a passage: word coverage, embedding similarity, negation, opposites, quantities."""

import itertools
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.grounding.quantities import Mismatch, mismatches
from chat.grounding.verification.exchanges import exchanged_things
from chat.grounding.verification.polarity import denied_words, denies, opposite_words
from chat.grounding.verification.quantifiers import overstated_words
from chat.grounding.verification.relations import Turned, turned_relations
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix, similarity_matrix, stems_of
from chat.grounding.vocabulary import CERTAIN, DETERMINERS, FIRST_PERSON, FUNCTION, HEDGES
from creators.embeddings import EmbeddingError, get_embedder
from creators.embeddings.sentences import sentence_vectors
from creators.embeddings.weights import word_rarity

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
SUPPOSES = frozenset({"would"})
"""Words of what is worked out for a case that nobody speaks of: "a three-foot board would take half a minute"."""
BEFORE, AFTER = 6, 5
"""Words around the place where a claim is said in which a hedge still goes with it."""


@dataclass(frozen=True, slots=True)
class Features:
    """What a claim and a passage have in common, and where they differ.

    ``measures`` are the classifier's inputs by name. ``embedding_similarity`` is the cosine of claim and passage, None
    unless few of the claim's words are said. ``denied`` are words that only one of the two negates, ``opposites`` pairs
    of a claim's word and its opposite in the passage, ``turned`` relations that it turns round, ``overstated`` words
    that leave no exception, each with the passage's that does, ``exchanged`` things, each with the passage's,
    ``unsaid`` content words that no word of the passage resembles,
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
    exchanged: tuple[tuple[str, str], ...]
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
        exchanged=exchanged_things(claim, passage, matrix),
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


WINDOW = 20
"""Content words of a passage within which one claim is mostly said: two or three sentences of talk."""
LENGTH = 45
"""All the words that there are in a window, as a rule."""
HARDLY_SAID, UNSAID = 0.55, 0.4
"""Similarities below which a word is hardly said, and not said."""
_NAME = re.compile(r"(?<=[^.!?:]\s)[A-Z][\w-]*\w")


def window(passage: AnalysedText, matrix: Matrix) -> tuple[int, int]:
    """Return the first and last word of the stretch of a passage that says most of the claim."""
    if not matrix.size:
        return 0, max(len(passage.words) - 1, 0)
    size = min(WINDOW, matrix.shape[1])
    totals = np.lib.stride_tricks.sliding_window_view(matrix, size, axis=1).max(axis=2).sum(axis=0)
    first = int(totals.argmax())
    return passage.terms[first].place, passage.terms[first + size - 1].place


def coverage_measures(
    claim: AnalysedText, passage: AnalysedText, matrix: Matrix, near: Sequence[str]
) -> Mapping[str, float]:
    """Return how much of a claim a passage says, in several measures by name.

    ``near`` are the words of the passage around the place where it says most of the claim.
    """
    best = matrix.max(axis=1) if matrix.size else np.zeros(len(claim.terms), np.float32)
    added = _added(claim, best)
    if not best.size:
        best = np.ones(1, np.float32)
    rarity = np.array([word_rarity(term.text) for term in claim.terms] or [0.0])
    lowest = np.sort(best)
    return {
        "said": float((best >= SAID).mean()),
        "lowest": float(lowest[0]),
        "low_three": float(lowest[:3].mean()),
        "triple": float(min(best[at : at + 3].mean() for at in range(max(1, len(best) - 2)))),
        "far": float((best < UNSAID).mean()),
        "run": float(_longest_run(best < HARDLY_SAID)),
        "rare_unsaid": float((rarity * (1 - best)).max()),
        "rare_sum": float((rarity * (1 - best)).sum()),
        "names": float(len(unknown_names(claim, passage))),
        "clause": _worst_clause(claim, best),
        "clauses": float(len(set(claim.clauses))),
        "length": len(best) / 10,
        "pairs": _pairs(claim, passage),
        "hedge_lost": float(_any(near, HEDGES) and not _any(claim.words, HEDGES)),
        "hedges": float(sum(word in HEDGES for word in near)),
        "certain": float(_any(claim.words, CERTAIN) and not _any(near, CERTAIN)),
        "added": added,
        "denies": float(denies(claim)),
        "supposes": float(_any(claim.words, SUPPOSES)),
        "own_case": sum(word in FIRST_PERSON for word in near) / LENGTH,
    }


def _longest_run(flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> int:
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest


def _worst_clause(claim: AnalysedText, best: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> float:
    groups: dict[int, list[float]] = {}
    for term, value in zip(claim.terms, best, strict=False):
        groups.setdefault(claim.clauses[term.place], []).append(float(value))
    return min((sum(group) / len(group) for group in groups.values() if len(group) > 1), default=float(best.mean()))


NAMED = frozenset(
    """
    of with in on at for to from by into onto over under between per some any every each
    """.split()
)
"""Words besides determiners that a word which names something stands behind."""


def _added(claim: AnalysedText, best: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> float:
    """Return by how much more the passage says the one end of a claim than the other, 0 where that names too little."""
    said, largest = best >= SAID, 0.0
    named = np.array([_is_named(claim, term.place) for term in claim.terms], dtype=np.bool_) & (best < HARDLY_SAID)
    for at in range(2, len(best) - 1):
        for inside, outside in ((slice(at, None), slice(None, at)), (slice(None, at), slice(at, None))):
            if named[inside].sum() > 1 and len(best[outside]) > 2:
                largest = max(largest, float(said[outside].mean() - best[inside].mean()))
    return largest


def _is_named(text: AnalysedText, place: int) -> bool:
    return place > 0 and (text.words[place - 1] in NAMED or text.words[place - 1] in DETERMINERS)


def _pairs(claim: AnalysedText, passage: AnalysedText) -> float:
    """Return the share of neighbouring words that are neighbours in the passage too, one between them allowed."""
    wanted = set(itertools.pairwise(stems_of(claim.terms)))
    return len(wanted & passage.once(_neighbours)) / max(1, len(wanted))


def _neighbours(text: AnalysedText) -> set[tuple[str, str]]:
    stems = stems_of(text.terms)
    return {*itertools.pairwise(stems), *zip(stems, stems[2:], strict=False)}


def _any(words: Sequence[str], wanted: frozenset[str]) -> bool:
    return any(word in wanted for word in words)


def unknown_names(claim: AnalysedText, passage: AnalysedText) -> tuple[str, ...]:
    """Return the names in a claim that the passage doesn't have, in any spelling near theirs."""
    names = _NAME.findall(claim.text)
    if not names:
        return ()
    lowered = passage.text.lower()
    squeezed = re.sub(r"[\s-]", "", lowered)
    rows = {term.text for term in passage.terms}
    return tuple(
        name
        for name in names
        if name.lower() not in lowered
        and name.lower().replace("-", "") not in squeezed
        and not any(_sounds_like(name.lower(), word) for word in rows)
    )


def _sounds_like(name: str, word: str) -> bool:
    shared = len(set(name) & set(word)) / max(len(set(name) | set(word)), 1)
    return name[0] == word[0] and abs(len(name) - len(word)) <= 2 and shared > 0.7
