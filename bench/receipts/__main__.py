"""``python -m bench.receipts``: fit the weights, or report how verdicts do on pairs."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.receipts.cost import cost
from bench.receipts.fitting import fitted
from bench.receipts.naming import framings, names
from bench.receipts.pairs import Pair, pairs_of, readings, strayed
from bench.receipts.report import report
from bench.receipts.unseen import report_on
from chat.grounding.verification.classifier import classify
from chat.grounding.verification.features import THIN, Features

ABSENT = ("low_three", "triple", "rare_unsaid", "clauses", "far", "names", "run", "pairs", "said", "quantities_found")
ABSENT_THIN = ("embedding_similarity", "far", "names", "said", "quantities_found")
WEAK = (
    *("said", "lowest", "low_three", "triple", "far", "run", "rare_unsaid", "rare_sum", "names", "clause", "clauses"),
    *("length", "pairs", "hedge_lost", "hedges", "certain", "own_case"),
)
GONE = {"wrong_passage", "merged", "invented", "strayed"}
WEAK_KINDS = {"hedge_dropped", "generalised", "half_there"}
FITTED = ("first", "second", "third")
FOLDS = 8
Weights = Mapping[str, float]
Read = tuple[Pair, Features]


def weights_from(read: Sequence[Read]) -> tuple[Weights, Weights, Weights]:
    """Return the weights: absent against what is there, the same of thin claims, and weak against supported."""
    fair = [one for one in read if one[0].verdict != "unsupported"]
    kept = [*fair, *(one for one in read if one[0].kind in GONE)]
    thick, thin = ([one for one in kept if (one[1].measures["said"] < THIN) is is_thin] for is_thin in (False, True))
    return _fit(ABSENT, thick, GONE), _fit(ABSENT_THIN, thin, GONE), _fit(WEAK, fair, WEAK_KINDS)


def _fit(names: Sequence[str], read: Sequence[Read], kinds: Collection[str]) -> Weights:
    measures = [{**one.measures, "embedding_similarity": one.embedding_similarity or 0.0} for _, one in read]
    return fitted(names, measures, [pair.kind in kinds for pair, _ in read])


def _all(*names: str) -> list[Read]:
    pairs = pairs_of(*names)
    pairs += strayed(pairs)
    return list(zip(pairs, readings(pairs), strict=True))


def fit() -> None:
    """Print the weights fitted to the three sets, as weights.py has them."""
    for name, weights in zip(("ABSENT", "ABSENT_THIN", "WEAK"), weights_from(_all(*FITTED)), strict=True):
        lines = [f'    "{key}": {value:.4f},' for key, value in weights.items()]
        print("\n".join([f"\n{name}: Mapping[str, float] = {{", *lines, "}"]))


def apart() -> None:
    """Report on the three sets, each eighth of the passages judged by weights fitted to the others."""
    read = _all(*FITTED)
    own = {pair.id: pair.passage for pair, _ in read}
    places = {passage: place for place, passage in enumerate(dict.fromkeys(own.values()))}
    order = np.random.default_rng(7).permutation(len(places))
    folds = [int(order[places[own[pair.id.removesuffix("-strayed")]]]) % FOLDS for pair, _ in read]
    verdicts = [""] * len(read)
    for fold in range(FOLDS):
        absent, thin, weak = weights_from([one for one, at in zip(read, folds, strict=True) if at != fold])
        for place in [place for place, at in enumerate(folds) if at == fold]:
            verdicts[place] = classify(read[place][1], absent=absent, thin=thin, weak=weak).verdict
    print(report([pair for pair, _ in read], verdicts))


def aside() -> None:
    """Report on the set that no weight was fitted to; one limit was chosen with it in view."""
    read = _all("kept-aside")
    print(report([pair for pair, _ in read], [classify(one).verdict for _, one in read]))


def from_file() -> None:
    """Report on a file of JSON lines, judged as production does: ``pairs FILE``, with ``--list`` each that is wrong."""
    report_on(Path(sys.argv[2]))


COMMANDS: Mapping[str, Callable[[], None]] = {
    "fit": fit,
    "apart": apart,
    "aside": aside,
    "pairs": from_file,
    "names": names,
    "framings": framings,
    "cost": cost,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1] if len(sys.argv) > 1 else "apart"]()
