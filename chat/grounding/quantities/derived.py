"""Figures that a passage doesn't name and yet gives: twice of what it names, a share of two, the step between two."""

import itertools
import re
from collections.abc import Iterator, Sequence

from chat.grounding.quantities.matching import EXACT, close
from chat.grounding.quantities.values import Figure

CLOSE = 0.02
FEW = 10
"""Up to this, numbers without a unit are too common for their quotient to mean anything."""
NEAR = 40
"""Characters within which "double that" belongs to a figure."""
_COMPARES = re.compile(
    r"\b(?:by|shorter|longer|gain\w*|more|less|fewer|apart|difference|later|earlier|rose|fell|increased?|decreased?"
    r"|taller|higher|lower|wider|narrower|heavier|lighter|older|younger)\b"
)
_SUMS = re.compile(r"\b(?:total|totals|totalling|adds? up|altogether|in all|overall|combined|sums?)\b")


def is_derived(figure: Figure, passage: Sequence[Figure], *, claim: str) -> bool:
    """Say whether a claim's figure follows from two of the passage's, by a step that its words speak of."""
    folded = claim.casefold()
    amounts = [one for one in passage if not one.is_ordinal]
    if _is_multiple(figure):
        shares = [*_quotients(amounts), *(_parts(amounts) if figure.is_share else ())]
        return any(_close(_share(figure), share) for share in shares)
    made = [
        *_multiplied(figure, amounts),
        *(_steps(figure, amounts) if _COMPARES.search(folded) else ()),
        *(_totals(figure, amounts) if _SUMS.search(folded) else ()),
    ]
    return any(close(abs(_base(figure)), abs(amount), EXACT) for amount in made if amount)


def _is_multiple(figure: Figure) -> bool:
    dimension = figure.unit.dimension if figure.unit else ""
    return (
        (figure.is_share and not dimension)
        or dimension == "times"
        or (dimension == "percent" and figure.value in {25, 50, 75, 100, 200})
    )


def _share(figure: Figure) -> float:
    return figure.value / 100 if figure.unit and figure.unit.dimension == "percent" else figure.value


def _quotients(amounts: Sequence[Figure]) -> Iterator[float]:
    for one in amounts:
        for other in amounts:
            if one is other or not _are_alike(one, other) or not other.value:
                continue
            is_bare = one.unit is None or other.unit is None
            yield abs(one.value / other.value) if is_bare else abs(_base(one) / _base(other))


def _parts(amounts: Sequence[Figure]) -> Iterator[float]:
    """Yield the share that one count has of two: nine votes to three."""
    counts = [one.value for one in amounts if one.unit is None and not one.is_share]
    for one, other in itertools.pairwise(counts):
        yield one / (one + other) if one + other else 0.0


def _multiplied(figure: Figure, amounts: Sequence[Figure]) -> Iterator[float]:
    """Yield half and double of what there is, where the passage speaks of half or double."""
    multiples = [one for one in amounts if one.is_share or (one.unit and one.unit.dimension == "times")]
    for one in amounts:
        if _dimension(one) == _dimension(figure) and not one.is_share:
            for multiple in multiples:
                if multiple.value and -NEAR < multiple.start - one.end < NEAR:
                    yield _base(one) * multiple.value
                    yield _base(one) / multiple.value


def _steps(figure: Figure, amounts: Sequence[Figure]) -> Iterator[float]:
    alike = [one for one in amounts if _may_be(figure, one)]
    for one, other in itertools.pairwise(alike):
        yield abs(_base(one) - _base(other))


def _totals(figure: Figure, amounts: Sequence[Figure]) -> Iterator[float]:
    counts = [one.value for one in amounts if one.unit is None]
    for one in amounts:
        if one.unit and _dimension(one) == _dimension(figure):
            yield from (_base(one) * count for count in counts)


def _are_alike(one: Figure, other: Figure) -> bool:
    if one.unit and other.unit:
        return _dimension(one) == _dimension(other)
    return min(one.value, other.value) > FEW or (bool(one.unit or other.unit) and not (one.is_count or other.is_count))


def _may_be(figure: Figure, other: Figure) -> bool:
    return other.unit is None or figure.unit is None or _dimension(figure) == _dimension(other)


def _dimension(figure: Figure) -> str:
    return figure.unit.dimension if figure.unit else ""


def _base(figure: Figure) -> float:
    return figure.value * (figure.unit.factor if figure.unit else 1.0)


def _close(one: float, other: float) -> bool:
    return abs(abs(one) - abs(other)) <= CLOSE * max(abs(one), abs(other)) and bool(one)
