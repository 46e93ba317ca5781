"""Keeping a turn: its row is made when the question is accepted and completed at its end, within the service's hops.

A database that fails here costs the listing, never the answer.
"""

import logging
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import Error, connection, transaction
from django.db.models import BigIntegerField, Case, ExpressionWrapper, Field, Max, Sum, Value, When
from django.db.models.functions import Coalesce

from chat import streams
from chat.conversations import memory
from chat.conversations.owner import key_in
from chat.conversations.stored import most_asked_key
from chat.events.events import Done, Failed, Source, Sources
from chat.events.serialize import payload
from chat.events.turn import ANYONE, Owner, TurnHead
from chat.llm.spending import NO_CHARGE, Charge
from chat.models import Conversation, ConversationQuerySet, Turn
from chat.models.conversation import TITLE
from chrysopedia.core.database import CACHE_ERRORS

logger = logging.getLogger(__name__)


def begin(turn: TurnHead, *, replaces: UUID | None, now: datetime) -> None:
    """Keep an accepted question; the turn that it replaces, and all after that, are removed. Under the lock."""
    if not settings.KEEP_CONVERSATIONS:
        return
    try:
        with transaction.atomic():
            _begin(turn, replaces, now)
    except Error as error:
        logger.warning("turn %s is not kept: %s", turn.turn_id, type(error).__name__)


def turns_from(turn_id: UUID, *, owner: Owner, conversation_id: UUID) -> frozenset[UUID]:
    """Return the ids of this turn and all after it, empty where the conversation has no such turn."""
    conversation = Conversation.objects.named(conversation_id, owner=owner.key)
    if conversation is None:
        return frozenset()
    return frozenset(Turn.objects.from_turn(turn_id, conversation=conversation).values_list("pk", flat=True))


def first_after(turn_ids: Collection[UUID], *, owner: Owner, conversation_id: UUID) -> UUID | None:
    """Return the first turn after all of these, the very first for none; None where the conversation has none."""
    conversation = Conversation.objects.named(conversation_id, owner=owner.key)
    if conversation is None:
        return None
    turns = conversation.turns.in_order()
    if turn_ids:
        last = turns.filter(pk__in=turn_ids).last()
        turns = turns.filter(number__gt=last.number) if last else turns.none()
    return turns.values_list("pk", flat=True).first()


def settle(
    turn: TurnHead,
    *,
    answer: str,
    sources: tuple[Source, ...],
    end: Done | Failed | None,
    now: datetime,
    charge: Charge = NO_CHARGE,
) -> bool:
    """Keep what came of a turn, and say whether the database took it; ``end`` is None where it was closed before.

    A row that is not there was lost with a database that crashed, and is made anew, unless it was removed. Also removes
    a handful of conversations that are past their time.
    """
    if not settings.KEEP_CONVERSATIONS:
        return True
    values = {"answer": answer, "sources": payload(Sources(sources)), "ended": now}
    values |= _charged(charge)
    if isinstance(end, Done):
        values |= {"ending": payload(end), "tier": end.cascade_tier.value}
        values |= {"answered_by": end.answered_by, "finish": end.finish}
    try:
        if not Turn.objects.filter(pk=turn.turn_id).update(**values) and not streams.is_buried(turn.turn_id):
            begin(turn, replaces=None, now=now)
            Turn.objects.filter(pk=turn.turn_id).update(**values)
        expire(now, most=HANDFUL)
    except (Error, *CACHE_ERRORS) as error:
        logger.warning("turn %s is not kept yet: %s", turn.turn_id, type(error).__name__)
        return False
    return True


def add_charge(turn_id: UUID, charge: Charge) -> None:
    """Count what a model cost for a turn after its end, where that is kept."""
    if settings.KEEP_CONVERSATIONS and charge.micros:
        model = Case(When(model="", then=Value(charge.model)), default="model")
        Turn.objects.filter(pk=turn_id).update(micros=_with(charge.micros), model=model)


def _charged(charge: Charge) -> dict[str, Any]:
    """Return what a turn's row takes up of its charge, once, beside what the turns cost in whose place it stands."""
    values: dict[str, Any] = {"model": charge.model} if charge.model else {}
    if charge.micros is not None:
        values["micros"] = Case(When(ended=None, then=_with(charge.micros)), default="micros")
    return values


def _with(micros: int) -> ExpressionWrapper[Any]:
    kind: Field[int, int] = BigIntegerField()
    return ExpressionWrapper(Coalesce("micros", 0, output_field=kind) + micros, output_field=kind)


def withdraw(turn: TurnHead) -> None:
    """Remove a question that was accepted and will never be answered, as its caller had gone."""
    if settings.KEEP_CONVERSATIONS:
        Turn.objects.filter(pk=turn.turn_id).delete()
        Conversation.objects.filter(public_id=turn.conversation_id, owner=turn.owner.key, turns=None).delete()


