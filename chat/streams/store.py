"""The run store: how a run stands and its log, in the cache, for other processes. Synchronous, for a hop.

While a run lives, its log lies in rows that a tick writes for many runs at once, as a row for each would cost a busy
process more than the answers; afterwards it lies in one piece. Every process with runs has a bell, a counter: it shows
that the process lives, and a ring is heard at its next tick.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from pydantic import TypeAdapter

from chat.events.turn import TurnHead
from chrysopedia.core.cache import Lock

LIFE = 240
"""Seconds that what is written of a running run is kept, more than a turn may take."""
ANNOUNCED = 60
"""Seconds that a run is known whose process never came to a tick."""
BELL = 4
"""Seconds after its last tick that a process counts as alive: ticks are half a second apart, and a busy one is late."""
REQUEST = 30
SWEPT = 5000
TICKS = 16
"""Ticks that a reader fetches at once."""
SHARDS = 16
"""Rows that a tick writes at most; a reader elsewhere is sent what those share a row with that it reads."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as other processes know it: the turn it answers, which process drives it, and how it stands.

    ``tick`` is the first tick of the process that may have written of it, ``last`` the number of its last event, once
    it has ended. ``is_read`` says whether anybody reads it, in any process.
    """

    head: TurnHead
    process: str
    tick: int = 0
    is_read: bool = True
    is_ended: bool = False
    last: int = 0


_STORED_RUN = TypeAdapter(StoredRun)


@dataclass(slots=True)
class TickBatch:
    """What a process writes at one tick: rows of running and of ended runs, rows to remove, and locks to renew.

    ``asked_about`` are the runs of which other processes may have asked something, ``bell`` the count last known.
    """

    process: str
    tick: int
    bell: int
    asked_about: Sequence[UUID]
    rows_to_remove: Sequence[str]
    running: dict[str, Any] = field(default_factory=dict)
    ended: dict[str, Any] = field(default_factory=dict)
    locks: list[Lock] = field(default_factory=list)

    def add_run(self, run: StoredRun) -> None:
        """Have the cache know how a run stands."""
        rows = self.ended if run.is_ended else self.running
        rows[run_key(run.head.turn_id)] = asdict(run)

    def add_part(self, turn_id: UUID, data: bytes, *, at: int) -> str:
        """Add what is new in a running run's log, from its byte ``at`` on, and return the row it goes into."""
        key = row_key(self.process, self.tick, turn_id)
        self.running.setdefault(key, {})[turn_id.hex] = (at, data)
        return key

    def add_whole(self, turn_id: UUID, data: bytes) -> None:
        """Add the whole log of a run that has ended."""
        self.ended[whole_key(turn_id)] = data


@dataclass(frozen=True, slots=True)
class Requests:
    """What other processes have asked by a tick: runs to stop, and runs that somebody reads there.

    ``bell`` is how often they have rung.
    """

    bell: int
    stopped: frozenset[UUID]
    wanted: frozenset[UUID]


def run_key(turn_id: UUID) -> str:
    """Return the key of a stored run."""
    return f"run-of:{turn_id}"


def row_key(process: str, tick: int, turn_id: UUID) -> str:
    """Return the key of the row in which a tick writes of a running run: by its id, bytes and where they begin."""
    return f"runs-of:{process}:{tick}:{turn_id.int % SHARDS}"


def whole_key(turn_id: UUID) -> str:
    """Return the key of an ended run's log."""
    return f"run:{turn_id}:whole"


def announce(run: StoredRun) -> None:
    """Have every process know of a run before its first tick, and that its process is there."""
    # In this order: a run that is known and whose process shows no life counts as abandoned.
    _show_alive(run.process)
    cache.set(run_key(run.head.turn_id), asdict(run), ANNOUNCED)


def retract(turn_id: UUID) -> None:
    """Forget an announced run that did not come to be."""
    cache.delete(run_key(turn_id))


def erase(turn_ids: Iterable[UUID]) -> None:
    """Remove what is known of runs that have ended, so that nobody can read them again."""
    cache.delete_many([key for turn_id in turn_ids for key in (run_key(turn_id), whole_key(turn_id))])


def bury(turn_ids: Iterable[UUID]) -> None:
    """Note that these turns were removed, which may still be running: what comes of them is not to be kept."""
    cache.set_many({_grave(turn_id): 1 for turn_id in turn_ids}, LIFE)


def is_buried(turn_id: UUID) -> bool:
    """Tell whether a turn was removed lately."""
    return cache.get(_grave(turn_id)) is not None


