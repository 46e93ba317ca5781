"""Answers that a curator pinned: tried on what was asked before, found by meaning, shown with their receipts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Q

from chat.curation.groups import AskedQuestion, QuestionGroup
from chat.events.events import Passage
from chat.grounding.citations import citations_of
from chat.grounding.verification.features import sentence_embedder
from chat.models import PinnedAnswer
from chat.models.curation import Vectors, packed
from chat.retrieval import sources_of
from chat.retrieval.candidates import NO_OVERLAP, ScoredCandidate, narrowest_tier, scopes_for
from chat.retrieval.passages import passages_from
from chat.understanding.reply import Reply, day, harmless
from chrysopedia.core.text import folded
from creators.embeddings import Embedder, get_embedder
from creators.models import Chunk, Creator, Work
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans

MOST_PHRASINGS = 20
"""Ways of asking that a pin knows."""
QUOTED = 2
"""Sentences that are quoted where a curator only points at a place."""


def pinned_reply(text: str, *, creator_id: int | None, today: date) -> Reply | None:
    """Return the answer that is pinned to a question, None where there is none. Synchronous; raises ``EmbeddingError``.

    Where nothing is pinned for whoever is asked, it costs one query and embeds nothing. Of several that match, the one
    that is most alike answers. One whose source is withdrawn, or no longer says it, never does.
    """
    live = PinnedAnswer.objects.live(today).asked_of(creator_id)
    if not live.exists():
        return None
    embedder = get_embedder()
    known = live.with_sources().filter(Q(("is_gone", False)), space=embedder.space.name)
    pins = list(known.select_related("creator", "work"))
    if not pins:
        return None
    vector = embedder.embed_sentences([text])[0]
    likeness = {pin.pk: float((pin.phrasings @ vector).max()) for pin in pins}
    for pin in sorted(pins, key=lambda one: -likeness[one.pk]):
        if likeness[pin.pk] >= pin.threshold and (reply := _reply(pin)):
            return reply
    return None


def _reply(pin: PinnedAnswer) -> Reply | None:
    """Return a pin as an answer with its receipts, None where its source is gone."""
    signature = _signature(pin)
    scopes = scopes_for(pin.creator_id)
    if not pin.quote:
        return Reply(f"{pin.text}\n\n{signature}", answered_by="pinned", tier=scopes[0].tier)
    passages = _passages(pin)
    if not passages:
        return None
    body = f"{pin.text} [1]"
    return Reply(
        text=f"{body}\n\n{signature}",
        answered_by="pinned",
        tier=passages[0].tier,
        sources=sources_of(passages),
        citations=citations_of(body, passages, embed=sentence_embedder()),
    )


def _signature(pin: PinnedAnswer) -> str:
    when, name = day(pin.created.date()), harmless(pin.signed)
    if pin.in_their_name and pin.creator:
        return f"*Said in the name of {harmless(pin.creator.name)}, with their consent; {name}, {when}.*"
    is_quotation = bool(pin.quote) and pin.text.startswith(f"“{' '.join(pin.quote.split())}")
    return f"*{'Chosen' if is_quotation else 'Written'} by {name}, a curator of this site, {when}.*"


def _passages(pin: PinnedAnswer) -> tuple[Passage, ...]:
    """Return the passage that a pin rests on; () where it has gone just now."""
    chunk = Chunk.objects.visible().filter(work=pin.work, text__contains=pin.quote).order_by("position").first()
    if chunk is None:
        return ()
    scopes = scopes_for(pin.creator_id)
    scored = ScoredCandidate(chunk.pk, chunk.creator_id, cosine=1.0, overlap=NO_OVERLAP, relevance=1.0)
    return passages_from([scored], tiers={chunk.pk: narrowest_tier(chunk.creator_id, scopes)}, limit=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a work: its sentence, which a pin is found by again, and what is quoted of it."""

    quote: str
    words: str


_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)|(\d+(?:\.\d+)?)")


def place_in(work: Work, where: str) -> Place | None:
    """Return what a work says at a place: a time like 12:34 or 754, or the first words of a sentence. None for nothing.

    In a text without times only words lead anywhere.
    """
    time = _TIME.fullmatch(where.strip())
    if time is None:
        return _place_of_words(work, where)
    hours, minutes, rest, plain = time.groups()
    seconds = float(plain) if plain else int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)
    chunk = work.chunks.filter(start_seconds__lte=seconds, is_hidden=False).order_by("-position").first()
    if chunk is None or chunk.end_seconds is None or chunk.end_seconds + 1 < seconds:
        return None
    spans = chunk_spans(chunk.text, chunk.timing)
    length = len(chunk.text)
    begun = [at for at, span in enumerate(spans) if (seconds_at(chunk.timing, span[0], length) or 0) <= seconds + 0.5]
    return _place(chunk, spans, begun[-1] if begun else 0)


def _place_of_words(work: Work, words: str) -> Place | None:
    wanted = folded(words)
    for chunk in work.chunks.filter(is_hidden=False).order_by("position") if wanted else ():
        spans = chunk_spans(chunk.text, chunk.timing)
        at = next((at for at, span in enumerate(spans) if folded(chunk.text[slice(*span)]).startswith(wanted)), None)
        if at is not None:
            return _place(chunk, spans, at)
    return None


def _place(chunk: Chunk, spans: Sequence[tuple[int, int]], at: int) -> Place | None:
    said = [chunk.text[start:end] for start, end in spans[at : at + QUOTED]]
    return Place(quote=said[0], words=" ".join(" ".join(said).split())) if said else None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a pin would have answered: questions of its group, how many there are, and questions of other groups."""

    own: int
    of: int
    others: tuple[AskedQuestion, ...]


def try_on(group: QuestionGroup, *, asked: Sequence[AskedQuestion], vectors: Vectors, threshold: float) -> Trial:
    """Say which of all that was asked of the same creator a pin for a group would have answered."""
    phrasings = _phrasings(group)[1]
    own = {question.desk_id for question in group.questions}
    near = (vectors @ phrasings.T).max(axis=1) >= threshold if len(asked) else np.zeros(0, dtype=bool)
    matched = [
        one for one, is_near in zip(asked, near, strict=True) if is_near and one.creator == group.questions[0].creator
    ]
    others = tuple(one for one in matched if one.desk_id not in own)
    return Trial(own=len(matched) - len(others), of=len(own), others=others)


def _phrasings(group: QuestionGroup) -> tuple[list[str], Vectors]:
    """Return the ways in which a group was asked, the most frequent first, and their vectors."""
    texts = list(group.phrasings)[:MOST_PHRASINGS]
    places = [next(at for at, one in enumerate(group.questions) if one.text == text) for text in texts]
    return texts, group.vectors[places]


def pin(
    group: QuestionGroup,
    *,
    creator: Creator | None,
    curator_id: int | None,
    embedder: Embedder,
    now: datetime,
    **said: Any,
) -> PinnedAnswer:
    """Pin an answer to a group; ``said`` are the fields of ``PinnedAnswer`` that the curator filled in."""
    texts, vectors = _phrasings(group)
    return PinnedAnswer.objects.create(
        creator=creator,
        curator_id=curator_id,
        questions=texts,
        vectors=packed(vectors),
        space=embedder.space.name,
        created=now,
        **said,
    )
