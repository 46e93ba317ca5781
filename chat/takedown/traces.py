"""Where a work has left something: turns that consulted it, and what the cache still has of conversations."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from chat import streams
from chat.conversations import memory
from chat.events.turn import Owner
from chat.models import Conversation, EvaluationCase, Turn, TurnQuerySet
from chrysopedia.core.text import without_unseen
from creators.models import Work
from creators.transcripts.sentences import chunk_spans

TELLING = 40
"""Characters from which on a sentence is told from what anybody says."""
TOLD = b"event: sources"
LIVE = timedelta(minutes=10)
"""How long ago a turn may have begun that still runs."""


def turns_about(work: Work) -> TurnQuerySet:
    """Return the turns of which something stored comes from this work: a source, a receipt, a setting, a suggestion."""
    slug = work.slug
    named = Q(sources__contains=[{"work": slug}]) | Q(sources__contains=[{"also": [{"work": slug}]}])
    named |= Q(ending__contains={"suggestions": [{"work": slug}]})
    named |= Q(ending__contains={"disagreements": [{"settings": [{"work": slug}]}]})
    listed = Q(answered_by__in=("catalogue", "pinned"), answer__contains=work.title)
    return Turn.objects.filter(named | listed)


def sentences_of(work: Work) -> frozenset[str]:
    """Return what a work says, in sentences that tell it apart, as answers write them; also what it said before a
    curator put it otherwise."""
    found: set[str] = set()
    for chunk in work.chunks.defer("search"):
        spoken = [chunk.text[start:end] for start, end in chunk_spans(chunk.text, chunk.timing)]
        spoken += chunk.as_ingested.sentences if chunk.said else []
        found.update(" ".join(without_unseen(sentence).split()) for sentence in spoken)
    return frozenset(sentence for sentence in found if len(sentence) >= TELLING)


def says(text: str, sentences: frozenset[str]) -> bool:
    """Tell whether a text holds one of the sentences."""
    flat = " ".join(text.split())
    return any(sentence in flat for sentence in sentences)


def cases_saying(sentences: frozenset[str], *, answers: Collection[str] = ()) -> Iterator[EvaluationCase]:
    """Yield the test cases before which one of the sentences was said, or one of these whole answers."""
    for case in EvaluationCase.objects.exclude(earlier=[]):
        if any(one["answer"] in answers or says(one["answer"], sentences) for one in case.earlier):
            yield case


def remembered(sentences: frozenset[str], *, now: datetime) -> Iterator[tuple[Owner, UUID]]:
    """Yield the conversations in whose memory one of the sentences stands, by owner and id."""
    since = now - timedelta(seconds=memory.LIFETIME)
    for key, public_id in Conversation.objects.filter(updated__gte=since).values_list("owner", "public_id"):
        said = memory.recall(owner=Owner(key), conversation_id=public_id)
        if any(says(one.answer, sentences) for one in said):
            yield Owner(key), public_id


def logged(work: Work, *, now: datetime) -> Iterator[UUID]:
    """Yield the turns whose logs, which readers come back to, name the work; of the time that logs are kept."""
    since = now - timedelta(seconds=settings.CHAT_REPLAY_SECONDS) - LIVE
    for turn_id in Turn.objects.since(since).values_list("pk", flat=True):
        if _names(turn_id, work):
            yield turn_id


def running(work: Work, *, now: datetime, told: Collection[int] = ()) -> Iterator[streams.StoredRun]:
    """Yield the runs that are being written, of whichever process, and have named the work to their readers.

    Also those of the conversations ``told``, by primary key, whatever they have named.
    """
    begun = Turn.objects.since(now - LIVE).filter(ended=None)
    for turn_id, conversation_id in begun.values_list("pk", "conversation_id"):
        run = streams.stored_run(turn_id)
        if run and not run.is_ended and (conversation_id in told or _names(turn_id, work)):
            yield run


def is_any_searching(*, before: datetime) -> bool:
    """Tell whether a turn that began before this moment has not told its sources yet, in a process that is alive."""
    for turn_id in (
        Turn.objects.since(before - LIVE).filter(created__lt=before, ended=None).values_list("pk", flat=True)
    ):
        run = None if streams.abandoned(turn_id) else streams.stored_run(turn_id)
        if run and not run.is_ended and TOLD not in streams.written(run):
            return True
    return False


def _names(turn_id: UUID, work: Work) -> bool:
    run = streams.stored_run(turn_id)
    return run is not None and f'"{work.slug}"'.encode() in streams.written(run)
