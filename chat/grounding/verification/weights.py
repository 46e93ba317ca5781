"""The weights of the judgements that are measured, fitted by ``python -m bench.receipts fit`` and written here."""

from collections.abc import Mapping

ABSENT: Mapping[str, float] = {
    "": -1.7715,
    "low_three": -0.3630,
    "triple": -2.8298,
    "rare_unsaid": 3.2560,
    "clauses": 0.0766,
    "far": -0.4224,
    "names": 1.6052,
    "run": -0.0122,
    "pairs": 0.6518,
    "said": 0.9209,
    "figures_found": -1.1653,
}

ABSENT_THIN: Mapping[str, float] = {
    "": -0.2339,
    "nearness": -7.8165,
    "far": 3.3873,
    "names": 1.6939,
    "said": 2.3165,
    "figures_found": -0.2971,
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
