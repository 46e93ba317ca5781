"""How much of a creator's voice shows: from the personality and a weight to instructions and a temperature.

The rule: the weight opens one more part of the personality at each quarter (tone, vocabulary, habits, phrases), and
of each open list it takes a share that grows with the weight. The temperature goes from 0.2 to 0.7 in a straight line.
Facts, numbers and citations are never the voice's to change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from string import Template

from chat.events.events import Tier
from chat.prompts import quoting
from chat.prompts.prompts import read

COOLEST, WARMEST = 0.2, 0.7


@dataclass(frozen=True, slots=True)
class Voice:
    """A creator's personality as the prompt needs it; empty lists where the curator wrote nothing."""

    name: str
    summary: str = ""
    tone: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    habits: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything to sound like."""
        return any((self.summary, self.tone, self.vocabulary, self.habits, self.phrases))


OPENED_ABOVE = (("tone", 0.0), ("vocabulary", 0.25), ("habits", 0.5), ("phrases", 0.75))


def voice_applied(*, weight: float, tier: Tier, voice: Voice | None) -> float:
    """Return the weight really used: nobody is given other people's claims to say, or a voice nobody described."""
    return weight if tier is Tier.CREATOR and voice is not None and voice.is_known else 0.0


def temperature(weight: float) -> float:
    """Return the sampling temperature for a weight from 0 to 1."""
    return round(COOLEST + (WARMEST - COOLEST) * weight, 3)


def instructions(voice: Voice, *, weight: float) -> str:
    """Return what the prompt says about the voice; "" at weight 0."""
    if weight <= 0:
        return ""
    lines = [f"{part.capitalize()}: {_listed(_share(voice, part, weight))}." for part in _open_parts(voice, weight)]
    if voice.avoid:
        lines.append(f"Never: {_listed(voice.avoid)}.")
    described = "\n".join(([quoting.phrase(voice.summary)] if voice.summary else []) + lines)
    template = Template(read(f"voice-{_strength(weight)}.txt"))
    return template.substitute(name=quoting.phrase(voice.name), described=described).strip()


def _listed(items: Sequence[str]) -> str:
    return "; ".join(map(quoting.phrase, items))


def _strength(weight: float) -> str:
    """Return which of the four texts asks for a weight above 0."""
    return ("hint", "balanced", "strong", "full")[ceil(weight * 4) - 1]


def _open_parts(voice: Voice, weight: float) -> list[str]:
    return [part for part, above in OPENED_ABOVE if weight > above and getattr(voice, part)]


def _share(voice: Voice, part: str, weight: float) -> tuple[str, ...]:
    items: tuple[str, ...] = getattr(voice, part)
    return items[: ceil(len(items) * weight)]
