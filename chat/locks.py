"""One turn at a time: a lock on a conversation, in the cache, held by a token."""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from chat.owner import Owner, new_token

HOLD = 30
"""Seconds after which a lock that nobody renews is free again, as after a crash."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that was got; ``token`` tells it from one that somebody else got later."""

    key: str
    token: str

    def renew(self) -> None:
        """Hold the lock for another ``HOLD`` seconds."""
        if cache.get(self.key) == self.token:
            cache.touch(self.key, HOLD)

    def release(self) -> None:
        """Free the lock, unless it ran out and somebody else has it now."""
        if cache.get(self.key) == self.token:
            cache.delete(self.key)


def acquire(*, owner: Owner, conversation_id: UUID, turn_id: UUID) -> Lock | UUID:
    """Return the lock, or the id of the turn that holds it."""
    key = f"turn-lock:{owner.key}:{conversation_id}"
    lock = Lock(key=key, token=f"{turn_id} {new_token()}")
    while not cache.add(key, lock.token, timeout=HOLD):
        if holder := cache.get(key):
            return UUID(str(holder).split()[0])
    return lock
