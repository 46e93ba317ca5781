"""Timed JSON: Whisper's shapes, YouTube's json3 and its transcript APIs, Podcasting 2.0, Podlove, and the like."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from creators.transcripts.captions import seconds_of, segments_of_cues, visible_text
from creators.transcripts.cues import Cue
from creators.transcripts.json_stream import JSONArray, JSONLines, outline
from creators.transcripts.segments import Transcript, TranscriptError
from creators.transcripts.sentences import sentence_spans

_SHAPES = "expected “segments” (Whisper), a list of segments (faster-whisper) or “transcription” (whisper.cpp)"
_FOREVER = 1e9
"""Milliseconds or seconds that no recording reaches; infinity and NaN are no times either."""

_LISTS = (
    "segments",
    "snippets",
    "chunks",
    "transcription",
    "events",
    "transcripts",
    "utterances",
    "monologues",
    "audio_segments",
    "cues",
    "captions",
    "transcript",
)
_WITHIN = ("results", "result", "data", "output", "transcript")
_TEXTS = ("text", "body", "transcript", "content", "utf8")
_SPEAKERS = ("voice", "speaker", "speaker_name", "speakerName", "speaker_label")
_STARTS = ("start", "startTime", "start_time", "begin", "from", "offset", "timestamp")
_ENDS = ("end", "endTime", "end_time", "to")
_MILLIS = (("tStartMs", "dDurationMs", ""), ("start_ms", "duration_ms", "end_ms"), ("startMs", "durationMs", "endMs"))
_LONGEST = ("duration", "dur")
SLOWEST_TALK = 0.25
"""Characters a second over a whole file, below which whole numbers are taken for milliseconds."""


def read_json(text: str, *, name: str) -> Transcript:
    """Return the transcript of a list of timed texts; where words have times, each sentence gets its own, exact ones.

    A speaker's name, seconds or milliseconds and a duration in place of an end are taken under the names that tools
    use. JSON lines are read line by line, and a broken one costs itself.
    """
    try:
        return _read_json(text, name)
    except RecursionError as error:
        raise TranscriptError(name, "is JSON nested too deeply for a transcript") from error


def _read_json(text: str, name: str) -> Transcript:
    document, notes = _parsed(text, name)
    entries = _entries(document, name)
    unit = _unit_of(entries)
    cues: Iterable[Cue] = (cue for number, entry in enumerate(entries, 1) for cue in _cues(entry, number, unit, name))
    if "tStartMs" in next(iter(entries), {}):
        cues = until_the_next(cues)
    segments, mended = segments_of_cues(cues, name=name, unit="segment", rolls=False)
    return Transcript(segments, language=_language(document), warnings=(*notes, *mended))


def until_the_next(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Yield cues that end where the next one begins: a player keeps lines on the screen after they are said."""
    last: Cue | None = None
    for cue in cues:
        if last:
            yield _until(last, cue.start)
        last = cue
    if last:
        yield last


def _until(cue: Cue, end: float | None) -> Cue:
    if end is None or cue.end is None or cue.start is None or cue.start >= end:
        return cue
    return cue._replace(end=min(cue.end, end), turn=False)


def _parsed(text: str, name: str) -> tuple[Any, list[str]]:
    try:
        return outline(text), []
    except json.JSONDecodeError as error:
        if found := _json_lines(text):
            return found
        raise TranscriptError(name, f"is not JSON: {error.msg}", error.lineno) from error
    except ValueError as error:  # a number of thousands of digits
        raise TranscriptError(name, "is JSON with a number that can't be read") from error


def _json_lines(text: str) -> tuple["JSONLines", list[str]] | None:
    """Return the objects of JSON lines and a note of those that can't be read, None where most can't."""
    found = JSONLines(text)
    good, broken, first = 0, 0, 0
    for number, one in found.numbered():
        good += one is not None
        broken += one is None
        first = number if one is None and not first else first
    if good <= broken or good + broken < 2:
        return None
    told = "is no JSON and was left out"
    if not broken:
        return found, []
    return found, [f"line {first}: {told}" if broken == 1 else f"{broken} lines, the first {first}, {told}"]


