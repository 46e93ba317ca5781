"""A report as a file: JSON with the figures first, then a line for each question, the same bytes for the same run."""

import json
import math
from pathlib import Path
from typing import Any

from chat.evaluation.problems import EvaluationError
from chat.evaluation.report import Report
from chat.evaluation.values import Figure, Figures, Outcome

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
