"""Finding the passages that answer a question, tier by tier."""

from chat.retrieval.cascade import retrieve
from chat.retrieval.query import Probe, Retrieved, SpaceMissing

__all__ = ["Probe", "Retrieved", "SpaceMissing", "retrieve"]
