"""The corpus as stored: creators, their works, the chunks that are searched and the vectors they have."""

from creators.models.chunk import Chunk, Embedding, Space
from creators.models.creator import Creator, Domain, Personality, Picture
from creators.models.glossary import GlossaryEntry
from creators.models.personality_draft import PersonalityDraft
from creators.models.terms import CorpusLength, TermCount
from creators.models.work import Work

__all__ = [
    "Chunk",
    "CorpusLength",
    "Creator",
    "Domain",
    "Embedding",
    "GlossaryEntry",
    "Personality",
    "PersonalityDraft",
    "Picture",
    "Space",
    "TermCount",
    "Work",
]
