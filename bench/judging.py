"""What ``bench.relevance`` prints: measures over the judged questions of a loaded corpus."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import judged
from bench.judged import Judged
from chat.evaluation.fit import calibration_lines, calibration_metrics, fit, metric_lines
from chat.evaluation.samples import CandidateScores, Case, Sample, samples_of, scores, synthetic_cases
from chat.retrieval import SearchQuery
from chat.retrieval.calibration import WORDS_RATIO, Calibration, calibration_for
from chat.retrieval.query import query_in_context
from creators.embeddings import get_embedder
from creators.models import Space, Work

SEED = 7
EVEN = "SQuAD 1.1 dev, even articles"
Asked = list[tuple[Case, Sample]]


def squad(folder: Path, *, sample: int, fits: bool, made: int) -> None:
    """Print the figures of the odd articles, and a fit of the even ones where that is asked for."""
    passages, questions = judged.squad(folder)
    chunks = judged.stored(passages)
    even, odd = (_drawn([one for one in questions if int(one.creator) % 2 == rest], sample) for rest in (0, 1))
    calibration = calibration_for(get_embedder().space.name)
    if fits:
        calibration = _fitted([sample for _, sample in _asked(even, chunks)], EVEN)
        print(json.dumps({"space": get_embedder().space.name, **calibration.as_values()}, indent=2))
    asked = _asked(odd, chunks)
    _report("SQuAD, odd articles", asked, calibration)
    print("\nSQuAD, odd articles, only the paragraph removed and the rest of its article kept")
    figures = calibration_metrics([_unjudged_kept(sample) for _, sample in asked], calibration)
    print("\n".join(list(metric_lines(figures))[:3]), flush=True)
    _made(made, "SQuAD, odd articles", asked)


def mtrag(folder: Path, *, made: int) -> None:
    """Print the figures of the conversations: the last turn alone, mixed with what was said, and rewritten by hand."""
    passages, questions = judged.mtrag(folder)
    chunks = judged.stored(passages)
    calibration = calibration_for(get_embedder().space.name)
    for how in ("last turn", "mixed", "rewrite"):
        asked = [(case, _unjudged_kept(sample)) for case, sample in _asked(questions, chunks, how=how)]
        _report(f"MTRAG, {how}", asked, calibration)
        _parts(questions, asked, calibration)
        _made(made if how == "mixed" else 0, f"MTRAG, {how}", asked)


def _report(title: str, asked: Asked, calibration: Calibration) -> None:
    print(f"\n{title}\n" + "\n".join(calibration_lines(calibration)))
    for name, founds in {
        "whole corpus": [(case, sample.everyone) for case, sample in asked],
        "within the creator": [(case, sample.own) for case, sample in asked if sample.own],
    }.items():
        orders = [(_order(found, calibration), len(case.chunks)) for case, found in founds]
        recall = np.mean([order[:5].any() for order, _ in orders])
        print(f"{name:18} recall@5 {recall:.4f}, nDCG@10 {np.mean([discounted(*order) for order in orders]):.4f}")
    print("\n".join(metric_lines(calibration_metrics([sample for _, sample in asked], calibration))), flush=True)


def _parts(questions: Sequence[Judged], asked: Asked, calibration: Calibration) -> None:
    """Print how parts of the conversations do, each question asked of its own field."""
    gains = np.array(
        [discounted(_order(sample.own, calibration), len(case.chunks)) for case, sample in asked if sample.own]
    )
    parts = {field: [one.creator == field for one in questions] for field in sorted({one.creator for one in questions})}
    parts["first turns"] = [not one.asked for one in questions]
    parts["follow-ups"] = [bool(one.asked) for one in questions]
    parts["follow-ups that stand alone"] = [bool(one.asked) and one.stands_alone for one in questions]
    for name, flags in parts.items():
        print(f"{name:28} {sum(flags):4} turns, nDCG@10 {gains[np.array(flags)].mean():.4f}", flush=True)


def _made(sample: int, title: str, asked: Asked) -> None:
    """Print how a calibration does that is fitted on questions made of the corpus."""
    if sample:
        chance = random.Random(SEED)
        cases = synthetic_cases(sample=sample, embedder=get_embedder(), chance=chance)
        samples = list(samples_of(cases, space=_space(), chance=chance))
        _report(f"{title}, fitted on {len(cases)} questions made of the corpus", asked, _fitted(samples, "made"))


def _fitted(samples: Sequence[Sample], fitted_on: str) -> Calibration:
    return fit(samples, ratio=WORDS_RATIO, fitted_on=fitted_on, today=datetime.now(UTC).date())


def _asked(questions: Sequence[Judged], chunks: dict[str, int], *, how: str = "mixed") -> Asked:
    works = {work.title: work for work in Work.objects.all()}
    cases = [
        Case(
            query=_search_query(one, how),
            works=frozenset({works[one.creator].pk}),
            creator=works[one.creator].creator_id,
            chunks=frozenset(chunks[key] for key in one.keys),
        )
        for one in questions
    ]
    return list(zip(cases, samples_of(cases, space=_space(), chance=random.Random(SEED)), strict=True))


def _search_query(question: Judged, how: str) -> SearchQuery:
    embedder = get_embedder()
    return query_in_context(
        question.rewrite if how == "rewrite" else question.text,
        earlier=question.asked if how == "mixed" else (),
        last_answer=question.answered if how == "mixed" else "",
        space=embedder.space.name,
        embed=embedder.embed_questions,
    )


def _unjudged_kept(sample: Sample) -> Sample:
    """Make a question unanswerable by removing what is judged to answer it, not its whole pool."""
    found = replace(sample.everyone, of_right_work=sample.everyone.is_relevant)
    return replace(sample, everyone=found)


def _order(found: CandidateScores, calibration: Calibration) -> np.ndarray:
    return found.is_relevant[np.argsort(-scores(found, calibration), kind="stable")]


def discounted(order: np.ndarray, relevant: int, first: int = 10) -> float:
    """Return nDCG of a ranking, given which of it are relevant and how many there are."""
    discounts = 1 / np.log2(np.arange(first) + 2)
    found = order[:first]
    return float(discounts[: len(found)][found].sum() / discounts[:relevant].sum())


def _drawn(questions: list[Judged], sample: int) -> list[Judged]:
    return random.Random(SEED).sample(questions, min(sample, len(questions)))


def _space() -> Space:
    return Space.objects.get(name=get_embedder().space.name)
