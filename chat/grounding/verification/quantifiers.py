"""Claims that leave no exception where the passage does: "always" for "usually", "every" for "some"."""

from collections.abc import Iterator, Sequence, Set

import numpy as np

from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix, sentences_of_terms
from chat.grounding.vocabulary import ANSWERED, DETERMINERS, NUMERALS

_EVER = frozenset("always every all everyone everybody everything invariably whatever whenever anyone any".split())
_NEVER = frozenset("never no nobody none nothing".split())
"""Words of a claim that leave no exception, for what is so and for what is not."""
_ADVERBS = frozenset("always never invariably".split())
"""Those of them that are of what is done, and not of a thing."""
_DENIES = frozenset("no none nothing".split())
"""Those that rather deny than leave no exception."""
_LIMITS = frozenset(
    "usually mostly often sometimes occasionally generally typically normally rarely seldom depends might".split()
)
"""Words of a passage that leave one."""
_SHARES = frozenset("most some many few several half certain".split())
"""Words of a passage that leave one where they stand before what is spoken of, or before times."""
_TIMES = frozenset("time times days cases occasions".split())
_CASES = frozenset("one time tape record song session day night occasion case batch".split())
"""Words behind "this" or "that" by which a passage speaks of one case."""
_PHRASES = frozenset("in at after over above".split())
"""Words before "all" that make a phrase of it: "in all", "at all"."""
_UNITS = frozenset("second minute hour day night morning evening week month year time half other few couple".split())
"""Words behind "every" that make a rate of it."""
_APPROACHES = frozenset("not almost nearly practically virtually hardly".split())
"""Words before one that leaves no exception by which it leaves some."""
LEAST, SHARE = 2, 0.5
"""Content words of a claim, and their share, that must stand in the sentence in which the passage limits it."""
BESIDE = 3
"""Words, small ones too, that must do so where a claim has hardly a content word."""


