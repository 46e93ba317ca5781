"""The report of an evaluation, kept and compared with an earlier one."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chat.evaluation.metrics import figures_of
from chat.evaluation.questions import EvaluationError, Figure, Figures, Outcome

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


ROUNDING = 1e-6
"""What rounding may take from a stored figure; a loss of exactly the margin is still within it."""


def worse(now: Figures, *, earlier: Figures, margin: float) -> list[str]:
    """Return the names of the figures that lost more than the margin; those that one run lacks can't be compared."""
    return [
        name
        for name, after in now.shares.items()
        if after is not None and (before := earlier.shares.get(name)) is not None and before - after > margin + ROUNDING
    ]


def differences(now: Figures, *, earlier: Figures) -> Iterator[str]:
    """Yield a table of each figure earlier and now, and a warning where the runs can't have asked the same."""
    rows = [["", "earlier", "now", "difference"]]
    for name, after in now.shares.items():
        before = earlier.shares.get(name)
        change = "–" if before is None or after is None else f"{after - before:+z.3f}"
        rows.append([name, shown(before), shown(after), change])
    yield from aligned(rows)
    if now.questions != earlier.questions:
        yield f"The earlier run asked {earlier.questions} questions, this one {now.questions}: they compare badly."


DECIMALS = 6


def write_report(report: Report, file: Path) -> None:
    """Write the report, with what came of each question on a line of its own, so that changes can be read."""
    groups = {
        "overall": _figures(report.overall),
        "creators": {name: _figures(figures) for name, figures in report.creators.items()},
        "kinds": {name: _figures(figures) for name, figures in report.kinds.items()},
    }
    head = json.dumps(groups, indent=2, ensure_ascii=False).removesuffix("\n}")
    rows = ",".join("\n    " + json.dumps(_result(one), ensure_ascii=False) for one in report.outcomes)
    try:
        file.write_text(f'{head},\n  "results": [{rows}\n  ]\n}}\n', encoding="utf-8")
    except OSError as error:
        raise EvaluationError([f"{file}: can't be written: {error.strerror}"]) from error


def read_figures(file: Path) -> Figures:
    """Return the overall figures of an earlier report; raises ``EvaluationError`` where the file holds none."""
    try:
        overall = json.loads(file.read_bytes())["overall"]
        questions = int(overall.pop("questions"))
        return Figures(questions=questions, shares={str(name): _share(value) for name, value in overall.items()})
    except OSError as error:
        raise EvaluationError([f"{file}: can't be read: {error.strerror}"]) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvaluationError([f"{file}: is not a report that --json wrote"]) from error


def _share(value: object) -> Figure:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _figures(figures: Figures) -> dict[str, Any]:
    shares = {name: None if one is None else round(one, DECIMALS) for name, one in figures.shares.items()}
    return {"questions": figures.questions, **shares}


def _result(one: Outcome) -> dict[str, Any]:
    asking = one.asking
    return {
        "question": asking.question,
        "creator": asking.creator,
        "kind": asking.kind,
        "expected": {"tier": asking.tier, "works": asking.works},
        "found": {"tier": one.tier, "works": one.works},
        "rank": one.rank,
        "miss": one.is_miss,
    }
