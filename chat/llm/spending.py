"""What language models may cost in a day, for the site and for each key: set aside before one is asked, counted after.

Counters of the cache are added to in one atomic write each, so that turns that run at once can't pass a cap together.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from threading import Lock
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.cache import cache

from chat.events.events import Usage
from chat.events.turn import Terms
from chrysopedia.core.database import STORAGE_ERRORS

SITE = "site"
KEPT = 2 * 24 * 3600
"""Seconds that the counters of a day are kept: an answer may end on the next."""
MICROS = 1_000_000
"""Parts of money that are counted: a price for a million tokens is as many of them for one."""


class _CountingCache(Protocol):
    """What both backends offer for limits beyond Django's own interface."""

    def add_up(self, amounts: Mapping[str, int], seconds: float) -> dict[str, tuple[int, float]]: ...


_cache = cast(_CountingCache, cache)


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens, asked and written together, and money in millionths of the currency that the prices are in."""

    tokens: int = 0
    micros: int = 0

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.tokens - other.tokens, self.micros - other.micros)

    @property
    def money(self) -> float:
        """The money in whole units of its currency."""
        return self.micros / MICROS

    def told(self, *, tokens: int, money: float) -> str:
        """Say what was spent, and of how much where there is a cap (else 0): ``1,200 of 50,000 tokens, 0.02``."""
        spent = f"{self.tokens:,}" + (f" of {tokens:,}" if tokens else "") + " tokens"
        if not self.micros and not money:
            return spent
        return f"{spent}, {self.money:,.2f}" + (f" of {money:,.2f}" if money else "")


NOTHING = Cost()


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose spending is counted, and what it may come to in a day; a member that is 0 has no cap."""

    name: str
    most: Cost

    @property
    def is_capped(self) -> bool:
        """Whether there is anything to keep to."""
        return self.most != NOTHING


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was set aside, and in which day's counters."""

    day: str
    cost: Cost = NOTHING


class CapReached(Exception):
    """Nothing may be asked of a model today: the cap of the site, or of the key, would be passed."""

    def __init__(self, payer: Payer) -> None:
        super().__init__(payer.name)
        self.is_site = payer.name == SITE


def payers_for(terms: Terms) -> tuple[Payer, ...]:
    """Return who pays for an answer on these terms: the site, and the key that it is asked with."""
    site = Payer(SITE, Cost(settings.TOKENS_PER_DAY, round(settings.MONEY_PER_DAY * MICROS)))
    own = Cost(terms.tokens_per_day, round(terms.money_per_day * MICROS))
    return (site, Payer(terms.payer, own)) if terms.payer else (site,)


def cost_of(usage: Usage, *, model: str) -> Cost:
    """Return what tokens cost at a configured model, in money rounded up."""
    config: Mapping[str, Any] = settings.CHAT_MODELS.get(model, {})
    asked, written = config.get("PRICES") or (0.0, 0.0)
    micros = ceil(usage.prompt_tokens * asked + usage.completion_tokens * written)
    return Cost(usage.prompt_tokens + usage.completion_tokens, micros)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a model cost for a turn: its name, "" for none, and money in millionths, None where no price is set."""

    model: str = ""
    micros: int | None = None


NO_CHARGE = Charge()


def charge_of(cost: Cost, *, model: str) -> Charge:
    """Return a cost with the name of the configured model that it was of."""
    if cost == NOTHING:
        return NO_CHARGE
    config: Mapping[str, Any] = settings.CHAT_MODELS.get(model, {})
    return Charge(_name_of(model), cost.micros if config.get("PRICES") else None)


def _name_of(model: str) -> str:
    options: Mapping[str, Any] = settings.CHAT_MODELS.get(model, {}).get("OPTIONS", {})
    return str(options.get("model", model))[:LONGEST_NAME]


LONGEST_NAME = 200
"""Characters of a model's name that are kept."""
SETTINGS = {"primary": "LLM_INPUT_PRICE", "fallback": "LLM_FALLBACK_INPUT_PRICE"}


def unpriced() -> list[str]:
    """Return a sentence for each configured model of which no price is set, so that no cap on money counts it."""
    return [
        f"No price is set for {_name_of(name)}, so caps on money count nothing of what it costs: set {SETTINGS[name]} "
        "(0 where it is free)."
        for name, config in settings.CHAT_MODELS.items()
        if not config.get("PRICES") and name in SETTINGS
    ]


def reserve(payers: Sequence[Payer], cost: Cost, *, now: datetime) -> Reservation:
    """Set a cost aside for a model that is about to be asked; raises ``CapReached`` where a cap would be passed.

    Synchronous, for a hop. Where the cache fails, a cap counts as reached: nobody knows what was spent.
    """
    day = _day(now)
    try:
        totals = _add(payers, cost, day=day)
        over = [payer for payer in payers if _is_over(totals[payer.name], payer.most)]
        if over:
            _add(payers, NOTHING - cost, day=day)
    except STORAGE_ERRORS:
        over = [payer for payer in payers if payer.is_capped][:1]
    if over:
        raise CapReached(over[0])
    return Reservation(day, cost)


class Aside:
    """A cost that a thread sets aside, and gives back itself where nobody waits for it any more.

    Who is cancelled meanwhile does not hear what the thread came to, which goes on.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_left = False
        self._reservation: Reservation | None = None

    def reserve(self, payers: Sequence[Payer], cost: Cost, *, now: datetime) -> None:
        """Set the cost aside as ``reserve`` does; raises ``CapReached``. Synchronous, for a hop."""
        reservation = reserve(payers, cost, now=now)
        with self._lock:
            if not self._is_left:
                self._reservation = reservation
                return
        with suppress(*STORAGE_ERRORS):
            settle(payers, NOTHING, reserved=reservation, now=now)

    def leave(self) -> Reservation | None:
        """Return what is set aside, to be settled; from now on the thread sets nothing aside."""
        with self._lock:
            self._is_left = True
            return self._reservation


def settle(payers: Sequence[Payer], cost: Cost, *, reserved: Reservation | None, now: datetime) -> None:
    """Count what was really spent in place of what was set aside. Synchronous, for a hop."""
    if reserved:
        _add(payers, cost - reserved.cost, day=reserved.day)
    elif cost != NOTHING:
        _add(payers, cost, day=_day(now))


def spent_today(names: Iterable[str], *, now: datetime) -> dict[str, Cost]:
    """Return what was spent on this day (UTC) by each of these payers, with what is set aside. Synchronous."""
    day, asked = _day(now), list(names)
    found = cache.get_many([key for name in asked for key in _keys(name, day)])
    return {name: Cost(*(int(found.get(key, 0)) for key in _keys(name, day))) for name in asked}


def _add(payers: Sequence[Payer], cost: Cost, *, day: str) -> dict[str, Cost]:
    """Add to the counters of each, and return what they come to."""
    if cost == NOTHING:
        return {payer.name: NOTHING for payer in payers}
    amounts = {
        key: n for one in payers for key, n in zip(_keys(one.name, day), (cost.tokens, cost.micros), strict=True)
    }
    totals = _cache.add_up(amounts, KEPT)
    return {one.name: Cost(*(totals[key][0] for key in _keys(one.name, day))) for one in payers}


def _is_over(total: Cost, most: Cost) -> bool:
    return 0 < most.tokens < total.tokens or 0 < most.micros < total.micros


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _keys(name: str, day: str) -> tuple[str, str]:
    return f"spent:{day}:{name}:tokens", f"spent:{day}:{name}:micros"
