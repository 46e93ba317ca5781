"""What the cache knows of a conversation, by owner and id: its last turns, and the lock of the one that runs."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache

from chat.events.events import Message
from chat.events.turn import Owner, TurnHead
from chat.grounding.markers import without_markers
from chrysopedia.core.cache import NO_LOCK, Lock, acquire, holder_of, token_of
from chrysopedia.core.database import CACHE_ERRORS

MOST_TURNS = 10
LIFETIME = 3600
"""Seconds that a conversation is remembered after its last turn."""
TOKEN_BUDGET = 2000
"""Tokens of history that a prompt may carry, estimated at four characters each."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A remembered turn: what was asked and what was answered, without markers."""

    turn_id: str
    question: str
    answer: str


def recall(*, owner: Owner, conversation_id: UUID) -> tuple[Exchange, ...]:
    """Return the remembered turns of a conversation, oldest first; none where the cache does not answer."""
    try:
        rows: list[dict[str, Any]] = cache.get(_key(owner, conversation_id)) or []
    except CACHE_ERRORS:
        return ()
    # By name: a newer version beside this one may have added to what it keeps.
    return tuple(Exchange(row["turn_id"], row["question"], row["answer"]) for row in rows)


def remember(exchanges: Sequence[Exchange], *, owner: Owner, conversation_id: UUID) -> None:
    """Keep the last turns for another hour."""
    rows = [asdict(exchange) for exchange in exchanges[-MOST_TURNS:]]
    cache.set(_key(owner, conversation_id), rows, timeout=LIFETIME)


def forget(conversations: Iterable[tuple[Owner, UUID]]) -> None:
    """Forget these conversations, each by its owner and id."""
    cache.delete_many([_key(owner, conversation_id) for owner, conversation_id in conversations])


def exchange(*, turn_id: UUID, question: str, answer: str, quoted_from: int | None = None) -> Exchange:
    """Return a turn as it is remembered: where the creators' own words had to follow an answer, those alone."""
    return Exchange(turn_id=str(turn_id), question=question, answer=without_markers(answer[quoted_from or 0 :]))


def before(exchanges: Sequence[Exchange], turn_id: UUID) -> tuple[Exchange, ...] | None:
    """Return the turns before this one; None where the conversation does not remember it."""
    ids = [one.turn_id for one in exchanges]
    return tuple(exchanges[: ids.index(str(turn_id))]) if str(turn_id) in ids else None


def after(exchanges: Sequence[Exchange], turn_ids: Sequence[UUID]) -> UUID | None:
    """Return the first turn after all of these, the very first for none; None where there is no such place."""
    ids = [UUID(one.turn_id) for one in exchanges]
    places = [ids.index(one) for one in turn_ids if one in ids]
    if turn_ids and not places:
        return None
    return next(iter(ids[max(places, default=-1) + 1 :]), None)


def only(exchanges: Sequence[Exchange], turn_ids: Sequence[UUID] | None) -> tuple[Exchange, ...]:
    """Return those of these turns, in their order; all for None."""
    ids = None if turn_ids is None else frozenset(str(one) for one in turn_ids)
    return tuple(one for one in exchanges if ids is None or one.turn_id in ids)


def name_question(name: str, turn: TurnHead) -> None:
    """Remember for an hour what its client calls the question of a turn."""
    cache.set(_name_key(name, turn), str(turn.turn_id), timeout=LIFETIME)


def question_named(name: str, turn: TurnHead) -> UUID | None:
    """Return the last turn of the same conversation whose question its client called so; None for none."""
    try:
        found = cache.get(_name_key(name, turn))
    except CACHE_ERRORS:
        return None
    return UUID(found) if found else None


def as_messages(exchanges: Sequence[Exchange]) -> tuple[Message, ...]:
    """Return the newest turns that fit the token budget as messages, oldest first."""
    kept: list[Message] = []
    left = TOKEN_BUDGET * 4
    for one in reversed(exchanges):
        left -= len(one.question) + len(one.answer)
        if left < 0:
            break
        kept[:0] = [Message("user", one.question), Message("assistant", one.answer)]
    return tuple(kept)


def lock(*, owner: Owner, conversation_id: UUID, turn_id: UUID) -> Lock | UUID:
    """Return the conversation's lock for a turn, or the id of the turn that holds it: one is answered at a time.

    Where the cache does not answer it is no lock: better two answers at once than none.
    """
    try:
        got = acquire(_lock_key(owner, conversation_id), holder=str(turn_id))
    except CACHE_ERRORS:
        return NO_LOCK
    return got if isinstance(got, Lock) else UUID(got)


def free(turn: TurnHead) -> None:
    """Take the lock from a turn whose process is gone; from nobody who got it since."""
    key = _lock_key(turn.owner, turn.conversation_id)
    token = token_of(key)
    if token and token.split()[0] == str(turn.turn_id):
        Lock(key, token).release()


def running_turn(*, owner: Owner, conversation_id: UUID) -> UUID | None:
    """Return the id of the turn that holds the conversation's lock, None where none does."""
    holder = holder_of(_lock_key(owner, conversation_id))
    return UUID(holder) if holder else None


def _lock_key(owner: Owner, conversation_id: UUID) -> str:
    return f"turn-lock:{owner.key}:{conversation_id}"


def _name_key(name: str, turn: TurnHead) -> str:
    digest = hashlib.sha256(f"{turn.owner.key} {turn.conversation_id} {name}".encode()).hexdigest()
    return f"question-name:{digest[:32]}"


def _key(owner: Owner, conversation_id: UUID) -> str:
    return f"memory:{owner.key}:{conversation_id}"
