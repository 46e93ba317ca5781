"""``Idempotency-Key``: a question that is sent again, as its answer never arrived, is answered by the same turn."""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache

from chat import streams
from chat.conversations.owner import Caller
from chat.events.turn import ANYONE, Question
from chat.streams import Run, StoredReader
from chrysopedia.core.cache import delete_if
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.errors import FieldError, Problem, invalid, unavailable

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotency-Replayed": "true"}
LONGEST = 255
OPENING = 30
"""Seconds that a key is kept whose turn has not begun, as after a crash."""
PATIENCE = 5.0
"""Seconds that a second request waits for the turn of the first to begin."""
LOOK = 0.05
_RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)

_T = TypeVar("_T")
Start = Callable[[UUID], Awaitable[Run]]
"""Starts the turn with this id; raises ``Problem``."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has a key: the turn that answers it, which question it was sent with, and whether that turn has begun."""

    turn_id: UUID
    fingerprint: str
    has_begun: bool = False

    def __str__(self) -> str:
        return f"{self.turn_id} {self.fingerprint} {'begun' if self.has_begun else 'opening'}"


def key_in(sent: str | None) -> str | None:
    """Return the key that a header holds, None where there is none; raises ``Problem`` 422."""
    if sent is None:
        return None
    key = sent.strip()
    if not 0 < len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise invalid(FieldError(HEADER, f"must have 1 to {LONGEST} printable ASCII characters, such as a UUID"))
    return key


def require_unique(key: str, caller: Caller) -> None:
    """Raise ``Problem`` 422 for a key that two strangers may both send, from a caller who is told apart by it alone.

    Those without an API key or a session share an owner, and many of them an address: who sends the same key with the
    same question gets the same turn, and with it the right to its conversation.
    """
    if caller.owner == ANYONE and not _RANDOM.fullmatch(key):
        reason = "must be a random UUID (version 4 or 7) where neither an API key nor a session says whose it is"
        raise invalid(FieldError(HEADER, reason))


async def ask_once(key: str, question: Question, *, caller: Caller, start: Start) -> tuple[Run | StoredReader, bool]:
    """Return what answers the question, and whether that was so before; of several callers at once one starts it.

    Raises ``Problem`` 422 where the key came with another question or is too weak for its caller, 409 where its turn
    doesn't begin, and what ``start`` raises, after which the key is free again.
    """
    require_unique(key, caller)
    place, mine = _place(key, caller), Claim(uuid4(), fingerprint(question))
    until = time.monotonic() + PATIENCE
    while True:
        held = await _hop(_claim, place, mine)
        if held is None:
            return await _started(place, mine, start), False
        if held.fingerprint != mine.fingerprint:
            raise invalid(FieldError(HEADER, "was sent with another question before: make a new one for this"))
        with suppress(Problem):
            return await streams.reader_of(held.turn_id, owner=caller.owner), True
        if held.has_begun:  # its process is gone, and what it wrote as well
            await _hop(delete_if, place, str(held))
        elif time.monotonic() > until:
            detail = "The first request with this key has not begun to be answered. Send it again in a few seconds."
            raise Problem(status=409, title="Still beginning", detail=detail, headers={"Retry-After": "2"})
        else:
            await asyncio.sleep(LOOK)


def fingerprint(question: Question) -> str:
    """Return what tells one question from another, whatever the form that its answer is wanted in."""
    written = json.dumps(asdict(question), sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _place(key: str, caller: Caller) -> str:
    # What anonymous callers send is told apart by the key itself, which is random, and by their address as well.
    whose = f"{caller.owner.key} {caller.address if caller.owner == ANYONE else ''} {key}"
    return f"idempotent:{hashlib.sha256(whose.encode()).hexdigest()[:32]}"


def _claim(place: str, mine: Claim) -> Claim | None:
    """Take a place, or return who has it. Synchronous."""
    while not cache.add(place, str(mine), OPENING):
        if held := cache.get(place):
            turn_id, known, state = held.split()
            return Claim(UUID(turn_id), known, has_begun=state == "begun")
    return None


async def _started(place: str, mine: Claim, start: Start) -> Run:
    try:
        run = await start(mine.turn_id)
    except BaseException:
        with suppress(*STORAGE_ERRORS):
            await asyncio.shield(in_one_hop(delete_if, place, str(mine)))
        raise
    begun = Claim(mine.turn_id, mine.fingerprint, has_begun=True)
    with suppress(*STORAGE_ERRORS):
        await in_one_hop(cache.set, place, str(begun), settings.CHAT_REPLAY_SECONDS)
    return run


async def _hop(function: Callable[..., _T], *arguments: object) -> _T:
    try:
        return await in_one_hop(function, *arguments)
    except STORAGE_ERRORS as error:
        raise unavailable("The key can't be looked up at the moment. Send it again in a few seconds.") from error
