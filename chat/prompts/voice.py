"""The personality of a creator as a prompt has it: the voice and its weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape, quoteattr

from chat.events.events import Tier
from chrysopedia.core.text import without_unseen


@cache
def read(name: str) -> str:
    """Return the text of a prompt file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def passage(text: str, *, number: int, **names: str) -> str:
    """Return a text as an element whose attributes are the names that are not empty."""
    named = "".join(f" {key}={quoteattr(one_line(name))}" for key, name in names.items() if name)
    return f'<passage number="{number}"{named}>\n{escape(without_unseen(text))}\n</passage>'


def phrase(text: str) -> str:
    """Return a name or a few words that stand among the rules, where they may begin neither a line nor an element."""
    return one_line(text).replace("<", "&lt;")


def one_line(text: str) -> str:
    """Return a text with single spaces and no line breaks."""
    return " ".join(without_unseen(text).split())


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
    described = "\n".join(([phrase(voice.summary)] if voice.summary else []) + lines)
    template = Template(read(f"voice-{_strength(weight)}.txt"))
    return template.substitute(name=phrase(voice.name), described=described).strip()


def _listed(items: Sequence[str]) -> str:
    return "; ".join(map(phrase, items))


def _strength(weight: float) -> str:
    """Return which of the four texts asks for a weight above 0."""
    return ("hint", "balanced", "strong", "full")[ceil(weight * 4) - 1]


def _open_parts(voice: Voice, weight: float) -> list[str]:
    return [part for part, above in OPENED_ABOVE if weight > above and getattr(voice, part)]


def _share(voice: Voice, part: str, weight: float) -> tuple[str, ...]:
    items: tuple[str, ...] = getattr(voice, part)
    return items[: ceil(len(items) * weight)]
