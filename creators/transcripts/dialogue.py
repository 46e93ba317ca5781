"""From blocks to pieces: runs of talk by one speaker, with the clock that stands before them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from creators.transcripts.blocks import Block
from creators.transcripts.casting import Casting, Line, cast, lines_of
from creators.transcripts.clock import CLOCK, seconds_of
from creators.transcripts.errors import TranscriptError
from creators.transcripts.labels import is_name

_MARK = re.compile(rf"\[\s*({CLOCK})\s*\](?:\s*(?:to|[-–—])\s*\[\s*({CLOCK})\s*\])?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Talk from one clock to the next, or to the end of its paragraph; seconds, ``None`` where no clock stands."""

    text: str
    line: int
    heading: str = ""
    speaker: str = ""
    start: float | None = None
    until: float | None = None
    paragraph: bool = False
    code: bool = False


def pieces_of(blocks: Sequence[Block], *, name: str) -> Iterator[Piece]:
    """Yield the pieces of a text in order; one that holds only a clock has no text."""
    lines = lines_of(blocks)
    casting = cast(lines)
    head, texts, speaker = Piece("", 1), [""], ""
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        begun = _begun(line, following, casting, speaker, name)
        if begun is None:
            texts.append(line.text)
            continue
        yield from _split(head, texts, casting, name)
        head, texts, speaker = begun, [begun.text], begun.speaker
    yield from _split(head, texts, casting, name)


def _begun(line: Line, following: Line | None, casting: Casting, speaker: str, name: str) -> Piece | None:
    """Return the piece that this line begins, without what follows on further lines, or ``None``."""
    heading = line.block.heading
    label = line.label
    if label and label.clock and casting.timed:
        who, rest = (label.speaker, label.rest) if label.speaker in casting.speakers else ("", label.whole)
        if not who and is_name(rest) and _speaks(following, line):
            who, rest = rest.strip(), ""
        start, until = (_seconds(clock, line, name) for clock in (label.clock, label.until))
        return Piece(rest, line.number, heading, who or speaker, start, until, paragraph=bool(who))
    if label and not label.clock and label.speaker in casting.speakers:
        return Piece(label.rest, line.number, heading, label.speaker, paragraph=True)
    if line.first:
        return Piece(line.text, line.number, heading, speaker, paragraph=True, code=line.block.code)
    return None


def _speaks(following: Line | None, line: Line) -> bool:
    """Say whether a name alone beside a clock is a speaker: text without a clock comes next, under the same heading."""
    if following is None or following.block.code or following.block.heading != line.block.heading:
        return False
    return following.label is None or not following.label.clock


def _split(head: Piece, texts: list[str], casting: Casting, name: str) -> Iterator[Piece]:
    """Yield a piece, parted where ``[mm:ss]`` stands inside it."""
    if head.code:
        yield head
        return
    text = " ".join(" ".join(texts).split())
    if not casting.timed or "[" not in text:
        yield replace(head, text=text)
        return
    before, *rest = _MARK.split(text)
    yield replace(head, text=before.strip())
    for clock, until, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        start, stop = (_clock(shown or "", head.line, name) for shown in (clock, until))
        first = head.paragraph and not before.strip()
        before += after
        yield replace(head, text=after.strip(), start=start, until=stop, paragraph=first)


def _seconds(clock: str, line: Line, name: str) -> float | None:
    return _clock(clock, line.number, name)


def _clock(clock: str, line: int, name: str) -> float | None:
    if not clock:
        return None
    seconds = seconds_of(clock)
    if seconds is None:
        raise TranscriptError(name, f"the time “{clock}” can't be read", line)
    return seconds
