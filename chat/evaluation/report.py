"""A run's report: its figures overall, by creator and by kind, and how they read in a terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chat.evaluation.figures import figures_of
from chat.evaluation.values import Figure, Figures, Outcome

EVERYONE = "(everyone)"
"""The group of the questions that are put to no creator in particular."""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures, and the outcomes that they are made of."""

    overall: Figures
    creators: Mapping[str, Figures]
    kinds: Mapping[str, Figures]
    outcomes: tuple[Outcome, ...]


def report_of(outcomes: Sequence[Outcome]) -> Report:
    """Return the report of a run; groups are in alphabetical order, and a question without a kind is in none."""
    return Report(
        overall=figures_of(outcomes),
        creators=_grouped(outcomes, by=lambda one: one.asking.creator or EVERYONE),
        kinds=_grouped(outcomes, by=lambda one: one.asking.kind),
        outcomes=tuple(outcomes),
    )


def table(report: Report) -> str:
    """Return the figures as an aligned table: a line for each creator, for each kind, and overall."""
    parts = [report.creators, report.kinds, {"overall": report.overall}]
    rows = [["", "questions", *report.overall.shares]]
    for part in filter(None, parts):
        rows.append([""] * len(rows[0]))
        rows += [[name, str(one.questions), *map(shown, one.shares.values())] for name, one in part.items()]
    return "\n".join(aligned(rows))


def misses(report: Report) -> Iterator[str]:
    """Yield a paragraph for each question that missed its tier or its works."""
    for one in report.outcomes:
        if one.is_miss:
            asking = one.asking
            wanted = ", ".join(asking.works) or "nothing"
            found = ", ".join(dict.fromkeys(one.works)) or "nothing"
            yield (
                f"{asking.place} [{asking.creator or EVERYONE}] {asking.question}\n"
                f"    expected {asking.tier}: {wanted}\n"
                f"    found    {one.tier}: {found}"
            )


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows as lines: the first column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def shown(figure: Figure) -> str:
    """Return a figure with three decimals, a dash where there is none."""
    return "–" if figure is None else f"{figure:.3f}"


def _grouped(outcomes: Sequence[Outcome], *, by: Callable[[Outcome], str]) -> dict[str, Figures]:
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if name := by(one):
            groups.setdefault(name, []).append(one)
    return {name: figures_of(groups[name]) for name in sorted(groups)}
