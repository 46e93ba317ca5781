"""Disagreements: a parameter that the question asks about, and different creators' different quantities for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chat.events.events import Passage
from chat.grounding.claims import Span
from chat.grounding.quantities import Quantity
from chat.grounding.quantities.amounts import EXACT
from chat.grounding.quantities.units import UNITS
from chat.grounding.subjects import speaks_of, subjects_of
from chat.grounding.verification.segments import segments_of
from chat.grounding.verification.similarity import AnalysedText, Term
from chat.grounding.vocabulary import ENGLISH, Vocabulary
from chrysopedia.core.text import stem, stems
from creators.transcripts.segments import Mark

REACH = 4
"""Words between a quantity and the parameter that it is of."""
IN_COMMON = 2
"""Words, the parameter among them, that two passages must share to speak of the same."""
MOSTLY = 0.5
"""Share of what a question names beside a parameter, "a pad envelope", of which a passage must speak to be compared."""
DEGREES = frozenset(
    map(stem, "many much long short far old large big small often high low tall fast slow wide deep".split())
)
"""What a question asks the degree of something with, "how fast": it is no parameter by itself."""
BEFORE, CLAUSE = 1, 2
"""What it counts as further that a quantity stands before its parameter, or in another clause."""
MOST_KEPT = 512
"""Passages of which the sentences with quantities are kept: about 10 MB where every other sentence has one."""
_SIGNED = {"level", "loudness"}


@dataclass(frozen=True, slots=True)
class StatedValue:
    """The value, or range of values, that one passage gives for a parameter, and the span of its sentence."""

    number: int
    parameter: str
    stem: str
    stems: frozenset[str]
    dimension: str
    lowest: float
    highest: float
    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class Conflict:
    """A parameter, and what each creator gives for it who gives anything, the best passage of each."""

    parameter: str
    said: tuple[StatedValue, ...]


def conflicts_in(
    passages: Sequence[Passage], *, query: str, asked: Mapping[str, float], vocabulary: Vocabulary = ENGLISH
) -> tuple[Conflict, ...]:
    """Return the parameters that a question asks about and creators give different values for.

    ``asked`` holds the question's terms, stemmed, with their weights; passages are best first. Where the question names
    a thing that a work is about, values of other things don't count.
    """
    subjects = subjects_of(query, passages, asked=asked)
    heard = [(at, one) for at, one in enumerate(passages, start=1) if not subjects or speaks_of(one, subjects)]
    if len({passage.creator_slug for _, passage in heard}) < 2:
        return ()
    shared = frozenset(word for subject in subjects for word in subject)
    groups: dict[tuple[str, str], dict[str, StatedValue]] = {}
    for number, passage in heard:
        values = list(_values_in(number, passage, asked, vocabulary))
        # Most passages give no value, and stems cost more than the rest.
        held = frozenset(stems(f"{passage.title} {passage.text}")) if values else frozenset()
        for one in values:
            if _is_about(held, {term: asked[term] for term in asked.keys() - DEGREES - {one.stem}}):
                groups.setdefault((one.stem, one.dimension), {}).setdefault(passage.creator_slug, one)
    ranked = sorted(groups.items(), key=lambda item: -asked[item[0][0]])
    comparable = (_comparable(list(said.values()), shared) for _, said in ranked)
    return tuple(_each_once(said for said in comparable if _disagree(said)))


def _is_about(held: frozenset[str], about: Mapping[str, float]) -> bool:
    """Say whether these terms hold most, by weight, of what a question names beside a parameter."""
    return sum(weight for term, weight in about.items() if term in held) >= MOSTLY * sum(about.values())


def _comparable(said: Sequence[StatedValue], shared: frozenset[str]) -> tuple[StatedValue, ...]:
    """Return those who speak of the same: the first, and whoever shares more with it than the parameter.

    ``shared`` holds the terms of the thing that all of them speak of.
    """
    return tuple(one for one in said if one is said[0] or len((one.stems & said[0].stems) | shared) >= IN_COMMON)


def _each_once(groups: Iterable[tuple[StatedValue, ...]]) -> Iterator[Conflict]:
    """Yield a conflict for each set of quantities, named after the weightiest of the words that they belong to."""
    known: set[tuple[int, Span]] = set()
    for said in groups:
        if known.isdisjoint((one.number, one.span) for one in said):
            known.update((one.number, one.span) for one in said)
            yield Conflict(max((one.parameter for one in said), key=len), said)


def _disagree(said: Sequence[StatedValue]) -> bool:
    return any(one.highest < other.lowest * (1 - EXACT) for one in said for other in said if one.lowest >= 0) or any(
        one.highest < other.lowest for one in said for other in said if one.lowest < 0
    )


def _values_in(
    number: int, passage: Passage, asked: Mapping[str, float], vocabulary: Vocabulary
) -> Iterator[StatedValue]:
    parameters = asked.keys() - DEGREES
    for start, segment, ranges in _measured(passage.text, passage.marks, vocabulary):
        terms = [term for term in segment.terms if term.stem in parameters and term.text not in UNITS]
        for dimension in dict.fromkeys(quantities[0].unit.dimension for quantities in ranges if quantities[0].unit):
            alike = [one for one in ranges if one[0].unit and one[0].unit.dimension == dimension]
            for term in terms:
                if dimension == "ratio" and term.stem not in vocabulary.ratio_owners:
                    continue
                nearest = min(alike, key=lambda quantities: _distance(segment, term, quantities))
                if _distance(segment, term, nearest) <= min(REACH, 1 + _closest(segment, nearest)):
                    yield _stated_value(number, segment, term, nearest, start=start, asked=asked)


# The same passages are found again and again, and reading their figures took a third of a search here.
@lru_cache(maxsize=MOST_KEPT)
def _measured(
    text: str, marks: tuple[Mark, ...], vocabulary: Vocabulary
) -> tuple[tuple[int, AnalysedText, tuple[Sequence[Quantity], ...]], ...]:
    """Return the sentences of a passage that have quantities with units: offset, analysis, and the quantities."""
    segments = ((start, AnalysedText(text[start:end], vocabulary)) for start, end in segments_of(text, marks))
    measured = ((start, one, tuple(_ranges(one.quantity_text.quantities))) for start, one in segments)
    return tuple((start, one, ranges) for start, one, ranges in measured if ranges)


def _ranges(quantities: Sequence[Quantity]) -> Iterator[list[Quantity]]:
    """Yield the quantities with a unit; those of one range, or one choice, together."""
    run: list[Quantity] = []
    for quantity in quantities:
        if quantity.unit is None or quantity.is_implied or quantity.is_denied or quantity.unit.dimension == "date":
            continue
        if run and run[-1].is_shared and run[-1].unit == quantity.unit:
            run.append(quantity)
        else:
            if run:
                yield run
            run = [quantity]
    if run:
        yield run


def _distance(segment: AnalysedText, term: Term, quantities: Sequence[Quantity]) -> int:
    """Return how far a quantity is from a parameter; it mostly follows, in the same clause."""
    places = [
        place for place, (start, _) in enumerate(segment.spans) if quantities[0].start <= start < quantities[-1].end
    ]
    return min((_steps(segment, term.place, place) for place in places), default=REACH + 1)


def _closest(segment: AnalysedText, quantities: Sequence[Quantity]) -> int:
    """Return how far the nearest word is that a quantity may be of."""
    return min(_distance(segment, term, quantities) for term in segment.terms if term.text not in UNITS)


def _steps(segment: AnalysedText, parameter: int, quantity: int) -> int:
    steps = abs(quantity - parameter) + BEFORE * (quantity < parameter)
    return steps + CLAUSE * (segment.clauses[quantity] != segment.clauses[parameter])


def _stated_value(
    number: int,
    segment: AnalysedText,
    term: Term,
    quantities: Sequence[Quantity],
    *,
    start: int,
    asked: Mapping[str, float],
) -> StatedValue:
    amounts = [_amount(quantity) for quantity in quantities]
    first, last = quantities[0].start, quantities[-1].end
    unit = quantities[0].unit
    return StatedValue(
        number=number,
        parameter=_named(segment, term, asked),
        stem=term.stem,
        stems=segment.stems,
        dimension=unit.dimension if unit else "",
        lowest=min(amounts),
        highest=max(amounts),
        words=segment.text[first:last],
        span=(start, start + len(segment.text)),
    )


def _named(segment: AnalysedText, term: Term, asked: Mapping[str, float]) -> str:
    """Return the parameter in the passage's words, with those before and after it that are asked about too."""
    places = {one.place for one in segment.terms if one.stem in asked and one.text not in UNITS}
    first = last = term.place
    while first - 1 in places:
        first -= 1
    while last + 1 in places:
        last += 1
    return segment.text[segment.spans[first][0] : segment.spans[last][1]].lower()


def _amount(quantity: Quantity) -> float:
    unit = quantity.unit
    factor = unit.factor if unit else 1.0
    return quantity.value * factor if unit and unit.dimension in _SIGNED else abs(quantity.value) * factor