def overstated_words(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Return a claim's word that leaves no exception, with the passage's word that does, where both are of the same."""
    universals = [place for place in range(len(claim.words)) if leaves_none(claim, place)]
    of_all = [place for place in universals if claim.words[place] not in _DENIES]
    if not universals or not matrix.size or not _LIMITS.union(_SHARES).isdisjoint(claim.words):
        return ()
    said = matrix >= SAID
    sentences = passage.once(sentences_of_terms)
    counts = {int(number): int(said[:, sentences == number].any(axis=1).sum()) for number in np.unique(sentences)}
    best = max(counts, key=lambda number: (counts[number], -number))
    if counts[best] < SHARE * len(claim.terms) or not (counts[best] >= LEAST or _shares_words(claim, passage, best)):
        return ()
    speaking = {number for number, count in counts.items() if count * 2 > counts[best]}
    matched = {
        term.place for term, is_said in zip(passage.terms, np.atleast_1d(said.any(axis=0)), strict=True) if is_said
    }
    clauses = {passage.clauses[place] for place in matched if passage.sentences[place] in speaking}
    if any(clause in clauses and leaves_none(passage, place) for place, clause in enumerate(passage.clauses)):
        return ()
    is_denied = any(passage.negates(place) and number in speaking for place, number in enumerate(passage.sentences))
    if is_denied and all(claim.words[place] in _NEVER for place in of_all):
        of_all = []
    near = clauses | _asides(passage, clauses)
    own = {place for place, number in enumerate(passage.sentences) if number == best and passage.clauses[place] in near}
    limits = [*_parts(claim, passage, matrix, universals), *(_limits(passage, sorted(own - matched)) if of_all else ())]
    return ((claim.words[(of_all or universals)[0]], limits[0]),) if limits else ()


def boundless_words(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[str, ...]:
    """Return a claim's word for each case where the passage, near what it says of the same, has no such word at all."""
    mine = [word for place, word in enumerate(claim.words) if word in _BOUNDLESS and _is_of_cases(claim, place)]
    if not mine or not matrix.size or not _PARTED.isdisjoint(claim.words):
        return ()
    if any(claim.negates(place) for place in range(len(claim.words))):
        return ()
    said, places = matrix >= SAID, np.array([term.place for term in passage.terms])
    counts = [int(said[:, (places >= at) & (places <= at + TOLD)].any(axis=1).sum()) for at in places]
    most = max(counts)
    begin = int(places[counts.index(most)])
    near = passage.words[max(0, begin - AROUND) : begin + TOLD + AROUND]
    is_told = most >= LEAST and most >= SHARE * len(claim.terms)
    return (mine[0],) if is_told and _OF_EACH.isdisjoint(near) else ()


def _is_of_cases(claim: AnalysedText, place: int) -> bool:
    return claim.words[place] in _WHICHEVER or leaves_none(claim, place)


_WHICHEVER = frozenset("whatever whenever".split())
_BOUNDLESS = frozenset({*_WHICHEVER, *"every always invariably".split()})
"""Words of a claim by which it is so in each case."""
_OF_EACH = frozenset(
    """
    every each all always whole everything everyone any anything never no none whatever whenever both entire invariably
    daily weekly
    """.split()
)
"""Words by which a passage may say so, too."""
_PARTED = frozenset("unless except only because since so but while whereas".split())
"""Words of a claim that bound it, or join to it what stands elsewhere."""
TOLD, AROUND = 14, 10
"""Words within which a passage says what a claim does, and around these."""


def _shares_words(claim: AnalysedText, passage: AnalysedText, sentence: int) -> bool:
    words = {word for word, number in zip(passage.words, passage.sentences, strict=True) if number == sentence}
    return len(words & {word for word in claim.words if word not in DETERMINERS}) >= BESIDE


def _asides(passage: AnalysedText, clauses: Set[int]) -> set[int]:
    """Return the clauses beside these that have no content word: "usually", "most of the time"."""
    full = {passage.clauses[term.place] for term in passage.terms if term.text not in ANSWERED | _TIMES}
    return {one for clause in clauses for one in (clause - 1, clause + 1) if one not in full}


def _limits(passage: AnalysedText, places: Sequence[int]) -> Iterator[str]:
    """Yield the words at these places that leave an exception, or speak of one case."""
    for place in places:
        word, following = passage.words[place], passage.words[place + 1 : place + 2]
        if word in {"this", "that"} and following and following[0] in _CASES:
            yield f"{word} {following[0]}"
        elif word in _LIMITS or (word in _SHARES and _TIMES.intersection(passage.words[place + 1 : place + 4])):
            yield word
        elif word in _APPROACHES and following and following[0] in _EVER | _NEVER | {"ever"}:
            yield f"{word} {following[0]}"


def _parts(claim: AnalysedText, passage: AnalysedText, matrix: Matrix, universals: Sequence[int]) -> Iterator[str]:
    """Yield the word by which the passage speaks of a part of what the claim has all of: "most skies", "every sky"."""
    places = {term.place: column for column, term in enumerate(passage.terms)}
    behind = {place + step for place in universals for step in (1, 2)}
    is_ever = any(claim.words[place] in _ADVERBS for place in universals)
    rows = [row for row, term in enumerate(claim.terms) if is_ever or term.place in behind]
    for place, word in enumerate(passage.words):
        skip = 3 if passage.words[place + 1 : place + 2] == ("of",) else 1
        column = places.get(place + skip)
        if word in _SHARES and column is not None and (matrix[rows, column] >= SAID).any():
            yield word


def leaves_none(text: AnalysedText, place: int) -> bool:
    """Say whether a word leaves no exception."""
    word = text.words[place]
    before, following = text.words[place - 1 : place] or ("",), text.words[place + 1 : place + 2] or ("",)
    if word not in _EVER and word not in _NEVER:
        return False
    if before[0] in _APPROACHES or before[0].endswith("n't") or (word == "all" and before[0] in _PHRASES):
        return False
    if word in {"all", "every"} and (following[0] in _UNITS or following[0] in NUMERALS or following[0][:1].isdigit()):
        return False
    return word not in {"no", "any"} or not (
        before[0] in {"without"} or following[0] in {"more", "less", "longer", "one"}
    )
