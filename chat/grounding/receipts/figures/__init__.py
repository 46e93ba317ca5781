"""Figures: the numbers of a text with their units, however they are written, and whether two are the same."""

from chat.grounding.receipts.figures.matching import Astray, Counted, astray
from chat.grounding.receipts.figures.reading import figures_in
from chat.grounding.receipts.figures.same import same
from chat.grounding.receipts.figures.surroundings import Word
from chat.grounding.receipts.figures.values import Figure

__all__ = ["Astray", "Counted", "Figure", "Word", "astray", "figures_in", "same"]
