"""What other processes know of a run: its head and its log, in the cache. Synchronous, for a hop.

While a run lives, its log lies in rows that a tick writes for many runs at once, as a row for each would cost a busy
process more than the answers; afterwards it lies in one piece. Every process with runs has a bell, a counter: it shows
that the process lives, and a ring is heard at its next tick.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from chat.events.events import Heading
from chrysopedia.core.locks import Lock

LIFE = 240
"""Seconds that what is written of a running run is kept, more than a turn may take."""
ANNOUNCED = 60
"""Seconds that the head of a run lives whose process never came to a tick."""
BELL = 10
"""Seconds after its last tick that a process counts as alive."""
REQUEST = 30
SWEPT = 5000
TICKS = 16
"""Ticks that a reader fetches at once."""
SHARDS = 16
"""Rows that a tick writes at most; a reader elsewhere is sent what those share a row with that it reads."""


@dataclass(frozen=True, slots=True)
class Head:
    """Whose run it is, what it answers, which process drives it, whether anybody reads it, and how it stands.

    ``tick`` is the first tick of the process that may have written of it, ``last`` the number of its last event, once
    it has ended.
    """

    owner: str
    conversation_id: str
    process: str
    heading: Heading
    tick: int = 0
    is_read: bool = True
    is_ended: bool = False
    last: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a tick brought: the bell's count, the runs to stop, and those that somebody reads elsewhere."""

    bell: int
    stopped: frozenset[UUID]
    wanted: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tick writes: rows of running and of ended runs, keys that are done with, and locks to hold on to.

    ``asked`` are the runs that others may have asked something of, ``bell`` the count that was known.
    """

    process: str
    tick: int
    bell: int
    asked: Sequence[UUID]
    running: Mapping[str, object]
    ended: Mapping[str, object]
    done: Sequence[str]
    locks: Sequence[Lock]


def head_key(turn_id: UUID) -> str:
    """Return the key of a run's head."""
    return f"run:{turn_id}"


def row_key(process: str, tick: int, turn_id: UUID) -> str:
    """Return the key of the row in which a tick writes of a running run: by its id, bytes and where they begin."""
    return f"runs-of:{process}:{tick}:{turn_id.int % SHARDS}"


def whole_key(turn_id: UUID) -> str:
    """Return the key of an ended run's log."""
    return f"run:{turn_id}:whole"


def announce(turn_id: UUID, head: Head) -> None:
    """Have every process know of a run before its first tick."""
    cache.set(head_key(turn_id), asdict(head), ANNOUNCED)


def retract(turn_id: UUID) -> None:
    """Forget an announced run that did not come to be."""
    cache.delete(head_key(turn_id))


def erase(turn_ids: Iterable[UUID]) -> None:
    """Remove what is known of runs that have ended, so that nobody can read them again."""
    cache.delete_many([key for turn_id in turn_ids for key in (head_key(turn_id), whole_key(turn_id))])


def head_of(turn_id: UUID) -> Head | None:
    """Return the head of a run, None where there is none."""
    return _head(cache.get(head_key(turn_id)))


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the cache of a run: its head, more of its log, the tick to go on with, whether its process lives.

    ``data`` is the whole log of a run that has ended; ``has_failed`` says that the cache did not answer.
    """

    head: Head | None
    data: bytes = b""
    tick: int = 0
    is_alive: bool = False
    has_failed: bool = False


def fetch(turn_id: UUID, head: Head, *, tick: int, at: int) -> Found:
    """Return what was written of a run since a tick and from a byte on, and tell its process that it is read here."""
    rows = {row_key(head.process, number, turn_id): number for number in range(tick, tick + TICKS)}
    last = _last_tick(head.process)
    found = cache.get_many([head_key(turn_id), whole_key(turn_id), last, *rows])
    now = _head(found.get(head_key(turn_id)))
    if now is None or now.is_ended:
        return Found(now, found.get(whole_key(turn_id), b""))
    written = [found.get(key, {}) for key, number in rows.items() if number <= found.get(last, -1)]
    data = _joined([row[turn_id.hex] for row in written if turn_id.hex in row], at)
    return Found(now, data, tick + len(written), is_alive=_request(turn_id, now, "wanted"))


def _joined(pieces: Sequence[tuple[int, bytes]], at: int) -> bytes:
    """Join pieces of a log from a byte on; a tick that was thought to have failed may have written one twice."""
    data = b""
    for begin, piece in pieces:
        data += piece[max(at + len(data) - begin, 0) :]
    return data


def ask_to_stop(turn_id: UUID, head: Head) -> bool:
    """Ask the run's process to stop it; False where that process is gone."""
    return _request(turn_id, head, "stop")


def exchange(plan: Plan) -> Heard:
    """Do a tick's writing, and hear what other processes have asked since the last one."""
    bell = _listen(plan)
    heard: Mapping[str, object] = {}
    if bell != plan.bell and plan.asked:
        heard = cache.get_many([f"run:{turn_id}:{what}" for turn_id in plan.asked for what in ("stop", "wanted")])
    if plan.running:
        cache.set_many({**plan.running, _last_tick(plan.process): plan.tick}, LIFE)
    if plan.ended:
        cache.set_many(dict(plan.ended), settings.CHAT_REPLAY_SECONDS)
    if plan.done:
        cache.delete_many(plan.done)
    for lock in plan.locks:
        lock.renew()
    sweep(rows=2 * len(plan.running) + len(plan.ended) + 100)
    return Heard(
        bell=bell,
        stopped=frozenset(turn_id for turn_id in plan.asked if f"run:{turn_id}:stop" in heard),
        wanted=frozenset(turn_id for turn_id in plan.asked if f"run:{turn_id}:wanted" in heard),
    )


def sweep(*, rows: int) -> int:
    """Remove up to so many expired rows where the cache leaves that to us; return how many went."""
    purge: Any = getattr(cache, "purge", None)
    return int(purge(rows=rows)) if purge else 0


def sweep_all() -> None:
    """Remove every expired row."""
    while sweep(rows=SWEPT) >= SWEPT:
        pass


def _listen(plan: Plan) -> int:
    """Show that this process lives, and return how often its bell was rung."""
    name = _bell(plan.process)
    if not cache.touch(name, BELL):
        cache.add(name, 0, BELL)
    return int(cache.get(name) or 0)


def _request(turn_id: UUID, head: Head, what: str) -> bool:
    cache.set(f"run:{turn_id}:{what}", 1, REQUEST if what == "stop" else 2)
    with suppress(ValueError):
        cache.incr(_bell(head.process))
        return True
    return False


def _last_tick(process: str) -> str:
    return f"runs-of:{process}:last"


def _bell(process: str) -> str:
    return f"runs-of:{process}"


def _head(row: dict[str, Any] | None) -> Head | None:
    return Head(**{**row, "heading": Heading(**row["heading"])}) if row else None