class _Flat:
    """The segments within the entries of a list that holds nothing else."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (one for entry in self._entries for one in entry["segments"] if isinstance(one, dict))


def _entries(document: Any, name: str) -> Iterable[dict[str, Any]]:
    """Return the timed texts, parsed anew each time they are gone through."""
    entries = _list_in(document)
    if not isinstance(entries, JSONArray | JSONLines) or not entries.holds_objects:
        raise TranscriptError(name, f"is JSON, but no transcript: {_SHAPES}")
    first: dict[str, Any] = next(iter(entries), {})
    if isinstance(first.get("segments"), list) and all(map(_is_nest, entries)):
        return _Flat(entries)
    return entries


def _is_nest(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("segments"), list) and "text" not in entry


def _list_in(document: Any, depth: int = 0) -> Any:
    if not isinstance(document, dict) or depth > 2:
        return document
    found = next((document[key] for key in _LISTS if isinstance(document.get(key), JSONArray)), None)
    if found is not None:
        return found
    inner = next((document[key] for key in _WITHIN if isinstance(document.get(key), dict)), None)
    return _list_in(inner, depth + 1)


def _language(document: Any) -> str:
    if not isinstance(document, dict):
        return ""
    result = document.get("result")
    language = document.get("language") or (result.get("language") if isinstance(result, dict) else "")
    return language if isinstance(language, str) else ""


def _cues(entry: dict[str, Any], number: int, unit: int, name: str) -> Iterator[Cue]:
    words = _words(entry, unit)
    text = _text(entry, words)
    if text is None:
        if "tStartMs" in entry or entry.get("type") in ("meta", "metadata"):
            return
        raise TranscriptError(name, f"segment {number} has no text: {_SHAPES}")
    speaker = _speaker(entry)
    text = " ".join(text.split())
    start, end = _times(entry, words, unit)
    if not text:
        return
    if not words or start is None or start < 0:
        yield Cue(start, end, (text,), number, speaker)
        return
    placed = _placed(words, text)
    for left, right in sentence_spans(text):
        times = [(begin, finish) for at, begin, finish in placed if left <= at < right]
        first, last = (times[0][0], times[-1][1]) if times else (start, end)
        yield Cue(first, None if last is None else max(first, last), (text[left:right],), number, speaker)


def _text(entry: dict[str, Any], words: Sequence[tuple[str, float, float]]) -> str | None:
    if isinstance(segs := entry.get("segs"), list):
        parts = (part.get("utf8") for part in segs if isinstance(part, dict))
        return "".join(part for part in parts if isinstance(part, str))
    if isinstance(elements := entry.get("elements"), list):
        values = (part.get("value") for part in elements if isinstance(part, dict))
        return "".join(value for value in values if isinstance(value, str))
    text = next((entry[key] for key in _TEXTS if isinstance(entry.get(key), str)), None)
    if text is None and words:
        return _joined([word for word, _, _ in words])
    return visible_text(text.replace("\n", " ")) if text and ("<" in text or "&" in text) else text


def _speaker(entry: dict[str, Any]) -> str:
    for key in _SPEAKERS:
        who = entry.get(key)
        if isinstance(who, dict):
            who = who.get("name")
        if isinstance(who, str) and who.strip():
            return " ".join(who.split())
        if isinstance(who, int) and not isinstance(who, bool):
            return f"Speaker {who}"
    return ""


def _times(
    entry: dict[str, Any], words: Sequence[tuple[str, float, float]], unit: int
) -> tuple[float | None, float | None]:
    """Return start and end in seconds, ``None`` for what can't be read, under the names that tools give them."""
    if isinstance(pair := entry.get("offsets"), dict):
        return _number(pair.get("from"), 1000), _number(pair.get("to"), 1000)
    if isinstance(pair := entry.get("timestamps"), dict):
        return _number(pair.get("from"), 1), _number(pair.get("to"), 1)
    if isinstance(pair := entry.get("timestamp"), list) and len(pair) == 2:  # transformers
        return _number(pair[0], 1), _number(pair[1], 1)
    for first, span, last in _MILLIS:
        if first in entry:
            start = _number(entry[first], 1000)
            return start, _end(start, _number(entry.get(last), 1000), _number(entry.get(span), 1000))
    start = next((_number(entry[key], unit) for key in _STARTS if key in entry), None)
    end = next((_number(entry[key], unit) for key in _ENDS if key in entry), None)
    length = next((_number(entry[key], unit) for key in _LONGEST if key in entry), None)
    if start is None and words and not any(key in entry for key in _STARTS):
        return words[0][1], words[-1][2]
    return start, _end(start, end, length)


