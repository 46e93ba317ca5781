"""A run and how much of it lies in the cache already."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from chat.locks import HOLD
from chat.runs import stored
from chat.runs.run import Run
from chat.runs.stored import Head

LATELY = 2.0
"""Seconds after which a reader in another process counts as gone."""


@dataclass(frozen=True, slots=True)
class News:
    """What a tick has to write of one run; ``size`` is how many bytes of its log lie in the cache afterwards."""

    head: Head
    size: int
    running: Mapping[str, object] = field(default_factory=dict)
    ended: Mapping[str, object] = field(default_factory=dict)
    done: Sequence[str] = ()


@dataclass(slots=True)
class Kept:
    """What of a run was written: bytes, parts, its head; and when its lock was renewed, by the monotonic clock."""

    run: Run
    renewed_at: float
    size: int = 0
    parts: int = 0
    head: Head | None = None

    def news(self, *, process: str, now: float) -> News:
        """Return what is to be written."""
        turn, log = self.run.turn, self.run.log
        head = Head(
            owner=turn.owner.key,
            conversation_id=str(turn.conversation_id),
            process=process,
            is_read=self.run.is_read or now - self.run.wanted_at < LATELY,
            is_ended=log.is_ended,
            last=log.last if log.is_ended else 0,
        )
        if log.is_ended:
            done = [stored.part_key(turn.id, number) for number in range(self.parts)]
            whole = {stored.head_key(turn.id): asdict(head), stored.whole_key(turn.id): log.since(0)}
            return News(head, log.size, ended=whole, done=done)
        rows: dict[str, object] = {}
        if log.size > self.size:
            rows[stored.part_key(turn.id, self.parts)] = log.since(self.size)
        if head != self.head:
            rows[stored.head_key(turn.id)] = asdict(head)
        return News(head, log.size, running=rows)

    def written(self, news: News) -> None:
        """Note that the cache has it."""
        self.parts += news.size > self.size
        self.size, self.head = news.size, news.head

    def is_lock_due(self, now: float) -> bool:
        """Whether the lock of the conversation wants renewing."""
        return not self.run.log.is_ended and now - self.renewed_at >= HOLD / 3
