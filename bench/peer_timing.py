"""Timing of an engine, one question at a time: the cheapest setting that finds enough, then that setting once more."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bench.peer_data import Data, Vectors, Within

Setting = dict[str, int]
Search = Callable[[Vectors], list[int]]
WARM = 20
"""Questions asked before the clock starts."""


class Engine(Protocol):
    """A search engine with the vectors in it."""

    def families(self, within: Within) -> Sequence[Sequence[Setting]]:
        """Return the settings to try; within a family the cheapest comes first."""

    def searching(self, within: Within, setting: Setting) -> Search:
        """Return what finds the rows nearest to a vector; what needs no question is prepared before."""


@dataclass(frozen=True)
class Measured:
    """What was measured of one engine, at one setting, in one scope."""

    engine: str
    within: str
    setting: str
    recall: float
    p50: float
    p95: float
    per_second: float
    questions: int


def measure(name: str, engine: Engine, data: Data, *, recall: float, seconds: float) -> Iterator[Measured]:
    """Yield what was measured in each scope, of the fastest setting that reaches the recall, or of the best one."""
    for within in data.withins:
        tried = [_until(name, engine, data, within, family, recall, seconds) for family in engine.families(within)]
        _, setting = max(
            (one for family in tried for one in family),
            key=lambda one: (min(one[0].recall, recall), -one[0].p50),
        )
        yield _timed(name, engine, data, within, setting, seconds)


def _until(
    name: str,
    engine: Engine,
    data: Data,
    within: Within,
    family: Iterable[Setting],
    recall: float,
    seconds: float,
) -> list[tuple[Measured, Setting]]:
    """Return the settings of a family up to the first that reaches the recall."""
    tried = []
    for setting in family:
        tried.append((_timed(name, engine, data, within, setting, seconds), setting))
        if tried[-1][0].recall >= recall:
            break
    return tried


def _timed(name: str, engine: Engine, data: Data, within: Within, setting: Setting, seconds: float) -> Measured:
    """Ask the questions one after the other, as many as fit into so many seconds but at least a tenth."""
    questions = data.questions
    search = engine.searching(within, setting)
    ends = time.perf_counter() + seconds
    for vector in questions[:WARM]:
        search(vector)
        if time.perf_counter() > ends - seconds / 2:
            break
    took: list[float] = []
    recalls: list[float] = []
    for place, vector in enumerate(questions):
        began = time.perf_counter()
        found = search(vector)
        took.append(time.perf_counter() - began)
        recalls.append(within.recall(place, found))
        if time.perf_counter() > ends and len(took) >= len(questions) / 10:
            break
    p50, p95 = np.percentile(took, [50, 95]) * 1000
    said = " ".join(f"{key}={value}" for key, value in setting.items())
    return Measured(
        engine=name,
        within=str(within),
        setting=said,
        recall=float(np.mean(recalls)),
        p50=float(p50),
        p95=float(p95),
        per_second=len(took) / sum(took),
        questions=len(took),
    )