def _end(start: float | None, end: float | None, length: float | None) -> float | None:
    if end is not None or start is None or length is None or length < 0:
        return end
    return round(start + length, 3)


def _number(value: Any, unit: int) -> float | None:
    if isinstance(value, str):
        clock = value.strip().removesuffix("s")
        return seconds_of(clock) if ":" in clock or unit == 1 else _scaled(seconds_of(clock), unit)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_FOREVER < value < _FOREVER:
        return None
    return round(value / unit, 3)


def _scaled(value: float | None, unit: int) -> float | None:
    return None if value is None else round(value / unit, 3)


def _unit_of(entries: Iterable[dict[str, Any]]) -> int:
    """Return 1000 where the times are whole numbers that would be the slowest talk ever in seconds, else 1."""
    size = 0
    least, most = _FOREVER, -_FOREVER
    for entry in entries:
        for key in (*_STARTS, *_ENDS):
            if key in entry:
                time = entry[key]
                if not isinstance(time, int) or abs(time) >= _FOREVER:
                    return 1
                least, most = min(least, time), max(most, time)
        text = _text(entry, ())
        size += len(text) if isinstance(text, str) else 0
    return unit_of((int(least), int(most)), size) if least <= most else 1


def unit_of(times: Sequence[int], size: int) -> int:
    """Return how many units of these whole numbers make a second, for a talk of ``size`` characters: 1 or 1000."""
    return 1000 if max(times) >= 1000 and size < SLOWEST_TALK * (max(times) - min(times)) else 1


def _words(entry: dict[str, Any], unit: int) -> list[tuple[str, float, float]]:
    """Return the words that have times; a word without (WhisperX leaves numbers out) goes with the one before it."""
    words = entry.get("words") or entry.get("wdlist") or entry.get("elements")
    found = []
    for word in words if isinstance(words, list) else []:
        if isinstance(word, dict):
            text = next((word[key] for key in ("word", "text", "value") if isinstance(word.get(key), str)), None)
            start, end = (_number(next((word[k] for k in keys if k in word), None), unit) for keys in _WORD_TIMES)
            if text is not None and start is not None and end is not None and min(start, end) >= 0:
                found.append((text, start, end))
    return found


_WORD_TIMES = (("start", "ts"), ("end", "end_ts"))


def _joined(words: list[str]) -> str:
    spaced = any(word[:1].isspace() or word[-1:].isspace() for word in words)
    return ("" if spaced else " ").join(words)


def _placed(words: Sequence[tuple[str, float, float]], text: str) -> list[tuple[int, float, float]]:
    """Return where each word stands in the text, in order, with its times."""
    placed, at = [], 0
    for word, start, end in words:
        bare = word.strip()
        found = text.find(bare, at, at + len(bare) + 64)
        if found >= 0:
            placed.append((found, start, end))
            at = found + len(bare)
    return placed
