"""Log-odds ratios with an informative Dirichlet prior, as z-scores: what one speaker says oftener than others.

The method is that of Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis, 2008), equations 15 to 22.
"""

from math import log, sqrt

PRIOR = 1_000.0
"""Words that the prior weighs as much as: it says what a word's share is where little was counted."""


def z_score(own: int, others: int, *, own_total: int, others_total: int, prior: float = PRIOR) -> float:
    """Return how sure it is that a word is more frequent in one corpus (above 0) than in the other (below 0).

    Given are the counts of the word and of all words. The prior is the word's share of both together. 0 where a
    corpus is empty or consists of that word alone.
    """
    if not own_total or not others_total or not own + others:
        return 0.0
    expected = prior * (own + others) / (own_total + others_total)
    here, there = own + expected, others + expected
    own_rest, others_rest = own_total + prior - here, others_total + prior - there
    if own_rest <= 0 or others_rest <= 0:
        return 0.0
    ratio = log(here / own_rest) - log(there / others_rest)
    return ratio / sqrt(1 / here + 1 / there)
