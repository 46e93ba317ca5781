"""The weights of the two judgements that are measured, fitted by ``python -m bench.receipts fit`` and written here."""

from collections.abc import Mapping

ABSENT: Mapping[str, float] = {
    "": -1.4287,
    "low_three": -2.1449,
    "triple": -2.7232,
    "rare_unsaid": 2.4830,
    "clauses": -0.1601,
    "far": -1.1501,
    "names": 1.3992,
    "run": 0.0768,
    "pairs": 0.8954,
    "said": 2.5945,
    "figures_found": -0.9331,
}

WEAK: Mapping[str, float] = {
    "": 0.6588,
    "said": 3.5397,
    "lowest": -2.1421,
    "low_three": -0.0882,
    "triple": -1.1615,
    "far": -2.5015,
    "run": -0.1298,
    "rare_unsaid": -0.3334,
    "rare_sum": -0.1007,
    "names": 0.0220,
    "clause": -1.9610,
    "clauses": -0.6839,
    "length": 2.0513,
    "pairs": -0.4671,
    "hedge_lost": 0.5469,
    "hedges": 0.2183,
    "certain": 0.8063,
    "own_case": 4.9152,
}
