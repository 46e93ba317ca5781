"""The corpus as stored: creators, their works, the chunks that are searched and the vectors they have."""

from creators.models.creator import WORD_LISTS, Creator, Domain, Personality, PersonalityDraft, Picture
from creators.models.glossary import GlossaryEntry
from creators.models.terms import CorpusLength, TermCount
from creators.models.work import Chunk, Embedding, Space, Work

__all__ = [
    "WORD_LISTS",
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
