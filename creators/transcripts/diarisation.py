"""Who speaks in plain text: the names and clocks that lines begin with, judged over the whole text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from creators.transcripts.segments import TIMESTAMP, Block
from creators.transcripts.speakers import ASIDES, NAME, is_full_name, is_name

_TO = r"\s*(?:--?>|→|to|[-–—])\s*"
_TIMED = re.compile(
    rf"(?P<open>[\[(])?\s*(?P<clock>{TIMESTAMP})(?![\w:%])\s*(?P<close>[\])])?"
    rf"(?:{_TO}[\[(]?\s*(?P<until>{TIMESTAMP})(?![\w:%])\s*[\])]?)?\s*(?:[-–—:]\s+)?(?P<rest>.*)$"
)
_NAME_CLOCK = re.compile(
    rf"(?P<name>{NAME}),?\s*[\[(]\s*(?P<clock>{TIMESTAMP})\s*[\])]\s*(?::\s*(?P<rest>.*))?$|"
    rf"(?:(?P<name2>{NAME}),?|\[(?P<name3>{NAME})\])\s+(?P<clock2>{TIMESTAMP})\s*$"
)
_FROM = re.compile(rf"From\s+(?P<name>{NAME})(?:\s+to\s+[^:\n]{{1,80}})?\s*:")
"""How Zoom names who writes in a meeting's chat, behind the clock."""
_NAMED = re.compile(rf"(?P<name>{NAME}):(?:\s+(?P<rest>.*))?$")


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
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


def speaker_label(line: str) -> SpeakerLabel | None:
    """Return the label a line begins with, or ``None``."""
    if ":" not in line:
        return None
    line = line.strip()
    timed = _TIMED.match(line)
    if timed:
        speaker, rest = _name_and_rest(_FROM.sub(r"\g<name>:", timed["rest"]))
        sure = bool(timed["open"] and timed["close"])
        return SpeakerLabel(speaker, timed["clock"], timed["until"] or "", rest, timed["rest"], sure)
    beside = _NAME_CLOCK.match(line)
    if beside:
        name = beside["name"] or beside["name2"] or beside["name3"]
        rest = beside["rest"] or ""
        return (
            SpeakerLabel(name.strip(), beside["clock"] or beside["clock2"], "", rest, rest, True)
            if is_name(name)
            else None
        )
    speaker, rest = _name_and_rest(line)
    if not speaker:
        return None
    after = _TIMED.match(rest)
    if after and (after["open"] or not after["rest"]):
        return SpeakerLabel(speaker, after["clock"], after["until"] or "", after["rest"], after["rest"], True)
    return SpeakerLabel(speaker, "", "", rest, line, False)


def _name_and_rest(text: str) -> tuple[str, str]:
    match = _NAMED.match(text)
    if match is None or not is_name(match["name"]):
        return "", text
    return match["name"].strip(), match["rest"] or ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block, with its number in the file and the label it seems to begin with."""

    text: str
    number: int
    block: Block
    first: bool
    label: SpeakerLabel | None
    is_verse: bool = False
    """Whether it stands by itself, as in a poem or a song, so that it isn't joined with the line before it."""


@dataclass(frozen=True, slots=True)
class Diarisation:
    """Who speaks in a text, and whether the clocks in it are times."""

    speakers: frozenset[str]
    timed: bool


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """Return the lines of all blocks; code is one line, whatever it holds."""
    lines = []
    for block in blocks:
        if block.code:
            lines.append(Line(block.text, block.line, block, True, None))
            continue
        texts = block.text.split("\n")
        verse = _is_verse(texts)
        for at, text in enumerate(texts):
            lines.append(Line(text, block.line + at, block, at == 0, speaker_label(text), verse))
    return lines


LONGEST_VERSE = 60
"""Characters of the longest line that may be one of verse; prose is wrapped at more."""


def _is_verse(lines: Sequence[str]) -> bool:
    """Say whether lines stand by themselves: three or more short ones of which hardly any ends with a mark."""
    stopped = sum(line.rstrip()[-1:] in _MARKS for line in lines)
    return len(lines) > 2 and max(map(len, lines)) <= LONGEST_VERSE and stopped * 4 <= len(lines)


_MARKS = frozenset(".!?…:;,-–—。！？、，।۔")


def diarise(lines: Sequence[Line]) -> Diarisation:
    """Return who speaks, judged over the whole text.

    A clock counts where one stands in brackets or beside a name, or where three in ten lines begin with one.
    Names count where three in ten lines begin with one and, without clocks, where each comes twice on average:
    a list of terms has as many names as lines. A name that comes once has to be two capitalised words, unless
    half the lines are labelled. A name beside a clock on a line of its own always counts.
    """
    labels = [line.label for line in lines if line.label]
    starts = sum(line.first or line.label is not None for line in lines if not line.block.code) or 1
    clocks = [label for label in labels if label.clock]
    timed = any(label.sure for label in clocks) or (len(clocks) > 1 and len(clocks) >= 0.3 * starts)
    named = Counter(label.speaker for label in labels if label.speaker.lower() not in ASIDES)
    beside = {label.speaker for label in clocks if label.sure and label.speaker and not label.whole}
    share = named.total() / starts
    if share < 0.3 or not (timed or named.total() >= 2 * len(named)):
        return Diarisation(frozenset(beside), timed)
    counted = {name for name, times in named.items() if times > 1 or share >= 0.5 or is_full_name(name)}
    return Diarisation(frozenset(counted | beside), timed)
