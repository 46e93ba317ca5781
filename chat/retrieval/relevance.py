"""One number for a candidate: the probability that it is relevant, from both legs."""

import math
from dataclasses import dataclass

from chat.retrieval.overlap import Overlap


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression on the cosine and the best window."""

    cosine: float
    window: float
    intercept: float

    def relevance(self, *, cosine: float, words: Overlap) -> float:
        """Return the probability, 0 to 1, that a passage with these scores is relevant."""
        return 1 / (1 + math.exp(-(self.cosine * cosine + self.window * words.window + self.intercept)))


MINILM = Calibration(cosine=13.4, window=6.7, intercept=-13.1)
"""For all-MiniLM-L6-v2: half a window weighs as much as one cosine, which holds for single questions and conversations
alike; scale and intercept are fitted on the even articles of SQuAD. See docs/decisions/0007."""
