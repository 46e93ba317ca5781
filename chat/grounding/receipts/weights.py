"""The weights of the two judgements that are measured, fitted by ``python -m bench.receipts fit`` and written here."""

from collections.abc import Mapping

ABSENT: Mapping[str, float] = {
    "": -1.4699,
    "low_three": -1.9340,
    "triple": -3.4373,
    "rare_unsaid": 2.2448,
    "clauses": -0.0637,
    "far": -1.1948,
    "names": 1.4906,
    "run": 0.0587,
    "pairs": 0.9947,
    "said": 2.9440,
    "figures_found": -0.8158,
}

WEAK: Mapping[str, float] = {
    "": -0.1720,
    "said": 4.3351,
    "lowest": -2.1873,
    "low_three": -0.8696,
    "triple": -0.6790,
    "far": -2.6766,
    "run": -0.0889,
    "rare_unsaid": 0.3419,
    "rare_sum": -0.2701,
    "names": -0.3846,
    "clause": -2.1426,
    "clauses": -0.6340,
    "length": 2.4072,
    "pairs": -0.4431,
    "hedge_lost": 0.6159,
    "hedges": 0.1718,
    "certain": 0.9262,
    "own_case": 4.9402,
}
