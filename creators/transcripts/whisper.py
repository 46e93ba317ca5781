"""The reader of the JSON that openai-whisper, faster-whisper, WhisperX and whisper.cpp write."""

import json
from collections.abc import Iterator
from typing import Any

from creators.transcripts.captions import JITTER
from creators.transcripts.segments import Segment, Transcript, TranscriptError, format_timestamp, parse_timestamp
from creators.transcripts.sentences import sentence_spans

_SHAPES = "expected “segments” (Whisper), a list of segments (faster-whisper) or “transcription” (whisper.cpp)"
_FOREVER = 1e9
"""Milliseconds or seconds that no recording reaches; infinity and NaN are no times either."""


def read_whisper(text: str, *, name: str) -> Transcript:
    """Return the transcript of Whisper's segments; where words have times, each sentence gets its own, exact ones."""
    document = _parsed(text, name)
    segments: list[Segment] = []
    latest = 0.0
    for number, entry in enumerate(_entries(document, name), 1):
        for segment in _segments(entry, number, name):
            start = segment.start or 0.0
            if start < latest - JITTER:
                times = f"from {format_timestamp(latest)} to {format_timestamp(start)}"
                raise TranscriptError(name, f"segment {number}: the clock runs back {times}")
            latest = max(latest, start)
            segments.append(segment)
    return Transcript(tuple(_turns(segments)), language=_language(document))


def _turns(segments: list[Segment]) -> Iterator[Segment]:
    speaker = None
    for segment in segments:
        turn = segment.speaker != speaker
        speaker = segment.speaker
        yield Segment(segment.text, segment.start, segment.end, speaker, paragraph=turn)


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(name, f"is not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise TranscriptError(name, "is JSON nested too deeply for a transcript") from error
    except ValueError as error:  # a number of thousands of digits
        raise TranscriptError(name, "is JSON with a number that can't be read") from error


def _entries(document: Any, name: str) -> list[dict[str, Any]]:
    entries = document
    if isinstance(document, dict):
        entries = document.get("segments", document.get("transcription"))
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TranscriptError(name, f"is JSON, but no transcript: {_SHAPES}")
    return entries


def _language(document: Any) -> str:
    if not isinstance(document, dict):
        return ""
    result = document.get("result")
    language = document.get("language") or (result.get("language") if isinstance(result, dict) else "")
    return language if isinstance(language, str) else ""


def _segments(entry: dict[str, Any], number: int, name: str) -> Iterator[Segment]:
    words = _words(entry)
    text = entry.get("text")
    if text is None and words:
        text = _joined([word for word, _, _ in words])
    if not isinstance(text, str):
        raise TranscriptError(name, f"segment {number} has no text: {_SHAPES}")
    speaker = next((who for key in ("speaker", "speaker_name") if isinstance(who := entry.get(key), str)), "")
    text = " ".join(text.split())
    start, end = _times(entry, number, name)
    if not text:
        return
    if not words:
        yield Segment(text, start, end, speaker)
        return
    placed = _placed(words, text)
    for left, right in sentence_spans(text):
        times = [(begin, finish) for at, begin, finish in placed if left <= at < right]
        first, last = (times[0][0], times[-1][1]) if times else (start, end)
        yield Segment(text[left:right], first, max(first, last), speaker)


def _times(entry: dict[str, Any], number: int, name: str) -> tuple[float, float]:
    """Return start and end in seconds: ``start``/``end``, ``offsets`` in milliseconds or ``timestamps`` as clocks."""
    if isinstance(entry.get("offsets"), dict):
        pair = [_number(entry["offsets"].get(key), 1000) for key in ("from", "to")]
    elif isinstance(entry.get("timestamps"), dict):
        pair = [parse_timestamp(str(entry["timestamps"].get(key))) for key in ("from", "to")]
    else:
        pair = [_number(entry.get(key), 1) for key in ("start", "end")]
    start, end = pair
    if start is None or end is None or end < start - JITTER:
        raise TranscriptError(name, f"segment {number} has no times that can be read")
    return start, max(start, end)


def _number(value: Any, unit: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _FOREVER:
        return None
    return round(value / unit, 3)


def _words(entry: dict[str, Any]) -> list[tuple[str, float, float]]:
    """Return the words that have times; a word without (WhisperX leaves numbers out) goes with the one before it."""
    words = entry.get("words") or entry.get("wdlist")
    found = []
    for word in words if isinstance(words, list) else []:
        if isinstance(word, dict):
            text = word.get("word", word.get("text"))
            start, end = _number(word.get("start"), 1), _number(word.get("end"), 1)
            if isinstance(text, str) and start is not None and end is not None:
                found.append((text, start, end))
    return found


def _joined(words: list[str]) -> str:
    spaced = any(word[:1].isspace() or word[-1:].isspace() for word in words)
    return ("" if spaced else " ").join(words)


def _placed(words: list[tuple[str, float, float]], text: str) -> list[tuple[int, float, float]]:
    """Return where each word stands in the text, in order, with its times."""
    placed, at = [], 0
    for word, start, end in words:
        bare = word.strip()
        found = text.find(bare, at, at + len(bare) + 64)
        if found >= 0:
            placed.append((found, start, end))
            at = found + len(bare)
    return placed
