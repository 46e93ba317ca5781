"""Kept conversations as they are read: an owner's list, one with its turns, one that is shared."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from chat import streams
from chat.conversations import memory
from chat.events.events import Citation, Done, Source, Sources, Span, Token
from chat.events.serialize import EventDecoder, done_from, payload, sources_from
from chat.events.turn import ANYONE, Owner, TurnHead
from chat.models import Conversation, Share, Turn, TurnQuerySet
from chrysopedia.core.database import CACHE_ERRORS
from chrysopedia.core.text import without_unseen
from creators.models import Creator


class State(StrEnum):
    """How a turn stands: it ``runs``, was ``answered``, has ``failed``, or was ``lost`` with its process."""

    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """What the reader thinks of an answer; ``reason`` and ``comment`` are "" where none was given."""

    rating: str
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn as it was kept; ``done`` is None unless it was answered. ``number`` counts from 1 in its conversation."""

    head: TurnHead
    number: int
    answer: str
    sources: tuple[Source, ...]
    done: Done | None
    state: State
    created: datetime
    ended: datetime | None
    feedback: GivenFeedback | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The link to a shared conversation: its token, and since when it is shared as it was."""

    token: str
    created: datetime


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation with its turns; ``updated`` is the time of its last one.

    ``link`` is None where it is not shared, and in what readers of a share get. A conversation that is not kept, but in
    which a turn runs, has nothing but its ids.
    """

    conversation_id: UUID
    title: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    turns: tuple[StoredTurn, ...] = ()
    running_turn_id: UUID | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as it stands in its owner's list."""

    conversation_id: UUID
    title: str
    created: datetime
    updated: datetime
    turn_count: int
    is_shared: bool


MOST_ASKED_FOR = 600
"""Seconds that the most asked questions of a creator stand: they take a while where many have asked."""

logger = logging.getLogger(__name__)

_Part = TypeVar("_Part", Citation, Span)


def conversations(owner: Owner, *, limit: int, before: UUID | None = None, saying: str = "") -> list[Listed] | None:
    """Return the owner's conversations, newest first, those after the one called ``before``.

    ``saying`` are words that have to stand in each. None where there is no such one. A caller with neither key nor
    session has no list: theirs is empty.
    """
    if owner == ANYONE or not settings.KEEP_CONVERSATIONS:
        return []
    rows = Conversation.objects.of(owner.key)
    if before:
        last = rows.named(before, owner=owner.key)
        if last is None:
            return None
        rows = rows.older_than(last)
    return [Listed(**row) for row in rows.saying(saying).newest_first().for_list()[:limit]]


def conversation(conversation_id: UUID, *, owner: Owner) -> StoredConversation | None:
    """Return a conversation with its turns; None where this owner has none of this id.

    Where conversations are not kept, one in which a turn runs has that turn's id and nothing else.
    """
    running = _running(owner, conversation_id)
    kept = None
    if settings.KEEP_CONVERSATIONS:
        kept = Conversation.objects.select_related("share").named(conversation_id, owner=owner.key)
    if kept is None:
        return StoredConversation(conversation_id=conversation_id, running_turn_id=running) if running else None
    rows = kept.turns.select_related("feedback").in_order()
    turns = tuple(_stored(row, running=running) for row in rows)
    link = Link(kept.share.token, kept.share.created) if hasattr(kept, "share") else None
    return StoredConversation(
        conversation_id=conversation_id,
        title=kept.title,
        created=kept.created,
        updated=kept.updated,
        turns=turns,
        running_turn_id=running,
        link=link,
    )


def turn(turn_id: UUID, *, owner: Owner) -> StoredTurn | None:
    """Return a turn; None where this owner has no such turn."""
    if not settings.KEEP_CONVERSATIONS:
        return None
    row = Turn.objects.of(owner.key).select_related("conversation", "feedback").filter(pk=turn_id).first()
    if row is None:
        return None
    conversation_id = row.conversation.public_id
    running = _running(owner, conversation_id) if row.ended is None else None
    return _stored(row, running=running)


