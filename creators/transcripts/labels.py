"""What stands at the beginning of a line of talk: who speaks, and when."""

import re
from dataclasses import dataclass

from creators.transcripts.clock import CLOCK

_TO = r"\s*(?:--?>|→|to|[-–—])\s*"
_NAME = r"[^\W\d_][^\[\](){}:!?;,\n]{0,58}?"
_TIMED = re.compile(
    rf"(?P<open>[\[(])?\s*(?P<clock>{CLOCK})(?![\w:%])\s*(?P<close>[\])])?"
    rf"(?:{_TO}[\[(]?\s*(?P<until>{CLOCK})(?![\w:%])\s*[\])]?)?\s*(?:[-–—:]\s+)?(?P<rest>.*)$"
)
_NAME_CLOCK = re.compile(
    rf"(?P<name>{_NAME}),?\s*[\[(]\s*(?P<clock>{CLOCK})\s*[\])]\s*(?::\s*(?P<rest>.*))?$|"
    rf"(?P<name2>{_NAME}),?\s+(?P<clock2>{CLOCK})\s*$"
)
_NAMED = re.compile(rf"(?P<name>{_NAME}):(?:\s+(?P<rest>.*))?$")


@dataclass(frozen=True, slots=True)
class Label:
    """What a line says of its speaker and clock, "" where it is silent.

    ``whole`` is the line without its clock, ``rest`` also without the speaker. ``sure`` says that the clock
    stands in brackets or beside a name, so that it can't be part of a sentence.
    """

    speaker: str
    clock: str
    until: str
    rest: str
    whole: str
    sure: bool


def label_of(line: str) -> Label | None:
    """Return the label a line begins with, or ``None``."""
    if ":" not in line:
        return None
    line = line.strip()
    timed = _TIMED.match(line)
    if timed:
        speaker, rest = _name_and_rest(timed["rest"])
        sure = bool(timed["open"] and timed["close"])
        return Label(speaker, timed["clock"], timed["until"] or "", rest, timed["rest"], sure)
    beside = _NAME_CLOCK.match(line)
    if beside:
        name = beside["name"] or beside["name2"]
        rest = beside["rest"] or ""
        return Label(name.strip(), beside["clock"] or beside["clock2"], "", rest, rest, True) if is_name(name) else None
    speaker, rest = _name_and_rest(line)
    if not speaker:
        return None
    after = _TIMED.match(rest)
    if after and (after["open"] or not after["rest"]):
        return Label(speaker, after["clock"], after["until"] or "", after["rest"], after["rest"], True)
    return Label(speaker, "", "", rest, line, False)


def is_name(text: str) -> bool:
    """Say whether a text has the shape of a name: up to five words, not beginning small, and no sentence."""
    words = text.split()
    return bool(words) and len(words) <= 5 and not words[0][0].islower() and words[-1][-1] not in ".!?,…"


def _name_and_rest(text: str) -> tuple[str, str]:
    match = _NAMED.match(text)
    if match is None or not is_name(match["name"]):
        return "", text
    return match["name"].strip(), match["rest"] or ""
