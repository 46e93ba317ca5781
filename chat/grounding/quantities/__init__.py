"""Figures: the numbers of a text with their units, however they are written, and whether two are the same."""

from chat.grounding.quantities.matching import Astray, Counted, Word, astray, same
from chat.grounding.quantities.parsing import figures_in
from chat.grounding.quantities.units import Figure

__all__ = ["Astray", "Counted", "Figure", "Word", "astray", "figures_in", "same"]
