"""Timed XML: TTML, as broadcasters and podcast directories write it, and YouTube's srv1 to srv3."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from creators.transcripts.captions import segments_of_cues, visible_text
from creators.transcripts.cues import Cue
from creators.transcripts.segments import Transcript, TranscriptError, parse_timestamp
from creators.transcripts.timed_json import until_the_next

_ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[^>]*-->\s*)*<(?:\w+:)?(?:tt|timedtext|transcript)[\s>]")
_OFFSET = re.compile(r"(?P<count>-?\d+(?:\.\d+)?)(?P<metric>h|ms|m|s|f|t)", re.ASCII)
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][\da-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_DEEPEST = 100


def is_timed_xml(head: str) -> bool:
    """Say whether a text begins as TTML or YouTube's timed text."""
    return _ROOT.match(head) is not None


def read_timed_xml(text: str, *, name: str) -> Transcript:
    """Return the transcript of timed paragraphs, with the agents of TTML as speakers.

    Entities of its own and what it refers to elsewhere are refused. Where it breaks off, what was read until there
    is kept, with a note. Takes linear time.
    """
    reading = _Reading(name)
    notes = []
    try:
        reading.feed(_BARE_AMPERSAND.sub("&amp;", text))
    except expat.ExpatError as error:
        if not reading.cues:
            reason = f"is not XML: {expat.ErrorString(error.code)}"
            raise TranscriptError(name, reason, error.lineno) from error
        notes = [f"line {error.lineno}: the XML is broken, and what follows was not read"]
    cues = until_the_next(reading.cues) if reading.is_youtube else reading.cues
    cues = [cue._replace(speaker=reading.agents.get(cue.speaker, cue.speaker)) for cue in cues]
    segments, mended = segments_of_cues(cues, name=name)
    return Transcript(segments, title=reading.title, language=reading.language, warnings=(*notes, *mended))


@dataclass(slots=True)
class _Open:
    """An element that isn't closed yet."""

    tag: str
    start: float | None
    end: float | None
    offset: float
    speaker: str
    is_cue: bool = False


@dataclass(slots=True)
class _Reading:
    """Where the reading stands: the elements open, and the text of the cue it is in."""

    name: str
    cues: list[Cue] = field(default_factory=list)
    language: str = ""
    title: str = ""
    is_youtube: bool = False
    agents: dict[str, str] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _agent: str = ""
    _rates: tuple[float, float] = (30.0, 1.0)
    _line: int = 1

    def feed(self, text: str) -> None:
        """Parse all of it."""
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def begin(tag: str, attributes: dict[str, str]) -> None:
            self._begin(
                _local(tag), {_local(key): value for key, value in attributes.items()}, parser.CurrentLineNumber
            )

        def doctype(*_: object) -> None:
            raise TranscriptError(self.name, "is XML with a DOCTYPE, which isn't taken", parser.CurrentLineNumber)

        parser.StartElementHandler = begin
        parser.EndElementHandler = lambda tag: self._finish(_local(tag))
        parser.CharacterDataHandler = self._texts.append
        parser.StartDoctypeDeclHandler = doctype
        parser.Parse(text, True)

    def _begin(self, tag: str, told: Mapping[str, str], line: int) -> None:
        if len(self._open) >= _DEEPEST:
            raise TranscriptError(self.name, "is XML nested too deeply", line)
        if not self._open:
            self._root(tag, told)
        above = self._open[-1] if self._open else _Open("", None, None, 0.0, "")
        start, end = self._times(tag, told)
        speaker = told.get("agent", above.speaker).split(" ")[0]
        in_cue = any(one.is_cue for one in self._open)
        offset = above.offset + (start or 0.0) if tag in ("body", "div") else above.offset
        sentence = tag == "span" and told.get("unit") == "sentence" and start is not None
        begins = (tag == "p" or (tag == "text" and self.is_youtube) or sentence) and (not in_cue or sentence)
        if begins:
            if in_cue:
                self._say()
            self._texts.clear()
            self._line = line
        elif tag == "span" and start is not None:
            self._take_start(start)
        if tag == "br" or told.get("unit") == "word":
            self._texts.append("\n" if tag == "br" else " ")
        if tag == "agent":
            self._agent = told.get("id", "")
        if tag in ("name", "title"):
            self._texts.clear()
        shift = offset if begins and start is not None and start < offset else 0.0
        self._open.append(
            _Open(
                tag,
                None if start is None else start + shift,
                None if end is None else end + shift,
                offset,
                speaker,
                begins,
            )
        )

    def _take_start(self, start: float) -> None:
        """Give the open cue the start of its first span, where it has none."""
        cue = next((one for one in reversed(self._open) if one.is_cue), None)
        if cue and cue.start is None:
            cue.start = start

    def _root(self, tag: str, told: Mapping[str, str]) -> None:
        self.is_youtube = tag in ("timedtext", "transcript")
        self.language = told.get("lang", "")
        frames = _positive(told.get("frameRate", ""), 30.0)
        self._rates = (frames, _positive(told.get("tickRate", ""), frames))

    def _times(self, tag: str, told: Mapping[str, str]) -> tuple[float | None, float | None]:
        if self.is_youtube:
            in_seconds = "start" in told
            keys, unit = (("start", "dur"), 1.0) if in_seconds else (("t", "d"), 1000.0)
            begun, length = (_number(told.get(key), unit) for key in keys)
            return begun, None if begun is None or length is None else begun + length
        start, end, span = (self._seconds(told.get(key)) for key in ("begin", "end", "dur"))
        return start, start + span if end is None and start is not None and span is not None else end

    def _seconds(self, value: str | None) -> float | None:
        if value is None:
            return None
        value = value.strip()
        if match := _OFFSET.fullmatch(value):
            frames, ticks = self._rates
            units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / frames, "t": 1 / ticks}
            return round(float(match["count"]) * units[match["metric"]], 3)
        clock, _, frame = value.rpartition(":") if value.count(":") == 3 else (value, "", "")
        seconds = parse_timestamp(clock)
        return seconds if seconds is None or not frame.isdecimal() else round(seconds + int(frame) / self._rates[0], 3)

    def _finish(self, tag: str) -> None:
        one = self._open.pop()
        if one.is_cue:
            self._say(one)
        elif tag == "name" and self._agent:
            self.agents[self._agent] = " ".join("".join(self._texts).split())
        elif tag == "title" and not self.title:
            self.title = " ".join("".join(self._texts).split())

    def _say(self, one: _Open | None = None) -> None:
        """Keep what was said since the cue began, and begin anew."""
        one = one or next((found for found in reversed(self._open) if found.is_cue), None)
        text = "".join(self._texts)
        self._texts.clear()
        lines = tuple(filter(None, (visible_text(line) for line in text.split("\n"))))
        if one and lines:
            self.cues.append(Cue(one.start, one.end, lines, self._line, one.speaker))


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _positive(text: str, otherwise: float) -> float:
    value = _number(text, 1.0)
    return value if value is not None and value > 0 else otherwise


def _number(text: str | None, unit: float) -> float | None:
    if text is None or not re.fullmatch(r"-?\d{1,12}(?:\.\d{1,9})?", text.strip(), re.ASCII):
        return None
    return round(float(text) / unit, 3)
