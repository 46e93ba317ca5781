"""What one tick is about to write, gathered run by run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from chat.streams import store
from chat.streams.kept import Kept
from chat.streams.store import Plan


@dataclass(slots=True)
class Draft:
    """Rows of running runs, rows of ended ones, and what is true of the runs once these are written."""

    process: str
    tick: int
    now: float
    running: dict[str, dict[str, object]] = field(default_factory=dict)
    ended: dict[str, object] = field(default_factory=dict)
    sizes: list[tuple[Kept, int, str]] = field(default_factory=list)
    reads: list[tuple[Kept, bool]] = field(default_factory=list)
    over: list[Kept] = field(default_factory=list)
    due: list[Kept] = field(default_factory=list)

    def add(self, kept: Kept) -> None:
        """Take up what is new in a run."""
        turn_id, log = kept.run.turn.id, kept.run.log
        is_read = kept.is_read(self.now)
        if log.is_ended:
            self.ended[store.head_key(turn_id)] = kept.head(process=self.process, is_read=is_read)
            self.ended[store.whole_key(turn_id)] = log.since(0)
            self.over.append(kept)
            return
        if log.size > kept.size:
            key = store.row_key(self.process, self.tick, turn_id)
            self.running.setdefault(key, {})[turn_id.hex] = (kept.size, log.since(kept.size))
            self.sizes.append((kept, log.size, key))
        if is_read != kept.was_read:
            self.running[store.head_key(turn_id)] = kept.head(process=self.process, is_read=is_read)
            self.reads.append((kept, is_read))
        if kept.is_lock_due(self.now):
            self.due.append(kept)

    def plan(self, kept: Mapping[UUID, Kept], *, bell: int, done: list[str]) -> Plan:
        """Return it as the cache is told; ``done`` are rows that nobody needs any more."""
        return Plan(
            process=self.process,
            tick=self.tick,
            bell=bell,
            asked=[one.run.turn.id for one in kept.values() if not one.run.log.is_ended],
            running=self.running,
            ended=self.ended,
            done=done,
            locks=[one.run.turn.lock for one in self.due],
        )

    def written(self) -> None:
        """Note that the cache has it."""
        for kept, size, key in self.sizes:
            kept.size = size
            kept.rows.append(key)
        for kept, is_read in self.reads:
            kept.was_read = is_read
        for kept in self.due:
            kept.renewed_at = self.now
