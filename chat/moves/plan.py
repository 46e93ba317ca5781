"""What a change of many things comes to, in words, before it is made."""

from dataclasses import dataclass


class MoveError(ValueError):
    """Why something can't be moved now, in words that say what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, a sentence each; what it would lose or change besides; and why it can't be done, if so."""

    does: tuple[str, ...]
    mind: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


def number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 work", "1,200 works"."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
