"""Asking the questions of an evaluation, and the figures that come of it."""

import math
from collections.abc import Collection, Sequence

from chat.conversations import memory
from chat.evaluation.questions import Asking, Figures, Outcome
from chat.events.events import Tier
from chat.grounding.markers import without_markers
from chat.retrieval import Probe, retrieve
from chat.retrieval.query import bridged, entries_for, probe_for
from creators.embeddings import Embedder, get_embedder
from creators.models import Creator


def ask(asking: Asking, *, limit: int) -> Outcome:
    """Return what the question comes to, with up to ``limit`` passages; raises whatever retrieval raises."""
    embedder = get_embedder()
    creator = Creator.objects.published().named(asking.creator) if asking.creator else None
    probe = probe_of(asking, creator=creator, embedder=embedder)
    found = retrieve(probe, creator_id=creator.pk if creator else None, limit=limit)
    return Outcome(asking=asking, tier=found.tier, works=tuple(passage.work_slug for passage in found.passages))


def probe_of(asking: Asking, *, creator: Creator | None, embedder: Embedder) -> Probe:
    """Return what chat would search for, with the history that it would remember."""
    history = asking.history[-memory.MOST_TURNS :]
    entries = entries_for(creator.pk if creator else None)
    return probe_for(
        bridged(asking.question, entries),
        asked=[bridged(said.question, entries) for said in history],
        answered=without_markers(history[-1].answer) if history else "",
        names=(creator.name, *creator.aliases) if creator else (),
        space=embedder.space.name,
        embed=embedder.embed_questions,
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


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures; those of ranking are over the questions with expected works, refused ones counting as 0."""
    answerable = [one for one in outcomes if one.asking.works]
    precision, recall = refusal([(one.asking.tier, one.tier) for one in outcomes])
    recalls = {
        f"recall@{depth}": mean(
            [found_within(one.works, expected=one.asking.works, first=depth) for one in answerable],
        )
        for depth in DEPTHS
    }
    shares = {
        **recalls,
        f"nDCG@{NDCG_DEPTH}": mean(
            [ndcg(one.works, expected=one.asking.works, first=NDCG_DEPTH) for one in answerable],
        ),
        "MRR": mean([reciprocal_rank(one.works, expected=one.asking.works) for one in answerable]),
        "tier": mean([one.tier == one.asking.tier for one in outcomes]),
        "refusal precision": precision,
        "refusal recall": recall,
    }
    return Figures(questions=len(outcomes), shares=shares)