def remembered(*, owner: Owner, conversation_id: UUID, now: datetime) -> tuple[memory.Exchange, ...]:
    """Return the last turns of a conversation as memory would have them, had the cache not lost them; oldest first.

    () where memory would have expired.
    """
    kept = Conversation.objects.named(conversation_id, owner=owner.key) if settings.KEEP_CONVERSATIONS else None
    if kept is None or kept.updated < now - timedelta(seconds=memory.LIFETIME):
        return ()
    return as_remembered(kept.turns.all())


def as_remembered(turns: TurnQuerySet) -> tuple[memory.Exchange, ...]:
    """Return the last of these turns as memory has them, oldest first."""
    last = turns.worth_remembering().order_by("-number")
    rows = last.values_list("pk", "question", "answer", "ending__quoted_from")[: memory.MOST_TURNS]
    said = [
        memory.exchange(turn_id=pk, question=question, answer=answer, quoted_from=quoted_from)
        for pk, question, answer, quoted_from in rows
    ]
    return tuple(reversed(said))


def _running(owner: Owner, conversation_id: UUID) -> UUID | None:
    """Return the turn that runs in a conversation; one whose process is gone does not."""
    try:
        running = memory.running_turn(owner=owner, conversation_id=conversation_id)
        return None if running is None or streams.abandoned(running) else running
    except CACHE_ERRORS:
        return None  # what is kept can be read all the same


def _with_remains(row: Turn, state: State) -> None:
    """Give a lost turn what its readers had been shown of it, and keep that: the cache will forget it."""
    if state != State.LOST or row.answer or not (log := streams.remains(row.pk)):
        return
    try:
        events = [event for _, event in EventDecoder().feed(log)]
    except ValueError:
        return
    row.answer = "".join(event.text for event in events if isinstance(event, Token))
    row.sources = next((payload(event) for event in events if isinstance(event, Sources)), row.sources)
    Turn.objects.filter(pk=row.pk, ended=None).update(answer=row.answer, sources=row.sources)


def open_turns(owner: Owner, *, conversation_id: UUID | None = None) -> list[UUID]:
    """Return the ids of an owner's turns that have no end yet, running or lost; of one conversation, or of all.

    Of all of the owner whom callers without a session share, none.
    """
    rows = Turn.objects.of(owner.key).filter(ended=None)
    if conversation_id:
        rows = rows.filter(conversation__public_id=conversation_id)
    elif owner == ANYONE:
        return []
    return list(rows.values_list("pk", flat=True))


def shared(token: str) -> StoredConversation | None:
    """Return a conversation as it was when it was shared: what was answered of what had been asked by then.

    Nothing in it says whose it is or what they think of the answers, and its ids are the share's own: those of the
    conversation and its turns would be the right to ask on and to remove. None where the link leads nowhere.
    """
    found = Share.objects.opened_by(token) if settings.KEEP_CONVERSATIONS else None
    if found is None:
        return None
    kept = found.conversation
    rows = kept.turns.answered().filter(created__lte=found.created).in_order()
    turns = tuple(_as_shared(_stored(row, running=None, is_own=False), token=token) for row in rows)
    return StoredConversation(
        conversation_id=_shared_id(kept.public_id, token=token),
        title=turns[0].head.query if turns else kept.title,
        created=kept.created,
        updated=found.created,
        turns=turns,
    )


def creator_asked(conversation: StoredConversation) -> Creator | None:
    """Return the creator of whom all in a conversation was asked, None where it was several, all or nobody here."""
    slugs = {turn.head.creator for turn in conversation.turns}
    return Creator.objects.published().filter(slug=slugs.pop()).first() if len(slugs) == 1 else None


def without_reader(row: Turn) -> StoredTurn:
    """Return a turn, read with its conversation, as a curator may see it: nothing says whose it is, ids included."""
    running = row.pk if row.ended is None else None
    return _as_shared(_stored(row, running=running, is_own=False), token=str(row.desk_id))


def is_shared_id(named: UUID) -> bool:
    """Tell whether an id is one that some share shows, which is for reading and names nothing that can be asked in."""
    return named == _sealed(named.bytes[:8])


