"""The reader of WebVTT (.vtt)."""

import re
from collections.abc import Sequence

from creators.transcripts.captions import scan, segments_of
from creators.transcripts.values import Transcript

_HEADER = re.compile(r"WEBVTT(?:[ \t]|$)")
_LANGUAGE = re.compile(r"Language:\s*([A-Za-z0-9-]+)\s*$")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


def has_header(text: str) -> bool:
    """Say whether the text begins as a WebVTT file has to."""
    return _HEADER.match(text.partition("\n")[0]) is not None


def read_webvtt(text: str, *, name: str) -> Transcript:
    """Return the transcript of WebVTT cues: voices are speakers, notes and styles are left out."""
    lines = text.split("\n")
    language = _strip_asides(lines)
    segments, warnings = segments_of(scan(lines, name=name, is_label=_is_identifier), name=name)
    return Transcript(segments, language=language, warnings=warnings)


def _is_identifier(lines: Sequence[str], at: int) -> bool:
    return at == 0 or not lines[at - 1].strip()


def _strip_asides(lines: list[str]) -> str:
    """Blank the header, notes, styles and regions, so that line numbers stay true; return the header's language."""
    language, aside = "", True
    for at, line in enumerate(lines):
        if not line.strip() or "-->" in line:
            aside = False
        elif not aside and _ASIDE.match(line) and _is_identifier(lines, at):
            aside = True
        if aside:
            found = _LANGUAGE.match(line)
            language = language or (found[1] if found else "")
            lines[at] = ""
    return language
