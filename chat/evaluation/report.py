"""Asking the questions of an evaluation: the figures that come of it, kept and compared with earlier ones."""

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chat.conversations import memory
from chat.evaluation.questions import EvaluationError, LabelledQuestion, Metric, RankingMetrics, RetrievalOutcome
from chat.events.events import Tier
from chat.grounding.markers import without_markers
from chat.retrieval import SearchQuery, build_query, retrieve
from chrysopedia.core.output import JSONEncoder
from creators.embeddings import Embedder, get_embedder
from creators.models import Creator


def evaluate_question(question: LabelledQuestion, *, limit: int) -> RetrievalOutcome:
    """Return what the question comes to, with up to ``limit`` passages; raises whatever retrieval raises."""
    embedder = get_embedder()
    creator = Creator.objects.published().named(question.creator) if question.creator else None
    query = query_of(question, creator=creator, embedder=embedder)
    found = retrieve(query, creator_id=creator.pk if creator else None, limit=limit)
    # Where nothing answers, what is only near, and said to be, is no answer.
    is_refused = question.tier == Tier.NONE and found.coverage != "full"
    return RetrievalOutcome(
        question=question,
        tier=Tier.NONE if is_refused else found.tier,
        works=tuple(passage.work_slug for passage in found.passages),
    )


def query_of(question: LabelledQuestion, *, creator: Creator | None, embedder: Embedder) -> SearchQuery:
    """Return what chat would search for, with the history that it would remember."""
    history = question.history[-memory.MOST_TURNS :]
    return build_query(
        question.text,
        creator_id=creator.pk if creator else None,
        names=(creator.name, *creator.aliases) if creator else (),
        earlier=[turn.question for turn in history],
        last_answer=without_markers(history[-1].answer) if history else "",
        embedder=embedder,
    )


def found_within(works: Sequence[str], *, expected: Collection[str], first: int) -> bool:
    """Say whether an expected work is among the works of the first passages."""
    return not set(expected).isdisjoint(works[:first])


def reciprocal_rank(works: Sequence[str], *, expected: Collection[str]) -> float:
    """Return one over the place of the first passage of an expected work, 0 where there is none."""
    return next((1 / place for place, work in enumerate(works, start=1) if work in expected), 0.0)


def ndcg(works: Sequence[str], *, expected: Collection[str], first: int) -> float:
    """Return the discounted gain of the first different works, as a share of the most that there could be."""
    most = sum(map(_discount, range(min(len(set(expected)), first))))
    ranked = list(dict.fromkeys(works))[:first]
    gained = sum(_discount(place) for place, work in enumerate(ranked) if work in expected)
    return gained / most if most else 0.0


def refusal(tiers: Sequence[tuple[Tier, Tier]]) -> tuple[float | None, float | None]:
    """Return precision and recall of refusing, from pairs of expected and found tier; None where nothing bears on it.

    Precision is the share of the refused questions that nothing answers, recall that of those questions refused.
    """
    due = [found == Tier.NONE for expected, found in tiers if expected == Tier.NONE]
    given = [expected == Tier.NONE for expected, found in tiers if found == Tier.NONE]
    return mean(given), mean(due)


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return math.fsum(values) / len(values) if values else None


def _discount(place: int) -> float:
    return 1 / math.log2(place + 2)


DEPTHS = (1, 5, 10)
NDCG_DEPTH = 10


def ranking_metrics(outcomes: Sequence[RetrievalOutcome]) -> RankingMetrics:
    """Return the figures; those of ranking are over the questions with expected works, refused ones counting as 0."""
    answerable = [one for one in outcomes if one.question.works]
    precision, recall = refusal([(one.question.tier, one.tier) for one in outcomes])
    recalls = {
        f"recall@{depth}": mean(
            [found_within(one.works, expected=one.question.works, first=depth) for one in answerable],
        )
        for depth in DEPTHS
    }
    shares = {
        **recalls,
        f"nDCG@{NDCG_DEPTH}": mean(
            [ndcg(one.works, expected=one.question.works, first=NDCG_DEPTH) for one in answerable],
        ),
        "MRR": mean([reciprocal_rank(one.works, expected=one.question.works) for one in answerable]),
        "tier": mean([one.tier == one.question.tier for one in outcomes]),
        "refusal precision": precision,
        "refusal recall": recall,
    }
    return RankingMetrics(questions=len(outcomes), shares=shares)