def _as_shared(turn: StoredTurn, *, token: str) -> StoredTurn:
    conversation_id = _shared_id(turn.head.conversation_id, token=token)
    turn_id = _shared_id(turn.head.turn_id, token=token)
    return replace(
        turn,
        head=replace(turn.head, turn_id=turn_id, conversation_id=conversation_id, owner=ANYONE),
        done=turn.done and replace(turn.done, turn_id=turn_id, conversation_id=conversation_id),
    )


def _shared_id(private: UUID, *, token: str) -> UUID:
    """Return the id by which a share names a conversation or a turn; nothing leads back from it."""
    digest = salted_hmac("chat.share.id", f"{token} {private}", algorithm="sha256").digest()
    return _sealed(UUID(bytes=digest[:16], version=4).bytes[:8])


def _sealed(half: bytes) -> UUID:
    """Return the UUID whose first half this is and whose second half proves that it was made here."""
    seal = salted_hmac("chat.share.seal", half, algorithm="sha256").digest()[:8]
    return UUID(bytes=half + seal, version=4)


def most_asked(creator_slug: str) -> Sequence[str]:
    """Return the five questions that this creator is asked most, worked out every ten minutes.

    See ``TurnQuerySet.most_asked`` for how the privacy of whoever asked is kept.
    """
    if not settings.KEEP_CONVERSATIONS:
        return ()
    key = most_asked_key(creator_slug)
    known: Sequence[str] | None = cache.get(key)
    if known is None:
        known = Turn.objects.most_asked(creator_slug)
        cache.set(key, known, MOST_ASKED_FOR)
    return known


def most_asked_key(creator_slug: str) -> str:
    """Return the cache key of a creator's most asked questions, which goes when a conversation with them is removed."""
    return f"most-asked:{creator_slug}"


def _stored(row: Turn, *, running: UUID | None, is_own: bool = True) -> StoredTurn:
    if row.ended is None:
        _with_remains(row, _state(row, None, running))
    sources, end = _came_of(row)
    answer, done = _as_sent(row.answer, end)
    given = row.feedback if is_own and hasattr(row, "feedback") else None
    return StoredTurn(
        head=_head(row),
        number=row.number,
        answer=answer,
        sources=sources,
        done=done,
        state=_state(row, done, running),
        created=row.created,
        ended=row.ended,
        feedback=GivenFeedback(given.rating, given.reason, given.comment) if given else None,
    )


def _head(row: Turn) -> TurnHead:
    return TurnHead(
        turn_id=row.pk,
        conversation_id=row.conversation.public_id,
        owner=Owner(row.conversation.owner),
        query=row.question,
        creator=row.creator_slug,
        creator_name=row.creator_name,
        weight=row.weight,
    )


def _came_of(row: Turn) -> tuple[tuple[Source, ...], Done | None]:
    """Return a turn's sources and end; a row that this program can't read is one that failed."""
    try:
        return sources_from(row.sources), done_from(row.ending) if row.ending else None
    except ValueError as error:
        logger.warning("turn %s can't be read: %s", row.pk, type(error).__name__)
        return (), None


def _as_sent(answer: str, done: Done | None) -> tuple[str, Done | None]:
    """Return an answer as it leaves the program, and its end with offsets in that; earlier versions stored more."""
    sent = without_unseen(answer)
    if sent == answer or done is None:
        return sent, done

    def moved(part: _Part) -> _Part:
        start, end = (len(without_unseen(answer[:offset])) for offset in (part.start, part.end))
        return replace(part, start=start, end=end)

    bare = tuple(moved(span) for span in done.grounding.bare)
    citations = tuple(moved(citation) for citation in done.citations)
    return sent, replace(done, citations=citations, grounding=replace(done.grounding, bare=bare))


def _state(row: Turn, done: Done | None, running: UUID | None) -> State:
    if done:
        return State.ANSWERED
    if row.ended:
        return State.FAILED
    return State.RUNNING if row.pk == running else State.LOST
