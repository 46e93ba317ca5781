"""One number for a candidate: the probability that it is relevant, from both legs."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression on cosine, normalised BM25 and their product."""

    cosine: float
    lexical: float
    both: float
    intercept: float

    def relevance(self, *, cosine: float, lexical: float) -> float:
        """Return the probability, 0 to 1, that a passage with these scores is relevant."""
        score = self.cosine * cosine + self.lexical * lexical + self.both * cosine * lexical + self.intercept
        return 1 / (1 + math.exp(-score))


MINILM = Calibration(cosine=7.1, lexical=11.1, both=5.7, intercept=-10.1)
"""Fitted on half of SQuAD with all-MiniLM-L6-v2 and carried over unchanged to other sets; see docs/decisions."""
