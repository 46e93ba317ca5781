"""Reading a file as whatever transcript it is."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType

from creators.transcripts.captions import has_header, is_dump, read_subrip, read_webvtt
from creators.transcripts.dialogue import segments_of_blocks
from creators.transcripts.markdown import read_markdown
from creators.transcripts.noise import speech_in
from creators.transcripts.segments import Block, Segment, Transcript, TranscriptError
from creators.transcripts.whisper import read_whisper

_BINARY = "looks like a binary file, not a transcript"


def decode(data: bytes, *, name: str) -> str:
    """Return the text of a UTF-8 file, or of a UTF-16 file that begins with a byte-order mark.

    Lines end in ``\\n`` whatever the file used. The text holds no NUL and no lone surrogate.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _decode(data, "utf-16", "UTF-16", name)
    elif b"\0" in data:
        raise TranscriptError(name, _BINARY)
    else:
        text = _decode(data, "utf-8", "UTF-8", name).removeprefix("\ufeff")
    if "\0" in text:
        raise TranscriptError(name, _BINARY)
    if not text.strip():
        raise TranscriptError(name, "is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, encoding: str, label: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TranscriptError(name, f"is not {label}: byte {error.start} can't be read", line) from error


def storable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which JSON and YAML can spell out and no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


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
    speech = speech_in(transcript.segments)
    if not speech.segments:
        raise TranscriptError(name, "holds no speech, only sounds and songs")
    return replace(transcript, segments=speech.segments, warnings=(*transcript.warnings, *speech.notes))


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
