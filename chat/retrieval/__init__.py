"""Finding the passages that answer a question, tier by tier."""

from chat.retrieval.cascade import retrieve
from chat.retrieval.query import Retrieved, SearchQuery, SpaceMissing

__all__ = ["Retrieved", "SearchQuery", "SpaceMissing", "retrieve"]
