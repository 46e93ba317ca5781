"""``python -m bench.receipts``: fit the weights, or report how verdicts do on the pairs, fitted apart or kept aside."""

import sys
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bench.receipts.cost import cost
from bench.receipts.fitting import fitted
from bench.receipts.pairs import Pair, pairs_of, readings
from bench.receipts.report import report
from chat.grounding.receipts.judging import judge
from chat.grounding.receipts.reading import Reading

ABSENT = ("low_three", "triple", "rare_unsaid", "clauses", "far", "names", "run", "pairs", "said", "figures_found")
WEAK = (
    *("said", "lowest", "low_three", "triple", "far", "run", "rare_unsaid", "rare_sum", "names", "clause", "clauses"),
    *("length", "pairs", "hedge_lost", "hedges", "certain", "own_case"),
)
GONE = {"wrong_passage", "merged", "invented"}
FITTED = ("first", "second", "third")
FOLDS = 8
Weights = Mapping[str, float]


def weights_from(pairs: Sequence[Pair], read: Sequence[Reading]) -> tuple[Weights, Weights]:
    """Return the weights of both judgements: absent against what is there, weak against supported."""
    kept = [
        (pair, one) for pair, one in zip(pairs, read, strict=True) if pair.verdict != "unsupported" or pair.kind in GONE
    ]
    fair = [(pair, one) for pair, one in kept if pair.verdict != "unsupported"]
    absent = fitted(ABSENT, [one.measures for _, one in kept], [pair.kind in GONE for pair, _ in kept])
    return absent, fitted(WEAK, [one.measures for _, one in fair], [pair.verdict == "weak" for pair, _ in fair])


def fit() -> None:
    """Print the weights fitted to three sets, as weights.py has them."""
    pairs = pairs_of(*FITTED)
    for name, weights in zip(("ABSENT", "WEAK"), weights_from(pairs, readings(pairs)), strict=True):
        lines = [f'    "{key}": {value:.4f},' for key, value in weights.items()]
        print("\n".join([f"{name}: Mapping[str, float] = {{", *lines, "}"]))


def apart() -> None:
    """Report on three sets, each eighth of the passages judged by weights fitted to the others."""
    pairs = pairs_of(*FITTED)
    read = readings(pairs)
    places = {passage: place for place, passage in enumerate(dict.fromkeys(pair.passage for pair in pairs))}
    order = np.random.default_rng(7).permutation(len(places))
    folds = [int(order[places[pair.passage]]) % FOLDS for pair in pairs]
    verdicts = [""] * len(pairs)
    for fold in range(FOLDS):
        rest = [at for at, one in enumerate(folds) if one != fold]
        absent, weak = weights_from([pairs[at] for at in rest], [read[at] for at in rest])
        for at in [at for at, one in enumerate(folds) if one == fold]:
            verdicts[at] = judge(read[at], absent=absent, weak=weak).verdict
    print(report(pairs, verdicts))


def aside() -> None:
    """Report on the set that nothing was fitted to."""
    pairs = pairs_of("kept-aside")
    print(report(pairs, [judge(one).verdict for one in readings(pairs)]))


COMMANDS: Mapping[str, Callable[[], None]] = {"fit": fit, "apart": apart, "aside": aside, "cost": cost}

if __name__ == "__main__":
    COMMANDS[sys.argv[1] if len(sys.argv) > 1 else "apart"]()
