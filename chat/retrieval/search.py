"""Searching without answering: the passages of a question, through the function that chat calls."""

from ninja import Schema

from chat.events.events import Tier
from chat.events.serialize import members
from chat.retrieval import retrieve
from chat.retrieval.passages import source_of
from chat.retrieval.query import bridged, entries_for, probe_for
from chrysopedia.core.problems import not_found
from creators.embeddings import get_embedder
from creators.models import Creator


class AlsoIn(Schema):
    """Another work in which a passage stands."""

    title: str
    creator: str
    work: str
    url: str


class FoundPassage(Schema):
    """A passage as ``/search`` returns it: a source with its whole text and the score of each leg."""

    number: int
    title: str
    creator: str
    creator_slug: str
    work: str
    kind: str
    url: str
    start_seconds: float | None
    end_seconds: float | None
    tier: Tier
    relevance: float
    cosine: float
    lexical: float
    excerpt: str
    also: list[AlsoIn]
    text: str


class SearchResult(Schema):
    """The passages, best first, and the tier that the cascade stopped at."""

    cascade_tier: Tier
    passages: list[FoundPassage]


def search_corpus(text: str, *, creator: str | None, limit: int) -> SearchResult:
    """Return what a question would be answered from. Synchronous, for one hop.

    Raises ``Problem`` 404 for an unknown creator, and whatever retrieval raises.
    """
    asked = Creator.objects.published().named(creator) if creator else None
    if creator and asked is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    embedder = get_embedder()
    probe = probe_for(
        bridged(text, entries_for(asked.pk if asked else None)),
        asked=(),
        answered="",
        names=(asked.name, *asked.aliases) if asked else (),
        space=embedder.space.name,
        embed=embedder.embed_questions,
    )
    found = retrieve(probe, creator_id=asked.pk if asked else None, limit=limit)
    passages = [
        FoundPassage(
            **members(source),
            cosine=round(passage.cosine, 4),
            lexical=round(passage.lexical, 4),
            text=passage.text,
        )
        for number, passage in enumerate(found.passages, start=1)
        for source in [source_of(passage, number=number)]
    ]
    return SearchResult(cascade_tier=found.tier, passages=passages)
