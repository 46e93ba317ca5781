"""Finding the passages that answer a question, tier by tier."""

from chat.retrieval.cascade import Retrieved, SpaceMissing, retrieve
from chat.retrieval.passages import source_of, sources_of
from chat.retrieval.query import SearchQuery, build_query

__all__ = ["Retrieved", "SearchQuery", "SpaceMissing", "build_query", "retrieve", "source_of", "sources_of"]
