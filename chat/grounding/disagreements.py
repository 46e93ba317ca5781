"""Disagreements: a parameter that the question asks about, and different creators' different figures for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chat.events.events import Passage
from chat.grounding.quantities import Figure
from chat.grounding.quantities.matching import EXACT
from chat.grounding.quantities.units import UNITS
from chat.grounding.verification.classifier import Span, pieces_of
from chat.grounding.verification.similarity import Analysed, Term
from chrysopedia.core.text import stem

REACH = 4
"""Words between a figure and the parameter that it is of."""
RATIOS = frozenset(map(stem, ("ratio", "compression", "compressor", "mix", "proportion")))
"""Words, stemmed, of which "3:1" may be the figure; beside any other it belongs to something unsaid."""
IN_COMMON = 2
"""Words, the parameter among them, that two passages must share to speak of the same."""
BEFORE, CLAUSE = 1, 2
"""What it counts as further that a figure stands before its parameter, or in another clause."""
_SIGNED = {"level", "loudness"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a passage gives for a parameter: its figures from the lowest to the highest, and where they stand in it."""

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
    said: tuple[Said, ...]


def conflicts_in(passages: Sequence[Passage], *, asked: Mapping[str, float]) -> tuple[Conflict, ...]:
    """Return what the creators of these passages disagree about, of what a question asks.

    ``asked`` holds the question's terms, stemmed, with their weights; passages are best first.
    """
    if len({passage.creator_slug for passage in passages}) < 2:
        return ()
    groups: dict[tuple[str, str], dict[str, Said]] = {}
    for number, passage in enumerate(passages, start=1):
        for one in _said_in(number, passage, asked):
            groups.setdefault((one.stem, one.dimension), {}).setdefault(passage.creator_slug, one)
    ranked = sorted(groups.items(), key=lambda item: -asked[item[0][0]])
    comparable = (_comparable(list(said.values())) for _, said in ranked)
    return tuple(_each_once(said for said in comparable if _are_apart(said)))


def _comparable(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return those who speak of the same: the first, and whoever shares more with it than the parameter."""
    return tuple(one for one in said if one is said[0] or len(one.stems & said[0].stems) >= IN_COMMON)


def _each_once(groups: Iterable[tuple[Said, ...]]) -> Iterator[Conflict]:
    """Yield a conflict for each set of figures, named after the weightiest of the words that they belong to."""
    known: set[tuple[int, Span]] = set()
    for said in groups:
        if known.isdisjoint((one.number, one.span) for one in said):
            known.update((one.number, one.span) for one in said)
            yield Conflict(max((one.parameter for one in said), key=len), said)


def _are_apart(said: Sequence[Said]) -> bool:
    return any(one.highest < other.lowest * (1 - EXACT) for one in said for other in said if one.lowest >= 0) or any(
        one.highest < other.lowest for one in said for other in said if one.lowest < 0
    )


def _said_in(number: int, passage: Passage, asked: Mapping[str, float]) -> Iterator[Said]:
    for start, end in pieces_of(passage.text, passage.marks):
        piece = Analysed(passage.text[start:end])
        terms = [term for term in piece.terms if term.stem in asked and term.text not in UNITS]
        ranges = list(_ranges(piece.counted.figures)) if terms else []
        for dimension in dict.fromkeys(figures[0].unit.dimension for figures in ranges if figures[0].unit):
            alike = [one for one in ranges if one[0].unit and one[0].unit.dimension == dimension]
            for term in terms:
                if dimension == "ratio" and term.stem not in RATIOS:
                    continue
                nearest = min(alike, key=lambda figures: _distance(piece, term, figures))
                if _distance(piece, term, nearest) <= min(REACH, 1 + _closest(piece, nearest)):
                    yield _said(number, piece, term, nearest, start=start, asked=asked)


def _ranges(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Yield the figures with a unit; those of one range, or one choice, together."""
    run: list[Figure] = []
    for figure in figures:
        if figure.unit is None or figure.is_implied or figure.is_denied or figure.unit.dimension == "date":
            continue
        if run and run[-1].is_shared and run[-1].unit == figure.unit:
            run.append(figure)
        else:
            if run:
                yield run
            run = [figure]
    if run:
        yield run


def _distance(piece: Analysed, term: Term, figures: Sequence[Figure]) -> int:
    """Return how far a figure is from a parameter; it mostly follows, in the same clause."""
    places = [place for place, (start, _) in enumerate(piece.spans) if figures[0].start <= start < figures[-1].end]
    return min((_steps(piece, term.place, place) for place in places), default=REACH + 1)


def _closest(piece: Analysed, figures: Sequence[Figure]) -> int:
    """Return how far the nearest word is that a figure may be of."""
    return min(_distance(piece, term, figures) for term in piece.terms if term.text not in UNITS)


def _steps(piece: Analysed, parameter: int, figure: int) -> int:
    steps = abs(figure - parameter) + BEFORE * (figure < parameter)
    return steps + CLAUSE * (piece.clauses[figure] != piece.clauses[parameter])


def _said(
    number: int, piece: Analysed, term: Term, figures: Sequence[Figure], *, start: int, asked: Mapping[str, float]
) -> Said:
    amounts = [_amount(figure) for figure in figures]
    first, last = figures[0].start, figures[-1].end
    unit = figures[0].unit
    return Said(
        number=number,
        parameter=_named(piece, term, asked),
        stem=term.stem,
        stems=piece.stems,
        dimension=unit.dimension if unit else "",
        lowest=min(amounts),
        highest=max(amounts),
        words=piece.text[first:last],
        span=(start, start + len(piece.text)),
    )


def _named(piece: Analysed, term: Term, asked: Mapping[str, float]) -> str:
    """Return the parameter in the passage's words, with those before and after it that are asked about too."""
    places = {one.place for one in piece.terms if one.stem in asked and one.text not in UNITS}
    first = last = term.place
    while first - 1 in places:
        first -= 1
    while last + 1 in places:
        last += 1
    return piece.text[piece.spans[first][0] : piece.spans[last][1]].lower()


def _amount(figure: Figure) -> float:
    unit = figure.unit
    factor = unit.factor if unit else 1.0
    return figure.value * factor if unit and unit.dimension in _SIGNED else abs(figure.value) * factor