def stored_run(turn_id: UUID) -> StoredRun | None:
    """Return what is known of a run, None where there is none."""
    return _stored(cache.get(run_key(turn_id)))


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies in the cache of a run: how it stands, more of its log, and the tick to go on with.

    ``data`` is the whole log of a run that has ended; ``is_alive`` says whether the process of one that runs is there,
    ``has_failed`` that the cache did not answer.
    """

    run: StoredRun | None
    data: bytes = b""
    tick: int = 0
    is_alive: bool = False
    has_failed: bool = False


def fetch(run: StoredRun, *, tick: int, at: int) -> Fetched:
    """Return what was written of a run since a tick and from a byte on, and tell its process that it is read here."""
    turn_id = run.head.turn_id
    rows = {row_key(run.process, number, turn_id): number for number in range(tick, tick + TICKS)}
    last = _last_tick(run.process)
    found = cache.get_many([run_key(turn_id), whole_key(turn_id), last, *rows])
    now = _stored(found.get(run_key(turn_id)))
    if now is None or now.is_ended:
        return Fetched(now, found.get(whole_key(turn_id), b""))
    written = [found.get(key, {}) for key, number in rows.items() if number <= found.get(last, -1)]
    data = _joined([row[turn_id.hex] for row in written if turn_id.hex in row], at)
    return Fetched(now, data, tick + len(written), is_alive=_request(now, "wanted"))


def _joined(pieces: Sequence[tuple[int, bytes]], at: int) -> bytes:
    """Join pieces of a log from a byte on; a tick that was thought to have failed may have written one twice."""
    data = b""
    for begin, piece in pieces:
        data += piece[max(at + len(data) - begin, 0) :]
    return data


def abandoned(turn_id: UUID) -> StoredRun | None:
    """Return a run whose process is gone before its end; None where it goes on, has ended or isn't known."""
    run = stored_run(turn_id)
    is_over = run is None or run.is_ended or cache.get(_bell(run.process)) is not None
    return None if is_over else run


def remains(turn_id: UUID) -> bytes:
    """Return what the cache still has of the log of a run whose process is gone, b"" where that is nothing."""
    run = abandoned(turn_id)
    return written(run) if run else b""


def written(run: StoredRun) -> bytes:
    """Return all that the cache has of the log of a run by now."""
    data, tick = b"", run.tick
    while True:
        found = fetch(run, tick=tick, at=len(data))
        data += found.data
        if found.tick < tick + TICKS:
            return data
        tick = found.tick


def ask_to_stop(run: StoredRun) -> bool:
    """Ask the run's process to stop it; False where that process is gone."""
    return _request(run, "stop")


def exchange(batch: TickBatch) -> Requests:
    """Do a tick's writing, and return what other processes have asked since the last one."""
    bell = _listen(batch)
    requests: Mapping[str, object] = {}
    if bell != batch.bell and batch.asked_about:
        keys = [_request_key(turn_id, what) for turn_id in batch.asked_about for what in ("stop", "wanted")]
        requests = cache.get_many(keys)
    if batch.running:
        cache.set_many({**batch.running, _last_tick(batch.process): batch.tick}, LIFE)
    if batch.ended:
        cache.set_many(batch.ended, settings.CHAT_REPLAY_SECONDS)
    if batch.rows_to_remove:
        cache.delete_many(batch.rows_to_remove)
    for lock in batch.locks:
        lock.renew()
    sweep(rows=2 * len(batch.running) + len(batch.ended) + 100)
    return Requests(
        bell=bell,
        stopped=frozenset(turn_id for turn_id in batch.asked_about if _request_key(turn_id, "stop") in requests),
        wanted=frozenset(turn_id for turn_id in batch.asked_about if _request_key(turn_id, "wanted") in requests),
    )


def sweep(*, rows: int) -> int:
    """Remove up to so many expired rows where the cache leaves that to us; return how many went."""
    purge: Any = getattr(cache, "purge", None)
    return int(purge(rows=rows)) if purge else 0


def sweep_all() -> None:
    """Remove every expired row."""
    while sweep(rows=SWEPT) >= SWEPT:
        pass


def _listen(batch: TickBatch) -> int:
    """Show that this process lives, and return how often its bell was rung."""
    _show_alive(batch.process)
    return int(cache.get(_bell(batch.process)) or 0)


def _show_alive(process: str) -> None:
    if not cache.touch(_bell(process), BELL):
        cache.add(_bell(process), 0, BELL)


def _request(run: StoredRun, what: str) -> bool:
    cache.set(_request_key(run.head.turn_id, what), 1, REQUEST if what == "stop" else 2)
    with suppress(ValueError):
        cache.incr(_bell(run.process))
        return True
    return False


def _request_key(turn_id: UUID, what: str) -> str:
    return f"run:{turn_id}:{what}"


def _grave(turn_id: UUID) -> str:
    return f"run:{turn_id}:removed"


def _last_tick(process: str) -> str:
    return f"runs-of:{process}:last"


def _bell(process: str) -> str:
    return f"runs-of:{process}"


def _stored(row: dict[str, Any] | None) -> StoredRun | None:
    return _STORED_RUN.validate_python(row) if row else None
