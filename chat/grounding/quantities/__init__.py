"""Figures: the numbers of a text with their units, however they are written, and whether two are the same."""

from chat.grounding.quantities.matching import same
from chat.grounding.quantities.matching_part import Astray, Counted, astray
from chat.grounding.quantities.reading import figures_in
from chat.grounding.quantities.surroundings import Word
from chat.grounding.quantities.values import Figure

__all__ = ["Astray", "Counted", "Figure", "Word", "astray", "figures_in", "same"]
