"""What other processes know of a run: its head and its log, in the cache. Synchronous, for a hop.

While a run lives, its log lies there in parts, one for each tick that had something new; afterwards in one piece.
Every process with runs has a bell, a counter: it shows that the process lives, and a ring is heard at its next tick.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from chat.locks import Lock

LIFE = 240
"""Seconds that what is written of a running run is kept, more than a turn may take."""
ANNOUNCED = 60
"""Seconds that the head of a run lives whose process never came to a tick."""
BELL = 10
"""Seconds after its last tick that a process counts as alive."""
REQUEST = 30
SWEPT = 5000
PARTS = 16
"""Parts that a reader fetches at once."""


@dataclass(frozen=True, slots=True)
class Head:
    """Whose run it is, which process drives it, whether anybody reads it, and how it stands.

    ``last`` is the number of its last event, once it has ended.
    """

    owner: str
    conversation_id: str
    process: str
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
    bell: int
    asked: Sequence[UUID]
    running: Mapping[str, object]
    ended: Mapping[str, object]
    done: Sequence[str]
    locks: Sequence[Lock]


def head_key(turn_id: UUID) -> str:
    """Return the key of a run's head."""
    return f"run:{turn_id}"


def part_key(turn_id: UUID, number: int) -> str:
    """Return the key of a part of a running run's log, counted from 0."""
    return f"run:{turn_id}:{number}"


def whole_key(turn_id: UUID) -> str:
    """Return the key of an ended run's log."""
    return f"run:{turn_id}:whole"


def announce(turn_id: UUID, head: Head) -> None:
    """Have every process know of a run before its first tick."""
    cache.set(head_key(turn_id), asdict(head), ANNOUNCED)


def retract(turn_id: UUID) -> None:
    """Forget an announced run that did not come to be."""
    cache.delete(head_key(turn_id))


def head_of(turn_id: UUID) -> Head | None:
    """Return the head of a run, None where there is none."""
    return _head(cache.get(head_key(turn_id)))


def fetch(turn_id: UUID, part: int) -> tuple[Head | None, list[bytes], bool]:
    """Return a run's head, its parts from this one on, and whether its process lives; of an ended run all in one.

    Tells that process, too, that somebody reads it here.
    """
    names = [part_key(turn_id, number) for number in range(part, part + PARTS)]
    found = cache.get_many([head_key(turn_id), whole_key(turn_id), *names])
    head = _head(found.get(head_key(turn_id)))
    if head is None:
        return None, [], False
    if head.is_ended:
        return head, [found[whole_key(turn_id)]] if whole_key(turn_id) in found else [], True
    parts: list[bytes] = []
    while len(parts) < PARTS and names[len(parts)] in found:
        parts.append(found[names[len(parts)]])
    return head, parts, _request(turn_id, head, "wanted")


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
        cache.set_many(dict(plan.running), LIFE)
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


def _bell(process: str) -> str:
    return f"runs-of:{process}"


def _head(row: dict[str, Any] | None) -> Head | None:
    return Head(**row) if row else None
