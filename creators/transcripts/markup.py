"""What captions carry beside their words: tags, positions, entities and voices."""

import re
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.,]*>|</>")
_POSITION = re.compile(r"\{\\[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
_DIARISED = re.compile(r"\s*\[?(SPEAKER_\d+)\]?:\s*")
_UNSEEN = {ord(c): None for c in "\u200b\u200c\u200e\u200f\u2060\ufeff\u202a\u202b\u202c"}


def plain(line: str) -> str:
    """Return one line of a caption as a viewer sees it, spaces single, no tags, entities decoded."""
    if "<" in line:
        line = _TAG.sub("", line)
    if "{" in line:
        line = _POSITION.sub("", line)
    if "&" in line:
        line = unescape(line)
    if not line.isascii():
        line = line.translate(_UNSEEN)
    return " ".join(line.split())


def voices(raw: str) -> Iterator[tuple[str, str]]:
    """Yield speaker and text for each ``<v Speaker>`` of a caption, or for a diariser's ``[SPEAKER_01]:`` before it."""
    if "<v" in raw:
        before, *pairs = _VOICE.split(raw)
        if before.strip():
            yield "", before
        for speaker, text in zip(pairs[::2], pairs[1::2], strict=True):
            yield plain(speaker), text
        return
    diarised = _DIARISED.match(raw) if "SPEAKER_" in raw else None
    yield (diarised[1], raw[diarised.end() :]) if diarised else ("", raw)