EVERYONE = "(everyone)"
"""The group of the questions that are put to no creator in particular."""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures, and the outcomes that they are made of."""

    overall: RankingMetrics
    creators: Mapping[str, RankingMetrics]
    kinds: Mapping[str, RankingMetrics]
    outcomes: tuple[RetrievalOutcome, ...]


def report_of(outcomes: Sequence[RetrievalOutcome]) -> EvaluationReport:
    """Return the report of a run; groups are in alphabetical order, and a question without a kind is in none."""
    return EvaluationReport(
        overall=ranking_metrics(outcomes),
        creators=_grouped(outcomes, by=lambda one: one.question.creator or EVERYONE),
        kinds=_grouped(outcomes, by=lambda one: one.question.kind),
        outcomes=tuple(outcomes),
    )


def metrics_table(report: EvaluationReport) -> str:
    """Return the figures as an aligned table: a line for each creator, for each kind, and overall."""
    parts = [report.creators, report.kinds, {"overall": report.overall}]
    rows = [["", "questions", *report.overall.shares]]
    for part in filter(None, parts):
        rows.append([""] * len(rows[0]))
        rows += [[name, str(one.questions), *map(formatted, one.shares.values())] for name, one in part.items()]
    return "\n".join(aligned(rows))


def miss_lines(report: EvaluationReport) -> Iterator[str]:
    """Yield a paragraph for each question that missed its tier or its works."""
    for one in report.outcomes:
        if one.is_miss:
            question = one.question
            wanted = ", ".join(question.works) or "nothing"
            found = ", ".join(dict.fromkeys(one.works)) or "nothing"
            yield (
                f"{question.location} [{question.creator or EVERYONE}] {question.text}\n"
                f"    expected {question.tier}: {wanted}\n"
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


def formatted(figure: Metric) -> str:
    """Return a figure with three decimals, a dash where there is none."""
    return "–" if figure is None else f"{figure:.3f}"


def _grouped(
    outcomes: Sequence[RetrievalOutcome], *, by: Callable[[RetrievalOutcome], str]
) -> dict[str, RankingMetrics]:
    groups: dict[str, list[RetrievalOutcome]] = {}
    for one in outcomes:
        if name := by(one):
            groups.setdefault(name, []).append(one)
    return {name: ranking_metrics(groups[name]) for name in sorted(groups)}


ROUNDING = 1e-6
"""What rounding may take from a stored figure; a loss of exactly the margin is still within it."""


def regressions(now: RankingMetrics, *, earlier: RankingMetrics, margin: float) -> list[str]:
    """Return the names of the figures that lost more than the margin; those that one run lacks can't be compared."""
    return [
        name
        for name, after in now.shares.items()
        if after is not None and (before := earlier.shares.get(name)) is not None and before - after > margin + ROUNDING
    ]


def comparison_lines(now: RankingMetrics, *, earlier: RankingMetrics) -> Iterator[str]:
    """Yield a table of each figure earlier and now, and a warning where the runs can't have asked the same."""
    rows = [["", "earlier", "now", "difference"]]
    for name, after in now.shares.items():
        before = earlier.shares.get(name)
        change = "–" if before is None or after is None else f"{after - before:+z.3f}"
        rows.append([name, formatted(before), formatted(after), change])
    yield from aligned(rows)
    if now.questions != earlier.questions:
        yield f"The earlier run asked {earlier.questions} questions, this one {now.questions}: they compare badly."


DECIMALS = 6


def write_report(report: EvaluationReport, file: Path) -> None:
    """Write the report, with what came of each question on a line of its own, so that changes can be read."""
    groups = {
        "overall": _metrics_json(report.overall),
        "creators": {name: _metrics_json(figures) for name, figures in report.creators.items()},
        "kinds": {name: _metrics_json(figures) for name, figures in report.kinds.items()},
    }
    head = json.dumps(groups, indent=2, ensure_ascii=False, cls=JSONEncoder).removesuffix("\n}")
    rows = ",".join(
        "\n    " + json.dumps(_outcome_json(one), ensure_ascii=False, cls=JSONEncoder) for one in report.outcomes
    )
    try:
        file.write_text(f'{head},\n  "results": [{rows}\n  ]\n}}\n', encoding="utf-8")
    except OSError as error:
        raise EvaluationError([f"{file}: can't be written: {error.strerror}"]) from error


def read_metrics(file: Path) -> RankingMetrics:
    """Return the overall figures of an earlier report; raises ``EvaluationError`` where the file holds none."""
    try:
        overall = json.loads(file.read_bytes())["overall"]
        questions = int(overall.pop("questions"))
        return RankingMetrics(questions=questions, shares={str(name): _share(value) for name, value in overall.items()})
    except OSError as error:
        raise EvaluationError([f"{file}: can't be read: {error.strerror}"]) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvaluationError([f"{file}: is not a report that --json wrote"]) from error


def _share(value: object) -> Metric:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _metrics_json(figures: RankingMetrics) -> dict[str, Any]:
    shares = {name: None if one is None else round(one, DECIMALS) for name, one in figures.shares.items()}
    return {"questions": figures.questions, **shares}


def _outcome_json(one: RetrievalOutcome) -> dict[str, Any]:
    question = one.question
    return {
        "question": question.text,
        "creator": question.creator,
        "kind": question.kind,
        "expected": {"tier": question.tier, "works": question.works},
        "found": {"tier": one.tier, "works": one.works},
        "rank": one.rank,
        "miss": one.is_miss,
    }
