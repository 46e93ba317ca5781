"""Finding the passages that answer a question, tier by tier."""

from chat.retrieval.candidates import Probe, Retrieved, SpaceMissing
from chat.retrieval.cascade import retrieve

__all__ = ["Probe", "Retrieved", "SpaceMissing", "retrieve"]
