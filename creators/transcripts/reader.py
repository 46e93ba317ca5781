"""Reading a file as whatever transcript it is, told by its content before its ending."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from types import MappingProxyType

from creators.transcripts.cues import MOST_CUES, too_many
from creators.transcripts.dialogue import segments_of_blocks
from creators.transcripts.encodings import Decoded, decode
from creators.transcripts.markdown import read_markdown
from creators.transcripts.noise import is_tool_line, speech_in, without_tool_lines
from creators.transcripts.segments import Aside, Block, Segment, Segments, Transcript, TranscriptError, in_columns
from creators.transcripts.sponsors import without_sponsors
from creators.transcripts.subrip import has_sbv_times, is_dump, read_sbv, read_subrip
from creators.transcripts.tables import is_table, read_table
from creators.transcripts.timed_json import read_json
from creators.transcripts.timed_xml import is_timed_xml, read_timed_xml
from creators.transcripts.webvtt import has_header, read_webvtt


def storable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which JSON and YAML can spell out and no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def read_text(text: str, *, name: str) -> Transcript:
    """Return the transcript of plain text: talk with speakers and clocks, or paragraphs."""
    exported = without_tool_lines(text.split("\n"))
    lines = [*exported.lines]
    for at in range(1, len(lines)):
        if _SPELLED_CLOCK.fullmatch(lines[at].strip()) and _CLOCK.fullmatch(lines[at - 1].strip()):
            lines[at] = ""
    segments, notes = segments_of_blocks(list(_blocks(lines)), name=name)
    day = _day(exported.day)
    above = (Aside(line, "noise", 0) for line in exported.above)
    below = (Aside(line, "noise", len(segments)) for line in exported.below)
    warnings = (*exported.notes, *notes)
    return Transcript(segments, (*above, *below), title=exported.title, published=day, warnings=warnings)


# What YouTube's panel of a transcript reads aloud below each clock: "1 minute, 3 seconds"
_SPELLED_CLOCK = re.compile(r"(?:\d+ hours?, )?(?:\d+ minutes?(?:, )?)?(?:\d+ seconds?)?(?<=[a-z])", re.ASCII)
_CLOCK = re.compile(r"(?:\d{1,2}:)?\d{1,3}:\d\d", re.ASCII)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _blocks(lines: list[str]) -> Iterator[Block]:
    begun = 0
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            continue
        if number > begun:
            yield Block("\n".join(lines[begun:number]), begun + 1)
        begun = number + 1


MAX_BYTES = 128 * 1024 * 1024
"""The largest file worth reading, a million cues; callers check it before they read."""
MAX_CHARACTERS = 50 * 1024 * 1024
"""The longest text that is no captions and no JSON: it is read as a whole."""

_ARROWS, _LINES, _OBJECTS, _TAGS = ("->", "–>", "—>", "→"), ("\n",), ("{",), ("<",)
# A line of Markdown becomes three tokens at least, and a sign of formatting one.
_FORMATTING = ("\n", "\n", "\n", *"*_~`<]&|")
_MOST = MappingProxyType(
    {
        _ARROWS: (MOST_CUES, "cues"),
        _LINES: (350_000, "lines"),
        _OBJECTS: (4 * MOST_CUES, "segments and words"),
        _FORMATTING: (450_000, "signs of formatting"),
        _TAGS: (500_000, "tags"),
    }
)
"""How many pieces are read of one work, so that reading stays below 400 MB (``python -m bench.transcripts``)."""


_MOST_LINES = 8 * MOST_CUES


def _refuse_too_many(decoded: Decoded, found: "Format", *, name: str) -> None:
    if found.by_line and decoded.count("\n") > _MOST_LINES:
        raise too_many(_MOST_LINES, "lines", name=name)
    most, pieces = _MOST[found.counted]
    if decoded.count(*found.counted) > most:
        raise too_many(most, pieces, name=name)


_LONGEST_NAME, _LONGEST_HEADING = 200, 500
"""Characters: they are repeated with every chunk, so that a long one would multiply a file."""


def read_transcript(data: bytes, *, name: str) -> Transcript:
    """Return the transcript in a file's bytes, whatever its name ends with.

    What the content shows goes before the ending; where neither says more, it is text. Takes linear time. Raises
    ``TranscriptError``, and nothing else, on a file that can't be read.
    """
    transcript = _as_written(data, name)
    speech = speech_in(_without_credits(transcript.segments))
    if not speech.segments:
        raise TranscriptError(name, "holds no speech, only sounds and songs")
    paid = without_sponsors(speech.segments, speech.asides)
    tool = (*transcript.asides, *_credits(transcript.segments))
    asides = (
        *(replace(one, before=0) for one in tool if not one.before),
        *paid.asides,
        *(replace(one, before=len(paid.segments)) for one in tool if one.before),
    )
    notes = (*transcript.warnings, *speech.notes, *paid.notes)
    return replace(transcript, segments=paid.segments, asides=asides, warnings=notes)


def _as_written(data: bytes, name: str) -> Transcript:
    """Return the transcript as the file has it; its text is let go when this returns, as it may be large."""
    decoded = decode(data, name=name)
    found = _format_of(next(decoded.pieces())[:_HEAD], name)
    _refuse_too_many(decoded, found, name=name)
    read = found.read(decoded.lines, name=name) if found.by_line else _read_whole(decoded, found, name)
    transcript = _storable(read)
    if not transcript.segments:
        raise TranscriptError(name, f"holds no {found.holds}")
    warnings = (*filter(None, (decoded.note, _mismatch(found, name))), *transcript.warnings)
    return replace(transcript, warnings=warnings)


def _read_whole(decoded: Decoded, found: "Format", name: str) -> Transcript:
    text = decoded.text
    if found.read is not read_json and len(text) > MAX_CHARACTERS:
        raise TranscriptError(name, f"is longer than {MAX_CHARACTERS:,} characters; split it into several works")
    return found.read(text, name=name)


def is_recognised(head: bytes) -> bool:
    """Say whether a file's first bytes, some thousands, are those of a timed format, whatever its name."""
    try:
        text = decode(head.rpartition(b"\n")[0] or head, name="").text
    except TranscriptError:
        return False
    found = next((one for one in FORMATS if one.looks_like(text[:_HEAD])), None)
    return found is not None and (found.read is not read_json or _TIMED_JSON.search(text) is not None)


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is told by how a file begins, else by its ending."""

    name: str
    suffixes: tuple[str, ...]
    looks_like: Callable[[str], bool]
    read: Callable[..., Transcript]
    holds: str = "text"
    counted: tuple[str, ...] = _LINES
    """The signs by which it is told how many pieces a file has."""
    by_line: bool = False
    """Whether it is read line by line, so that the text never stands in memory."""


_HEAD = 4000
"""Characters by which a format is told."""
_CUE = re.compile(r"\s*-?[\d:]+[.,]\d+\s*-->\s*-?[\d:]+[.,]\d+", re.ASCII)
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*\{)")


_TIMED_JSON = re.compile(r'"(?:start\w*|tStartMs|segments|transcription|transcripts|offsets?|timestamps?|cues)"')


def _first_lines(head: str, count: int) -> list[str]:
    return [line for line in head.split("\n") if line.strip()][:count]


def _begins_with_cues(head: str) -> bool:
    return is_dump(_first_lines(head, 1)) or any(_CUE.match(line) for line in _first_lines(head, 4))


def _never(_: str) -> bool:
    return False


_CUES = "cues (“00:00:01,000 --> 00:00:02,000” and text below)"

FORMATS = (
    Format("WebVTT", (".vtt",), has_header, read_webvtt, _CUES, _ARROWS, by_line=True),
    Format(
        "timed XML", (".ttml", ".dfxp", ".xml", ".srv1", ".srv2", ".srv3"), is_timed_xml, read_timed_xml, counted=_TAGS
    ),
    Format(
        "JSON",
        (".json", ".json3", ".jsonl", ".ndjson"),
        lambda head: bool(_JSON.match(head)),
        read_json,
        counted=_OBJECTS,
    ),
    Format("SBV", (".sbv",), lambda head: any(map(has_sbv_times, _first_lines(head, 1))), read_sbv, "cues"),
    Format("a timed table", (".tsv", ".csv"), is_table, read_table),
    Format("SubRip", (".srt",), _begins_with_cues, read_subrip, _CUES, _ARROWS, by_line=True),
    Format("Markdown", (".md", ".markdown"), _never, read_markdown, counted=_FORMATTING),
    Format("text", (".txt", ".lrc"), _never, read_text),
)
"""How a file is read: the first format that its beginning looks like, else the one of its ending, else text."""

_ALSO_DATA = (".xml", ".csv", ".jsonl", ".ndjson")
SUFFIXES = tuple(suffix for one in FORMATS for suffix in one.suffixes if suffix not in _ALSO_DATA)
"""The endings of transcripts, with their dots; files of other endings are transcripts only if they look like one."""


def _format_of(head: str, name: str) -> Format:
    suffix = PurePath(name).suffix.lower()
    told = next((one for one in FORMATS if suffix in one.suffixes), FORMATS[-1])
    if suffix == ".vtt":  # without its header it is read as SubRip
        told = next(one for one in FORMATS if one.read is read_subrip)
    return next((one for one in FORMATS if one.looks_like(head)), told)


def _mismatch(found: Format, name: str) -> str:
    """Return a note where the content is not what the ending says."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".vtt" and found.read is read_subrip:
        return "has no WEBVTT header and was read as SubRip"
    if suffix in found.suffixes or suffix not in SUFFIXES or suffix == ".txt":
        return ""
    return f"is {found.name} by its content and was read as such"


