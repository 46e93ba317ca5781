"""The choice of a reader: by the ending of a file's name, then by what the file holds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType

from creators.transcripts.decoding import decode, storable
from creators.transcripts.errors import TranscriptError
from creators.transcripts.markdown import read_markdown
from creators.transcripts.plain import read_text
from creators.transcripts.subrip import read_subrip
from creators.transcripts.values import Segment, Transcript
from creators.transcripts.webvtt import has_header, read_webvtt
from creators.transcripts.whisper import read_whisper

MAX_BYTES = 50 * 1024 * 1024
"""The largest file worth reading, about a thousand hours of talk; callers check it before they read."""


def read_transcript(data: bytes, *, name: str) -> Transcript:
    """Return the transcript in a file's bytes; the ending of ``name`` chooses the reader.

    Takes linear time. Raises ``TranscriptError``, and nothing else, on a file that can't be read.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _READERS:
        raise TranscriptError(name, f"has an ending that isn't known; known are {', '.join(SUFFIXES)}")
    transcript = _storable(_READERS[suffix](decode(data, name=name), name=name))
    if not transcript.segments:
        raise TranscriptError(name, "holds no text")
    return transcript


def _cues(text: str, *, name: str) -> Transcript:
    """Read SubRip or WebVTT by the header, not by the ending: people rename the one to the other."""
    if has_header(text):
        transcript = read_webvtt(text, name=name)
        found = "" if name.lower().endswith(".vtt") else "is WebVTT by its header and was read as such"
    else:
        transcript = read_subrip(text, name=name)
        found = "has no WEBVTT header and was read as SubRip" if name.lower().endswith(".vtt") else ""
    if not transcript.segments:
        raise TranscriptError(name, "holds no cues (“00:00:01,000 --> 00:00:02,000” and text below)")
    return replace(transcript, warnings=(*transcript.warnings, found)) if found else transcript


def _storable(transcript: Transcript) -> Transcript:
    """Return the transcript without what no database takes, and without segments that are then empty."""
    segments = transcript.segments
    if not all(_clean(segment.text + segment.speaker + segment.heading) for segment in segments):
        segments = tuple(cleaned for segment in segments if (cleaned := _storable_segment(segment)).text)
    return replace(
        transcript,
        segments=segments,
        title=storable(transcript.title),
        url=storable(transcript.url),
        language=storable(transcript.language),
        warnings=tuple(map(storable, transcript.warnings)),
    )


def _clean(text: str) -> bool:
    # a lone surrogate is the one kind of character that has no UTF-8
    return (text.isascii() and "\0" not in text) or storable(text) == text


def _storable_segment(segment: Segment) -> Segment:
    return replace(
        segment,
        text=storable(segment.text).strip(),
        speaker=storable(segment.speaker).strip(),
        heading=storable(segment.heading),
    )


_READERS: Mapping[str, Callable[..., Transcript]] = MappingProxyType(
    {
        ".srt": _cues,
        ".vtt": _cues,
        ".json": read_whisper,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".txt": read_text,
    }
)

SUFFIXES = tuple(_READERS)
"""The endings that are read, with their dots."""
