"""The corpus as stored: creators, their works, the chunks that are searched and their vectors, jobs and feeds."""

from creators.models.creator import WORD_LISTS, Creator, Domain, FormerSlug, Personality, PersonalityDraft, Picture
from creators.models.feeds import Episode, Feed
from creators.models.glossary import GlossaryEntry
from creators.models.jobs import IngestJob, JobFile
from creators.models.recut import Recut
from creators.models.terms import CorpusLength, TermCount
from creators.models.work import Chunk, Embedding, Space, Work
from creators.models.work_file import WorkFile

__all__ = [
    "WORD_LISTS",
    "Chunk",
    "CorpusLength",
    "Creator",
    "Domain",
    "Embedding",
    "Episode",
    "Feed",
    "FormerSlug",
    "GlossaryEntry",
    "IngestJob",
    "JobFile",
    "Personality",
    "PersonalityDraft",
    "Picture",
    "Recut",
    "Space",
    "TermCount",
    "Work",
    "WorkFile",
]
