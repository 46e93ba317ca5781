"""The corpus as stored: creators, their works, the chunks that are searched and the vectors they have."""

from creators.models.chunk import Chunk, Embedding, Space
from creators.models.creator import Creator, Domain, Personality
from creators.models.work import Work

__all__ = ["Chunk", "Creator", "Domain", "Embedding", "Personality", "Space", "Work"]
