"""The weights of the two judgements that are measured, fitted by ``python -m bench.receipts fit`` and written here."""

from collections.abc import Mapping

ABSENT: Mapping[str, float] = {
    "": -1.4590,
    "low_three": -1.9330,
    "triple": -3.4301,
    "rare_unsaid": 2.2427,
    "clauses": -0.0584,
    "far": -1.1977,
    "names": 1.4986,
    "run": 0.0561,
    "pairs": 0.9881,
    "said": 2.9423,
    "figures_found": -0.8609,
}

WEAK: Mapping[str, float] = {
    "": -0.1714,
    "said": 4.3511,
    "lowest": -2.3020,
    "low_three": -0.7246,
    "triple": -0.6854,
    "far": -2.5708,
    "run": -0.1106,
    "rare_unsaid": 0.2639,
    "rare_sum": -0.2721,
    "names": -0.3992,
    "clause": -2.1960,
    "clauses": -0.6643,
    "length": 2.4598,
    "pairs": -0.4487,
    "hedge_lost": 0.6331,
    "hedges": 0.1528,
    "certain": 0.7757,
    "own_case": 4.3748,
}
