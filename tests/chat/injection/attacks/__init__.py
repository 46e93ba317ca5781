"""The attacks, by kind."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.chat.injection.attacks import elsewhere, frames, markers, markup, orders, sizes, unseen
from tests.chat.injection.attacks.attack import Attack, Place

KINDS = {
    "orders": orders.ATTACKS,
    "markers": markers.ATTACKS,
    "markup": markup.ATTACKS,
    "unseen": unseen.ATTACKS,
    "frames": frames.ATTACKS,
    "elsewhere": elsewhere.ATTACKS,
    "sizes": sizes.ATTACKS,
}
ATTACKS = tuple(attack for kind in KINDS.values() for attack in kind)


def _samples() -> Iterable[Attack]:
    """Yield the first of each kind at each place, and each sixth of a kind."""
    for kind in KINDS.values():
        yield from {(one.place, one.reaches): one for one in reversed(kind)}.values()
        yield from kind[::6]


SAMPLE = frozenset(one.name for one in _samples())
"""Those that every run tries; planting the others and asking about them takes a minute and more, in ``make soak``."""


def each(attacks: Iterable[Attack]) -> list[Any]:
    """Return attacks as the cases of a test."""
    return [pytest.param(one, id=one.name, marks=() if one.name in SAMPLE else pytest.mark.soak) for one in attacks]


__all__ = ["ATTACKS", "KINDS", "SAMPLE", "Attack", "Place", "each"]
