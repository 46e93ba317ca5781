"""What a claim asserts and its passage denies, or the other way round, clause by clause; and opposites in place."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix
from chat.grounding.vocabulary import NEGATORS

Flags = npt.NDArray[np.bool_]
CLOSE = 6
"""Words within which other words of the claim make it likely that both speak of the same."""
ENOUGH = 2
"""Words of the claim around a word's opposite that make it the place that the claim speaks of."""
AHEAD = 2
"""How many more words of the claim must stand in the sentence of a denied word than in that of an asserted one."""
BEFORE = 4
FEW_TERMS = 3
"""Content words up to which a claim may be denied by one word alone."""
_TURNS = frozenset(
    """
    out off away without instead avoid avoids avoided avoiding prevent prevents prevented preventing unnecessary
    except unless against rather free lack lacks lacking skip skips skipping leave leaves leaving stop stops
    stopping keep keeps keeping no nothing none hardly rarely barely seldom unlikely refuse refuses fail fails
    stay stays only
    """.split()
)
"""Words by which a claim may deny something without a "not": whether it does so they don't tell by themselves."""


_SUPPOSES = frozenset("because since if when otherwise".split())
"""Words that begin what is only supposed, or a reason: "because starting hot clouds it" denies that one should."""


def denied_words(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[str, ...]:
    """Return the claim's words that the passage says only with the contrary sign, where it speaks of the same."""
    if not matrix.size:
        return ()
    said = matrix >= SAID
    places = np.array([term.place for term in passage.terms], dtype=np.int64)
    sentences = np.array([passage.sentences[place] for place in places], dtype=np.int64)
    denied = np.array([passage.denied[place] for place in places], dtype=np.bool_)
    asserted = tuple(_denied_by_passage(claim, said, sentences, denied))
    loosely = denied | np.array([_follows_denial(passage, int(place)) for place in places], dtype=np.bool_)
    return asserted or tuple(_denied_by_claim(claim, said, sentences, loosely))


def _follows_denial(passage: AnalysedText, place: int) -> bool:
    """Say whether a "not" of any kind stands a few words before: "doesn't just pop in" may still deny that it pops."""
    before = passage.words[max(0, place - BEFORE) : place + 1]
    return any(
        (word in NEGATORS or word.endswith("n't")) and following != "only" for word, following in pairwise(before)
    )


def _denied_by_passage(
    claim: AnalysedText, said: Flags, sentences: npt.NDArray[np.int64], denied: Flags
) -> Iterator[str]:
    """Yield what a claim asserts and the passage only denies."""
    turns = {
        claim.clauses[place]
        for place, word in enumerate(claim.words)
        if word in _TURNS or (word in _SUPPOSES and claim.words[place + 1 : place + 2] != ("of",))
    }
    for row, term in enumerate(claim.terms):
        if claim.negative[term.place] or claim.clauses[term.place] in turns:
            continue
        columns = np.flatnonzero(said[row])
        contrary, agreeing = columns[denied[columns]], columns[~denied[columns]]
        if not contrary.size:
            continue
        against = max(_support(said, row, sentences, int(one)) for one in contrary)
        for_it = max((_support(said, row, sentences, int(one)) for one in agreeing), default=-AHEAD)
        is_alone = len(claim.terms) <= FEW_TERMS
        if against >= max(for_it + AHEAD, 0 if is_alone else 1):
            yield term.text


def _denied_by_claim(
    claim: AnalysedText, said: Flags, sentences: npt.NDArray[np.int64], denied: Flags
) -> Iterator[str]:
    """Yield what a claim denies and the passage asserts, in a sentence that denies none of the claim's words."""
    rows = [
        row for row, term in enumerate(claim.terms) if claim.denied[term.place] and not _is_contrast(claim, term.place)
    ]
    if not rows or any(word in _TURNS and word not in {"no", "only"} for word in claim.words):
        return
    shares: dict[int, Flags] = {
        int(one): np.atleast_1d(said[:, sentences == one].any(axis=1)) for one in np.unique(sentences)
    }
    best = max(shares, key=lambda one: (int(shares[one].sum()), int(shares[one][rows].sum())))
    words = shares[best]
    is_denied = any(
        said[:, (sentences == one) & denied].any() for one in shares if shares[one].sum() * 2 >= words.sum()
    )
    if words.mean() >= 0.6 and words[rows].any() and not is_denied:
        amounts = [(one.start, one.end) for one in claim.quantity_text.quantities]
        plain = [row for row in rows if words[row] and not _is_within(claim, row, amounts)]
        yield claim.terms[plain[0] if plain else 0].text


def _is_contrast(claim: AnalysedText, place: int) -> bool:
    """Say whether what is denied is only set against the rest: "the tape, and not the sealant"."""
    at = next((one for one in range(place - 1, 0, -1) if claim.words[one] == "not"), 0)
    gap = claim.text[claim.spans[at - 1][1] : claim.spans[at][0]] if at else ""
    return bool(at) and (claim.words[at - 1] in {"and", "but"} or "," in gap)


def _is_within(claim: AnalysedText, row: int, spans: Sequence[tuple[int, int]]) -> bool:
    at = claim.spans[claim.terms[row].place][0]
    return any(start <= at < end for start, end in spans)


def _support(said: Flags, row: int, sentences: npt.NDArray[np.int64], column: int) -> int:
    """Return how many other words of the claim stand in the sentence of a column."""
    return int(np.delete(said, row, axis=0)[:, sentences == sentences[column]].any(axis=1).sum())


def opposite_words(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Return the claim's words with the opposites that the passage has in their place."""
    return tuple(_opposites(claim, passage, matrix >= SAID))


def _opposites(claim: AnalysedText, passage: AnalysedText, said: Flags) -> Iterator[tuple[str, str]]:
    rows = {term.place: row for row, term in enumerate(claim.terms)}
    for place, word in enumerate(claim.words):
        contrary = claim.vocabulary.opposites.get(word)
        is_said = word in passage.words or (place in rows and bool(said[rows[place]].any()))
        if contrary is None or is_said:
            continue
        for at, other in enumerate(passage.words):
            same_sign = passage.denied[at] == claim.negative[place]
            if other in contrary and same_sign and _shared(claim, passage, said, place, at) >= ENOUGH:
                yield word, other
                break


def _shared(claim: AnalysedText, passage: AnalysedText, said: Flags, place: int, at: int) -> int:
    mine = _within(claim, place)
    theirs = [
        row for row in _within(passage, at) if passage.sentences[passage.terms[row].place] == passage.sentences[at]
    ]
    return int(said[np.ix_(mine, theirs)].any(axis=1).sum()) if mine and theirs else 0


def _within(text: AnalysedText, place: int) -> Sequence[int]:
    return [row for row, term in enumerate(text.terms) if 0 < abs(term.place - place) <= CLOSE]
