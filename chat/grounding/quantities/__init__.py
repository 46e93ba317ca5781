"""Quantities: the numbers of a text with their units, however they are written, and whether two are the same."""

from chat.grounding.quantities.amounts import same_amount
from chat.grounding.quantities.context import ContextWord, QuantityText
from chat.grounding.quantities.matching import Mismatch, mismatches
from chat.grounding.quantities.parsing import quantities_in
from chat.grounding.quantities.units import Quantity

__all__ = ["ContextWord", "Mismatch", "Quantity", "QuantityText", "mismatches", "quantities_in", "same_amount"]
