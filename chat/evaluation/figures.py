"""From the outcomes of several questions to one line of figures."""

from collections.abc import Sequence

from chat.evaluation.metrics import found_within, mean, ndcg, reciprocal_rank, refusal
from chat.evaluation.values import Figures, Outcome

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
