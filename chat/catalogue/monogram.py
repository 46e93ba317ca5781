"""Drawn monograms: a creator's initials on a star whose shape comes from the slug, so that it never changes."""

from dataclasses import dataclass
from hashlib import sha256
from math import cos, gcd, pi, sin

SIZE = 48
RADIUS = 20.5


@dataclass(frozen=True, slots=True)
class Monogram:
    """Initials and the path of a star, to be drawn in a box of 48 by 48."""

    initials: str
    path: str


def monogram(*, slug: str, name: str) -> Monogram:
    """Return the monogram of a creator."""
    digest = sha256(slug.encode()).digest()
    points = 5 + digest[0] % 8
    steps = [step for step in range(2, (points + 1) // 2) if gcd(step, points) == 1]
    path = _star(points=points, step=steps[digest[1] % len(steps)] if steps else 1, turn=digest[2] / 256)
    return Monogram(initials=_initials(name), path=path)


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in chosen) or "·"


def _star(*, points: int, step: int, turn: float) -> str:
    corners = []
    for index in range(points):
        angle = 2 * pi * ((index * step) / points + turn / points) - pi / 2
        corners.append(f"{SIZE / 2 + RADIUS * cos(angle):.1f} {SIZE / 2 + RADIUS * sin(angle):.1f}")
    return "M" + "L".join(corners) + "Z"
