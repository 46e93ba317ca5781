"""The attacks, by kind."""

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

__all__ = ["ATTACKS", "KINDS", "Attack", "Place"]