def _without_credits(segments: Sequence[Segment]) -> Sequence[Segment]:
    """Return the segments without a tool's own line among the first two and the last three."""
    gone = {one.before for one in _credits(segments)}
    return Segments(one for at, one in enumerate(segments) if at not in gone) if gone else segments


def _credits(segments: Sequence[Segment]) -> list[Aside]:
    """Return a tool's own lines among the first two segments and the last three, each with its index."""
    ends = sorted({*range(min(2, len(segments))), *range(max(len(segments) - 3, 0), len(segments))})
    return [Aside(segments[at].text, "noise", at) for at in ends if is_tool_line(segments[at].text)]


def _storable(transcript: Transcript) -> Transcript:
    """Return the transcript without what no database takes, and without segments that are then empty."""
    segments = in_columns(transcript.segments)
    longest = max(map(len, segments.names), default=0)
    if longest > _LONGEST_NAME or not all(map(_clean, segments.texts)) or not all(map(_clean, segments.names)):
        segments = Segments(cleaned for segment in segments if (cleaned := _storable_segment(segment)).text)
    return replace(
        transcript,
        segments=segments,
        title=storable(transcript.title),
        url=storable(transcript.url),
        language=storable(transcript.language),
        creator_label=storable(transcript.creator_label),
        asides=tuple(replace(one, text=storable(one.text)) for one in transcript.asides),
        warnings=tuple(map(storable, transcript.warnings)),
    )


def _clean(text: str) -> bool:
    # a lone surrogate is the one kind of character that has no UTF-8
    return (text.isascii() and "\0" not in text) or storable(text) == text


def _storable_segment(segment: Segment) -> Segment:
    return replace(
        segment,
        text=storable(segment.text).strip(),
        speaker=storable(segment.speaker[:_LONGEST_NAME]).strip(),
        heading=storable(segment.heading[:_LONGEST_HEADING]),
    )