def _begin(turn: TurnHead, replaces: UUID | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        # A question that a crash takes within its first moment is lost with its answer; the reader needn't wait for it.
        cursor.execute("SET LOCAL synchronous_commit TO OFF")
    title = title_of(turn.query)
    conversation = Conversation.objects.take(turn.conversation_id, owner=turn.owner.key, title=title, now=now)
    replaced = _make_room(replaces, conversation, title=title, now=now) if replaces else NO_CHARGE
    Turn.objects.create(
        id=turn.turn_id,
        conversation=conversation,
        number=Turn.objects.next_number(conversation),
        question=turn.query,
        creator_slug=turn.creator,
        creator_name=turn.creator_name,
        weight=turn.weight,
        model=replaced.model,
        micros=replaced.micros,
        created=now,
    )


def _make_room(replaces: UUID, conversation: Conversation, *, title: str, now: datetime) -> Charge:
    """Remove a turn and all after it, and return what they cost today, as former days are counted already.

    A conversation in which none is left is called by the question that comes.
    """
    replaced = Turn.objects.from_turn(replaces, conversation=conversation)
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    paid = replaced.filter(created__gte=midnight).aggregate(model=Max("model"), micros=Sum("micros"))
    _bury(replaces, *replaced.filter(ended=None).values_list("pk", flat=True))
    replaced.delete()
    if not conversation.turns.exists():
        conversation.title = title
        conversation.save(update_fields=["title"])
    return Charge(paid["model"] or "", paid["micros"])


def title_of(question: str) -> str:
    """Return what a conversation is called that begins with this question."""
    flat = " ".join(question.split())
    return flat if len(flat) <= TITLE else flat[: TITLE - 1].rsplit(" ", 1)[0] + "…"


HANDFUL = 5
"""Conversations past their time that one turn removes at most."""
AT_ONCE = 500
"""Conversations that are removed in one step where many are."""
STOP_WITHIN = 5.0
"""Seconds that the removal of a person's waits for the ends of their running turns."""
LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went."""

    conversations: int = 0
    sessions: int = 0


def rename(conversation_id: UUID, title: str, *, owner: Owner) -> bool:
    """Call an owner's conversation something else than its first question; False where there is none."""
    return bool(Conversation.objects.of(owner.key).filter(public_id=conversation_id).update(title=title_of(title)))


def delete(conversation_id: UUID, *, owner: Owner) -> bool:
    """Remove an owner's conversation and what the cache knows of it; False where there is none."""
    return bool(_remove(Conversation.objects.of(owner.key).filter(public_id=conversation_id)))


def delete_all(owner: Owner) -> int:
    """Remove all of an owner's conversations and return how many there were; nothing of the owner that many share."""
    return 0 if owner == ANYONE else _remove(Conversation.objects.of(owner.key))


def forget(named: str) -> Removed | None:
    """Remove all of the person whose this is: a conversation's id, a share's token, or an owner's key.

    Of what the callers without a session have only that conversation goes, as they all are one owner. None where nobody
    and nothing is called that.
    """
    found = Conversation.objects.called(named)
    owners = {*found.values_list("owner", flat=True), named} - {ANYONE.key}
    theirs = Conversation.objects.filter(owner__in=owners) | found.of(ANYONE.key)
    _stop(theirs)
    removed = Removed(conversations=_remove(theirs), sessions=_end_sessions(owners))
    return None if removed == Removed() else removed


def expire(now: datetime, *, most: int | None = None) -> int:
    """Remove conversations that had no turn for ``RETENTION_DAYS``, so many at most; return how many went."""
    unused = Conversation.objects.unused_since(now - timedelta(days=settings.RETENTION_DAYS))
    count = 0
    while pks := list(unused.values_list("pk", flat=True)[: AT_ONCE if most is None else most - count]):
        Conversation.objects.filter(pk__in=pks).delete()
        count += len(pks)
    return count


def end_expired_sessions() -> None:
    """Remove the sessions that are past their time, as Django's ``clearsessions`` does."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _remove(conversations: ConversationQuerySet) -> int:
    """Remove these, and from the cache what is remembered of them and the logs of their turns."""
    count = 0
    while rows := list(conversations.values_list("pk", "owner", "public_id")[:AT_ONCE]):
        pks = [pk for pk, _, _ in rows]
        turns = Turn.objects.filter(conversation__in=pks)
        turn_ids = list(turns.values_list("pk", flat=True))
        asked = set(turns.values_list("creator_slug", flat=True))
        _bury(*turns.filter(ended=None).values_list("pk", flat=True))
        Conversation.objects.filter(pk__in=pks).delete()
        cache.delete_many([most_asked_key(slug) for slug in asked])
        memory.forget([(Owner(owner), public_id) for _, owner, public_id in rows])
        streams.erase(turn_ids)
        count += len(rows)
    return count


def _bury(*turn_ids: UUID) -> None:
    with suppress(*CACHE_ERRORS):
        streams.bury(turn_ids)


def _stop(conversations: ConversationQuerySet) -> None:
    """Stop the turns that run in these and wait for their ends: what they write at it would stay otherwise."""
    deadline = time.monotonic() + STOP_WITHIN
    rows = Turn.objects.filter(conversation__in=conversations, ended=None)
    for turn_id, key, public_id in rows.values_list("pk", "conversation__owner", "conversation__public_id"):
        # The lock is freed when all is written. A process that has just begun may not hear the first request.
        while (
            memory.running_turn(owner=Owner(key), conversation_id=public_id) == turn_id and time.monotonic() < deadline
        ):
            if run := streams.stored_run(turn_id):
                streams.ask_to_stop(run)
            time.sleep(LOOK)


def _end_sessions(owners: Collection[str]) -> int:
    """Remove the sessions that these owners have; what is in a session can't be searched for, so each is read."""
    keys = [row.pk for row in Session.objects.iterator() if key_in(row.get_decoded()) in owners]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
