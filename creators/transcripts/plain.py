"""The reader of text (.txt): cues, talk with speakers and clocks, or plain paragraphs, whichever it holds."""

import re
from collections.abc import Iterator

from creators.transcripts.blocks import Block
from creators.transcripts.subrip import is_dump, read_subrip
from creators.transcripts.turns import segments_of_blocks
from creators.transcripts.values import Transcript
from creators.transcripts.webvtt import has_header, read_webvtt

_CUE = re.compile(r"\s*[\d:]+[.,]\d+\s*-->\s*[\d:]+[.,]\d+", re.ASCII)


def read_text(text: str, *, name: str) -> Transcript:
    """Return the transcript of a text; cues under this ending are read as what they are."""
    if has_header(text):
        return read_webvtt(text, name=name)
    lines = text.split("\n")
    spoken = (line for line in lines if line.strip())
    if is_dump(lines) or any(_CUE.match(line) for line, _ in zip(spoken, range(4), strict=False)):
        return read_subrip(text, name=name)
    return Transcript(segments_of_blocks(list(_blocks(lines)), name=name))


def _blocks(lines: list[str]) -> Iterator[Block]:
    begun = 0
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            continue
        if number > begun:
            yield Block("\n".join(lines[begun:number]), begun + 1)
        begun = number + 1
