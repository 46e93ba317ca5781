"""What is weighed and what is quoted: sentences of passages, and runs of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """A run of sentences to be quoted: the number of its source, its place in the passage and who says it, if known.

    ``start`` and ``end`` are code points of the passage's text; ``score`` is that of the sentence it was chosen for.
    """

    number: int
    start: int
    end: int
    score: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the passage with this number, counted from 1, without the label of who says it.

    ``bag`` holds its stems. ``follows`` says that the same person said the sentence before it, in the same passage,
    ``replies`` that somebody else did.
    """

    number: int
    start: int
    end: int
    text: str
    speaker: str
    bag: frozenset[str]
    follows: bool
    replies: bool
