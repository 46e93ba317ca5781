"""A run and how much of it lies in the cache already."""

from dataclasses import asdict, dataclass, field

from chat.streams.run import Run
from chat.streams.store import Head
from chrysopedia.core.locks import HOLD

LATELY = 2.0
"""Seconds after which a reader in another process counts as gone."""


@dataclass(slots=True)
class Kept:
    """What of a run was written: so many bytes of its log, in which rows, and how it stood then.

    ``tick`` is the first tick that may write of it; ``renewed_at`` when its lock was renewed, by the monotonic clock.
    """

    run: Run
    tick: int
    renewed_at: float
    size: int = 0
    was_read: bool | None = None
    rows: list[str] = field(default_factory=list)

    def is_read(self, now: float) -> bool:
        """Whether somebody reads it, here or elsewhere."""
        return self.run.is_read or now - self.run.wanted_at < LATELY

    def is_lock_due(self, now: float) -> bool:
        """Whether the lock of the conversation wants renewing."""
        return now - self.renewed_at >= HOLD / 3 and not self.run.log.is_ended

    def head(self, *, process: str, is_read: bool) -> dict[str, object]:
        """Return the head as it is written."""
        turn, log = self.run.turn, self.run.log
        head = Head(
            owner=turn.owner.key,
            conversation_id=str(turn.conversation_id),
            process=process,
            heading=turn.heading,
            tick=self.tick,
            is_read=is_read,
            is_ended=log.is_ended,
            last=log.last if log.is_ended else 0,
        )
        return asdict(head)
