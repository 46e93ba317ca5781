"""Disagreements: a parameter that the question asks about, and different creators' different figures for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chat.grounding.receipts.analysis import Analysed, Term
from chat.grounding.receipts.english import FUNCTION
from chat.grounding.receipts.figures import Figure
from chat.grounding.receipts.figures.same import EXACT
from chat.grounding.receipts.places import Span, pieces_of
from chat.values import Passage

REACH = 7
"""Words between a figure and the parameter that it is of."""
BEFORE, CLAUSE = 1, 2
"""What it counts as further that a figure stands before its parameter, or in another clause."""
_SIGNED = {"level", "loudness"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a passage gives for a parameter: its figures from the lowest to the highest, and where they stand in it."""

    number: int
    term: Term
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
            groups.setdefault((one.term.stem, one.dimension), {}).setdefault(passage.creator_slug, one)
    ranked = sorted(groups.items(), key=lambda item: -asked[item[0][0]])
    return tuple(_each_once(tuple(said.values()) for _, said in ranked if _are_apart(list(said.values()))))


def _each_once(groups: Iterable[tuple[Said, ...]]) -> Iterator[Conflict]:
    """Yield a conflict for each set of figures, named after the weightiest of the words that they belong to."""
    known: set[tuple[int, Span]] = set()
    for said in groups:
        if known.isdisjoint((one.number, one.span) for one in said):
            known.update((one.number, one.span) for one in said)
            yield Conflict(said[0].term.text, said)


def _are_apart(said: Sequence[Said]) -> bool:
    return any(one.highest < other.lowest * (1 - EXACT) for one in said for other in said if one.lowest >= 0) or any(
        one.highest < other.lowest for one in said for other in said if one.lowest < 0
    )


def _said_in(number: int, passage: Passage, asked: Mapping[str, float]) -> Iterator[Said]:
    for start, end in pieces_of(passage.text, passage.marks):
        piece = Analysed(passage.text[start:end])
        terms = [term for term in piece.terms if term.stem in asked and term.text not in FUNCTION]
        ranges = list(_ranges(piece.counted.figures)) if terms else []
        for dimension in dict.fromkeys(figures[0].unit.dimension for figures in ranges if figures[0].unit):
            alike = [one for one in ranges if one[0].unit and one[0].unit.dimension == dimension]
            for term in terms:
                nearest = min(alike, key=lambda figures: _distance(piece, term, figures))
                if _distance(piece, term, nearest) <= REACH:
                    yield _said(number, piece, term, nearest, start)


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


def _steps(piece: Analysed, parameter: int, figure: int) -> int:
    steps = abs(figure - parameter) + BEFORE * (figure < parameter)
    return steps + CLAUSE * (piece.clauses[figure] != piece.clauses[parameter])


def _said(number: int, piece: Analysed, term: Term, figures: Sequence[Figure], start: int) -> Said:
    amounts = [_amount(figure) for figure in figures]
    first, last = figures[0].start, figures[-1].end
    unit = figures[0].unit
    return Said(
        number=number,
        term=term,
        dimension=unit.dimension if unit else "",
        lowest=min(amounts),
        highest=max(amounts),
        words=piece.text[first:last],
        span=(start, start + len(piece.text)),
    )


def _amount(figure: Figure) -> float:
    unit = figure.unit
    factor = unit.factor if unit else 1.0
    return figure.value * factor if unit and unit.dimension in _SIGNED else abs(figure.value) * factor
