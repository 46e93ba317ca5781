"""Which labels of a text count: a colon after a word makes no speaker, nor a figure a clock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from creators.transcripts.blocks import Block
from creators.transcripts.labels import Label, label_of

_ASIDES = frozenset(("", "note", "notes", "tip", "hint", "warning", "important", "caution", "example"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block, with its number in the file and the label it seems to begin with."""

    text: str
    number: int
    block: Block
    first: bool
    label: Label | None


@dataclass(frozen=True, slots=True)
class Casting:
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
        for at, text in enumerate(block.text.split("\n")):
            lines.append(Line(text, block.line + at, block, at == 0, label_of(text)))
    return lines


def cast(lines: Sequence[Line]) -> Casting:
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
    named = Counter(label.speaker for label in labels if label.speaker.lower() not in _ASIDES)
    beside = {label.speaker for label in clocks if label.sure and label.speaker and not label.whole}
    share = named.total() / starts
    if share < 0.3 or not (timed or named.total() >= 2 * len(named)):
        return Casting(frozenset(beside), timed)
    counted = {name for name, times in named.items() if times > 1 or share >= 0.5 or _is_full_name(name)}
    return Casting(frozenset(counted | beside), timed)


def _is_full_name(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and all(word[0].isupper() for word in words)
