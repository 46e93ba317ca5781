"""One turn at a time: a lock on a conversation, in the cache, held by a token."""

from dataclasses import dataclass
from typing import Protocol, cast
from uuid import UUID

from django.core.cache import cache

from chat.conversations.owner import Owner, new_token

HOLD = 30
"""Seconds after which a lock that nobody renews is free again, as after a crash."""


class TokenCache(Protocol):
    """What a cache backend offers for locks beyond Django's own interface."""

    def add(self, key: str, value: str, timeout: float) -> bool:
        """Keep the value if the key is absent; of several callers exactly one is told True."""
        ...

    def get(self, key: str) -> str | None:
        """Return the value, or None."""
        ...

    def touch_if(self, key: str, value: str, timeout: float) -> bool:
        """Give the key a new expiry if it holds this value."""
        ...

    def delete_if(self, key: str, value: str) -> bool:
        """Remove the key if it holds this value."""
        ...


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that was got; ``token`` tells it from one that somebody else got later."""

    key: str
    token: str

    def renew(self) -> None:
        """Hold the lock for another ``HOLD`` seconds."""
        _cache().touch_if(self.key, self.token, HOLD)

    def release(self) -> None:
        """Free the lock, unless it ran out and somebody else has it now."""
        _cache().delete_if(self.key, self.token)


def acquire(*, owner: Owner, conversation_id: UUID, turn_id: UUID) -> Lock | UUID:
    """Return the lock, or the id of the turn that holds it."""
    lock = Lock(key=_key(owner, conversation_id), token=f"{turn_id} {new_token()}")
    while not _cache().add(lock.key, lock.token, HOLD):
        if running := running_turn(owner=owner, conversation_id=conversation_id):
            return running
    return lock


def running_turn(*, owner: Owner, conversation_id: UUID) -> UUID | None:
    """Return the id of the turn that holds the conversation's lock, None where none does."""
    holder = _cache().get(_key(owner, conversation_id))
    return UUID(holder.split()[0]) if holder else None


def _key(owner: Owner, conversation_id: UUID) -> str:
    return f"turn-lock:{owner.key}:{conversation_id}"


def _cache() -> TokenCache:
    return cast(TokenCache, cache)
