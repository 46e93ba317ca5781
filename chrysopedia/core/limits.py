"""What one visitor may ask of the house in a while: counted in the cache, atomically, for all processes together."""

import hashlib
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal, Protocol, cast

from django.conf import settings
from django.core.cache import cache

from chrysopedia.core.cache import Lock, new_token
from chrysopedia.core.database import STORAGE_ERRORS
from chrysopedia.core.errors import Problem

Kind = Literal["questions", "searches", "feedback", "opened", "logins"]
Network = IPv4Network | IPv6Network

SHARED = 10
"""How many visitors with sessions may use all of theirs at one address, or addresses try all of theirs at one name."""
MOST_KNOWN = 10_000
ADVICE: Mapping[Kind, str] = {
    "questions": "You have asked as many questions as one visitor may for now. Wait, and ask again.",
    "searches": "You have searched as often as one visitor may for now. Wait, and search again.",
    "feedback": "You have rated as many answers as one visitor may for now. Wait, and rate again.",
    "opened": "You have opened as many sources as are counted of one visitor for now. Wait, and open others.",
    "logins": "Too many passwords were tried. Wait until the time is over, and log in then.",
}


class _CountingCache(Protocol):
    """What both backends offer for limits beyond Django's own interface."""

    def add_up(self, amounts: Mapping[str, int], seconds: float) -> dict[str, tuple[int, float]]: ...


_cache = cast(_CountingCache, cache)


class UsedUp:
    """Keys that are used up, and until when: who comes again meanwhile costs no trip to the cache."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def note(self, key: str, seconds: float) -> None:
        """Remember a key for so many seconds."""
        now = time.monotonic()
        if len(self._until) >= MOST_KNOWN:
            self._until = {key: until for key, until in self._until.items() if until > now}
        if len(self._until) < MOST_KNOWN:
            self._until[key] = now + seconds

    def seconds_left(self, key: str) -> float:
        """Return for how long a key is used up, 0 for one that isn't."""
        return max(self._until.get(key, 0.0) - time.monotonic(), 0.0)


_used_up = UsedUp()

PLACE_SECONDS = 240
"""Seconds after which a place is free whose process is gone: more than a turn may take."""


def take_place(allowed: "Allowance") -> Lock | None:
    """Return one of the places at which a visitor is answered, for the visitor's key, None where there is no limit.

    Raises ``Problem`` 429 where all are taken. Synchronous, for a hop; whoever has it gives it back with ``release``.
    """
    key, number = next(iter(allowed.most), ""), settings.ANSWERS_PER_VISITOR
    if not key or not number:
        return None
    token = new_token()
    try:
        for place in range(number):
            if cache.add(f"{key}:place:{place}", token, PLACE_SECONDS):
                return Lock(f"{key}:place:{place}", token)
    except STORAGE_ERRORS:
        return None
    detail = f"You are being answered {number} times at once already. Wait until one answer has ended, and ask again."
    raise Problem(status=429, title="Too many requests", detail=detail, headers={"Retry-After": "2"})


@dataclass(slots=True)
class Allowance:
    """What one visitor has left of one kind: ``most`` uses by key within ``seconds``, the visitor's own key first."""

    kind: Kind
    seconds: float
    most: Mapping[str, int]
    counted: tuple[int, float] | None = None

    def refuse_known(self) -> None:
        """Raise the ``Problem`` 429 where this process knows already that nothing is left. Asks nobody."""
        left = max((_used_up.seconds_left(key) for key in self.most), default=0.0)
        if left:
            raise self._refusal(left)

    def take(self, times: int = 1) -> None:
        """Use it; raises ``Problem`` 429 where nothing is left. Synchronous, for a hop; called again it counts nothing.

        Where the cache fails nobody is refused: it fails for all at once, and not by the fault of whoever asks.
        """
        if not self.most or self.counted:
            return
        try:
            counts = _cache.add_up(dict.fromkeys(self.most, times), self.seconds)
        except STORAGE_ERRORS:
            return
        self.counted = counts[next(iter(self.most))]
        over = [left for key, (number, left) in counts.items() if number > self.most[key]]
        for key, (number, left) in counts.items():
            if number > self.most[key]:
                _used_up.note(key, left)
        if over:
            raise self._refusal(max(over))

    def headers(self) -> dict[str, str]:
        """Return the headers that tell what is left (draft-ietf-httpapi-ratelimit-headers-10), none where unknown."""
        if self.counted is None:
            return {}
        number, left = self.counted
        most = next(iter(self.most.values()))
        return {
            "RateLimit-Policy": f'"{self.kind}";q={most};w={self.seconds:g}',
            "RateLimit": f'"{self.kind}";r={max(most - number, 0)};t={math.ceil(left)}',
        }

    def _refusal(self, left: float) -> Problem:
        seconds = max(math.ceil(left), 1)
        most = next(iter(self.most.values()))
        headers = {
            "RateLimit-Policy": f'"{self.kind}";q={most};w={self.seconds:g}',
            "RateLimit": f'"{self.kind}";r=0;t={seconds}',
            "Retry-After": str(seconds),
        }
        return Problem(status=429, title="Too many requests", detail=ADVICE[self.kind], headers=headers)


def allowance(kind: Kind, *, address: str | None, owner: str = "", name: str = "", own: int | None = None) -> Allowance:
    """Return what a visitor has left: the owner's, where there is one, else the address's.

    Sessions are free to make, so those at one address share ``SHARED`` times as much. A ``name`` is one that somebody
    logs in by, whose attempts count for all addresses together. ``own`` is a limit that takes the place of the site's.
    A limit of 0 is none.
    """
    number, seconds = settings.LIMITS[kind]
    number = number if own is None else own
    most: dict[str, int] = {}
    if number:
        if owner:
            most[_key(kind, "owner", owner)] = number
        if address:
            most[_key(kind, "shared" if owner else "address", address)] = number * (SHARED if owner else 1)
        if name:
            most[_key(kind, "name", name.casefold())] = number * SHARED
    return Allowance(kind, seconds, most)


def _key(kind: Kind, what: str, value: str) -> str:
    return f"limit:{kind}:{what}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def client_address(peer: str, forwarded: str, *, trusted: Iterable[Network]) -> str | None:
    """Return who is at the other end: an IPv4 address or the /64 of an IPv6 one; None where a proxy doesn't tell.

    ``forwarded`` is ``X-Forwarded-For``, believed as far as trusted proxies wrote it: from the right, their own
    addresses passed over. Whatever else it says anybody may have written.
    """
    networks = tuple(trusted)
    hops = [part.strip() for part in forwarded.split(",") if part.strip()]
    address: str | None = peer
    while _is_within(address, networks):
        address = hops.pop() if hops else None
    return _household(address)


def _is_within(address: str | None, networks: tuple[Network, ...]) -> bool:
    try:
        return address is not None and any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _household(address: str | None) -> str | None:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv6Address):  # whoever has one has 2 to the 64th
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
