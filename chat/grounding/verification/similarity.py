"""Texts analysed word by word, and how similar each word of a claim is to each of a passage."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from chat.grounding.quantities import ContextWord, QuantityText, quantities_in
from chat.grounding.vocabulary import (
    ANSWERED,
    ASKS,
    AUXILIARIES,
    BELIEVES,
    BREAKS,
    CONDITIONS,
    DETERMINERS,
    ENGLISH,
    FOCUS,
    FUNCTION,
    IRREGULAR,
    LIGHT,
    NEGATORS,
    NUMERALS,
    OBJECTS,
    ONLY,
    PARTIAL,
    STOPPED,
    SUBJECTS,
    Vocabulary,
)
from chrysopedia.core.text import WORD, stem
from creators.embeddings.weights import DIMENSIONS, word_vector

T = TypeVar("T")
Matrix = npt.NDArray[np.float32]
SAID = 0.78
"""Similarity, 0 to 1, from which on a word counts as said: inflected, misheard or written in two."""
INFLECTED, MISHEARD = 0.85, 0.8
_LETTERS_SHARED = 0.82
"""Share of letters from which on two words are one, heard differently."""
SCOPE = 7
"""Words after a negator that it may deny."""
NEAR = 4
"""Words after a condition within which what is denied is only supposed."""
_WHOLE = (("one",), ("it",), ("them",), ("that",), ("this",))
"""Words behind "without" that are all it denies: "I cracked a bar without one"."""
_PAUSE = re.compile(r"[.;:!?()—\n,]")
_STOP = re.compile(r"[.!?\n]")


@dataclass(frozen=True, slots=True)
class Term:
    """A content word: its place among all words, as it is written in lower case, and its stem."""

    place: int
    text: str
    stem: str


class AnalysedText:
    """A text with its words; every other property is computed once, when it is first asked for."""

    def __init__(self, text: str, vocabulary: Vocabulary = ENGLISH, *, breaks: Sequence[int] = ()) -> None:
        """``breaks`` are the offsets at which sentences begin, where the text itself doesn't show them."""
        self.text = text
        self._breaks = sorted(breaks)
        self.vocabulary = vocabulary
        lowered = text.lower().replace("’", "'")
        # Lower case may change a length ("İ"); offsets would then be another text's.
        self._lowered = lowered if len(lowered) == len(text) else text
        found = list(WORD.finditer(self._lowered))
        self.words: tuple[str, ...] = tuple(match[0] for match in found)
        self.spans: tuple[tuple[int, int], ...] = tuple(match.span() for match in found)
        self._known: dict[Callable[..., object], object] = {}

    def once(self, function: Callable[["AnalysedText"], T]) -> T:
        """Return what a function says of this text, which is asked once: a passage is compared with many claims."""
        if function not in self._known:
            self._known[function] = function(self)
        return cast(T, self._known[function])

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The content words in order, without those of quantities."""
        return tuple(
            Term(place, word, stem(IRREGULAR.get(bare, bare)))
            for place, word in enumerate(self.words)
            if word not in FUNCTION and word not in NUMERALS and not word[0].isdigit()
            for bare in [word.removesuffix("'s")]
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the content words."""
        return frozenset(term.stem for term in self.terms)

    @cached_property
    def quantity_text(self) -> QuantityText:
        """The quantities and the content words around them."""
        quantities = quantities_in(self.text, ratio_names=self.vocabulary.ratio_names)
        taken = {at for one in quantities if one.unit for at in range(one.start, one.end)}
        starts = [(term.stem, self.spans[term.place][0]) for term in self.terms]
        words = tuple(ContextWord(word, start) for word, start in starts if start not in taken)
        parts = [self._first_of(numbers) for numbers in (self.clauses, self.sentences)]
        return QuantityText(self.text, quantities, words, *parts)

    @cached_property
    def units(self) -> frozenset[int]:
        """The places of the content words that belong to quantities."""
        spans = [(one.start, one.end) for one in self.quantity_text.quantities]
        places = [term.place for term in self.terms]
        return frozenset(at for at in places if any(low <= self.spans[at][0] < high for low, high in spans))

    def _first_of(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Return the offsets of the words with which clauses or sentences begin."""
        return tuple(
            self.spans[place][0] for place in range(len(numbers)) if not place or numbers[place] != numbers[place - 1]
        )

    @cached_property
    def vectors(self) -> Matrix:
        """The vectors of the content words, of shape (terms, 384)."""
        if not self.terms:
            return np.empty((0, DIMENSIONS), np.float32)
        return np.stack([word_vector(term.text) for term in self.terms])

    @cached_property
    def clauses(self) -> tuple[int, ...]:
        """The number of the clause that each word is in."""
        numbers: list[int] = []
        for place, word in enumerate(self.words):
            is_break = place > 0 and word in BREAKS and self.words[place - 1] != "not"
            begins = place > 0 and (is_break or self._pauses_before(place) or self._begins_again(place))
            numbers.append((numbers[-1] if numbers else 0) + begins)
        return tuple(numbers)

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """The number of the sentence that each word is in."""
        numbers: list[int] = []
        for place, (begin, _) in enumerate(self.spans):
            end = self.spans[place - 1][1] if place else 0
            is_new = place > 0 and (self._is_broken(end, begin) or bool(_STOP.search(self._lowered[end:begin])))
            numbers.append((numbers[-1] if numbers else 0) + is_new)
        return tuple(numbers)

    @cached_property
    def denied(self) -> tuple[bool, ...]:
        """Whether each word stands in the scope of a negator before it in its clause; two of them cancel out."""
        counts = []
        for place in range(len(self.words)):
            before = range(max(0, place - SCOPE), place)
            counts.append(sum(self.negates(one) and self.clauses[one] == self.clauses[place] for one in before))
        return tuple(count % 2 == 1 for count in counts)

    @cached_property
    def negative(self) -> tuple[bool, ...]:
        """Whether the clause of each word is a negative one as a whole: its subject stands before the negator."""
        counts: dict[int, int] = {}
        for place, clause in enumerate(self.clauses):
            counts[clause] = counts.get(clause, 0) + self.negates(place)
        return tuple(counts[clause] % 2 == 1 for clause in self.clauses)

    @cached_property
    def denials(self) -> frozenset[int]:
        """The places of the content words that a negator denies itself: the first behind it, or two joined by "or"."""
        terms = {term.place for term in self.terms}
        return frozenset(at for place in range(len(self.words)) for at in self._denied_from(place, terms))

    @cached_property
    def asked(self) -> frozenset[int]:
        """The places of the words that a question asks, with or without its mark: "do I preheat it"."""
        begins = [at for at, two in enumerate(pairwise(self.words)) if two[0] in ASKS and two[1] in SUBJECTS]
        return frozenset(place for at in begins for place in range(at + 2, min(at + 5, len(self.words))))

    @cached_property
    def doubtful(self) -> tuple[int, ...]:
        """The places of words that may deny something, though it isn't plain what: "doesn't just pop in"."""
        terms = {term.place for term in self.terms}
        return tuple(
            place
            for place, word in enumerate(self.words)
            if (word in NEGATORS or word.endswith("n't"))
            and self.words[place + 1 : place + 2] != ("only",)
            and not any(self._denied_from(place, terms))
        )

    def _denied_from(self, place: int, terms: Set[int]) -> Iterator[int]:
        """Yield the places of what a negator denies, none where it stands in what is only supposed."""
        if not (self.negates(place) or self._is_past(place)) or self._is_denied(place) or self.is_supposed(place):
            return
        if self.words[place] == "without" and self.words[place + 1 : place + 2] in _WHOLE:
            return
        for at in range(place + 1, min(place + 1 + SCOPE, len(self.words))):
            if self.clauses[at] != self.clauses[place] or self.words[at] in PARTIAL or self._is_over(at):
                return
            if at in terms and self.words[at] not in FOCUS:
                yield at
                if self.words[at + 1 : at + 2] not in (("or",), ("nor",)) and self.words[at] not in LIGHT:
                    return

    def _is_over(self, place: int) -> bool:
        """Say whether speech begins anew at a word behind a verb: "I don't do it | the hub cracks"."""
        word, before = self.words[place], self.words[place - 1]
        is_clause = word in SUBJECTS and "'" in word and before not in BELIEVES
        return is_clause or (before in OBJECTS and word in DETERMINERS)

    def _is_denied(self, place: int) -> bool:
        """Say whether another negator stands right before one: "don't forget"."""
        return any(
            self.negates(one) and self.clauses[one] == self.clauses[place] for one in range(max(0, place - 2), place)
        )

    def _is_past(self, place: int) -> bool:
        """Say whether a word begins what is done no longer: "I used to preheat it"."""
        before = self.words[place - 1] if place else ""
        is_habit = before in AUXILIARIES or before.endswith(("'m", "'re", "'s")) or before in {"be", "get", "am"}
        return self.words[place : place + 2] == ("used", "to") and not is_habit

    def is_supposed(self, place: int) -> bool:
        """Say whether a word stands in a clause that begins with a condition: "otherwise it doesn't draw"."""
        for at in range(place - 1, max(-1, place - 1 - NEAR), -1):
            if self.words[at] in CONDITIONS:
                return True
            if self.clauses[at] != self.clauses[place]:
                return False
        return False

    def negates(self, place: int) -> bool:
        """Say whether a word denies what follows it."""
        word = self.words[place]
        before = self.words[place - 1] if place else ""
        following = self.words[place + 1] if place + 1 < len(self.words) else ""
        is_number = following in NUMERALS or following[:1].isdigit()
        if word == "no" and (following in SUBJECTS or following in ANSWERED or is_number or not following):
            return False  # "no, it was the clipper" answers, and "three, no, four stones" corrects
        if word == "no" and self.words[place + 2 : place + 3] in (("is",), ("was",)) and self._opens(place):
            return False  # "no dish is the first thing" may answer as well
        if word in STOPPED and not (following.endswith("ing") or following == "to"):
            return word == "skip" or word.startswith("avoid")
        sets_aside = word == "instead" or (before, word) in {("rather", "than"), ("place", "of")}
        return sets_aside or ((word in NEGATORS or word.endswith("n't")) and following not in ONLY)

    def _opens(self, place: int) -> bool:
        return not place or self.sentences[place] != self.sentences[place - 1]

    def _begins_again(self, place: int) -> bool:
        """Say whether speech begins anew at a word, with a subject: "it wasn't the clay | it was the draft"."""
        word, before = self.words[place], self.words[place - 1]
        following = self.words[place + 1] if place + 1 < len(self.words) else ""
        is_subject = word in SUBJECTS and (word not in OBJECTS or following in AUXILIARIES)
        is_object = before in FUNCTION and before not in ANSWERED
        return is_subject and not is_object and before not in BELIEVES and not before.endswith("n't")

    def _pauses_before(self, place: int) -> bool:
        start, end = self.spans[place - 1][1], self.spans[place][0]
        return self._is_broken(start, end) or bool(_PAUSE.search(self._lowered[start:end]))

    def _is_broken(self, start: int, end: int) -> bool:
        return bisect_right(self._breaks, start) < bisect_right(self._breaks, end)


def analysed_sentences(
    parts: Sequence[tuple[str, Sequence[tuple[int, int]]]], vocabulary: Vocabulary = ENGLISH
) -> AnalysedText:
    """Return texts, each with the spans of its sentences, as one that is parted where these begin."""
    offset, breaks = 0, []
    for text, spans in parts:
        breaks += [offset + start for start, _ in spans]
        offset += len(text) + 1
    return AnalysedText("\n".join(text for text, _ in parts), vocabulary, breaks=breaks)


def stems_of(terms: Sequence[Term]) -> list[str]:
    """Return the stems in order."""
    return [term.stem for term in terms]


def sentences_of_terms(text: AnalysedText) -> npt.NDArray[np.int64]:
    """Return the number of the sentence that each content word is in."""
    return np.array([text.sentences[term.place] for term in text.terms], dtype=np.int64)


def similarity_matrix(claim: AnalysedText, passage: AnalysedText) -> Matrix:
    """Return the similarity, 0 to 1, of each content word of a claim to each of a passage: shape (claim, passage)."""
    matrix: Matrix = np.clip(claim.vectors @ passage.vectors.T, 0.0, 1.0)
    _match_spellings(matrix, claim, passage)
    _match_compounds(matrix, claim, passage)
    _match_compounds(matrix.T, passage, claim)
    return matrix


def places_by_stem(text: AnalysedText) -> Mapping[str, Sequence[int]]:
    """Return the numbers of a text's content words by their stems."""
    places: dict[str, list[int]] = {}
    for number, term in enumerate(text.terms):
        places.setdefault(term.stem, []).append(number)
    return places


def _stems_by_letter(text: AnalysedText) -> Mapping[str, Mapping[str, Sequence[int]]]:
    letters: dict[str, dict[str, Sequence[int]]] = {}
    for one, places in text.once(places_by_stem).items():
        letters.setdefault(one[:1], {})[one] = places
    return letters


def _match_spellings(matrix: Matrix, claim: AnalysedText, passage: AnalysedText) -> None:
    letters = passage.once(_stems_by_letter)
    for row, term in enumerate(claim.terms):
        alike = letters.get(term.stem[:1], {})
        if term.stem in alike:
            matrix[row, alike[term.stem]] = 1.0
            continue
        for other, columns in alike.items():
            if (grade := _spelling_similarity(term.stem, other)) > 0:
                matrix[row, columns] = np.maximum(matrix[row, columns], grade)


@lru_cache(maxsize=50_000)
def _spelling_similarity(one: str, other: str) -> float:
    """Return how similarly two stems with the same first letter are spelled: 0, ``MISHEARD`` or ``INFLECTED``."""
    if min(len(one), len(other)) < 4:
        return 0.0
    if one.startswith(other) or other.startswith(one):
        return INFLECTED
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 3:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return MISHEARD if matcher.quick_ratio() > _LETTERS_SHARED and matcher.ratio() > _LETTERS_SHARED else 0.0


def _match_compounds(matrix: Matrix, whole: AnalysedText, parts: AnalysedText) -> None:
    """Set the similarity to 1 where one text writes a word in two: "sidechain", "side chain"."""
    wanted = whole.once(places_by_stem)
    for column, one in parts.once(_compounds):
        if rows := wanted.get(one):
            matrix[rows, column] = matrix[rows, column + 1] = 1.0


def _compounds(text: AnalysedText) -> Sequence[tuple[int, str]]:
    """Return the stems of every two content words that stand side by side, as one word, by the number of the first."""
    return [
        (number, stem(first.text + second.text))
        for number, (first, second) in enumerate(pairwise(text.terms))
        if second.place == first.place + 1
    ]
