"""What is no speech in a transcript: sounds in brackets, songs, masked words, and loops that a recogniser invents."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chrysopedia.core.text import folded
from creators.transcripts.segments import Segment, format_timestamp

_SOUNDS = (
    "music|intro|outro|jingle|theme|song|singing|humming|applause|applauds|applauding|cheers|cheering|laughs?|laughter|"
    "laughing|chuckles?|chuckling|giggles?|giggling|sighs?|sighing|coughs?|coughing|sniffs?|sniffles|gasps?|groans?|"
    "whistles?|whistling|clears throat|claps?|clapping|clicks?|clicking|beeps?|beeping|noise|static|silence|pause|"
    "inaudible|unintelligible|indistinct|crosstalk|overlapping|foreign|background|blank_audio|sound|sounds|"
    "musik|música|musique|musica|muziek|музыка|музика|音楽|音乐|applaus|aplausos|applaudissements|applausi|аплодисменты|"
    "拍手|rires|risas|lachen|gelächter|risate|смех|笑"
)
_WORDS = rf"(?:[^\W\d]+\s+){{0,2}}(?:{_SOUNDS})\b(?:\s+[^\W\d]+){{0,2}}"
_MASKED = re.compile(rf"\[\s*(?:_+|{_WORDS})\s*\]", re.IGNORECASE)
"""A sound in square brackets, in a few languages, or a word that a tool has masked."""
_SOUND = re.compile(rf"\(\s*{_WORDS}\s*\)|\*\s*{_WORDS}\s*\*", re.IGNORECASE)
"""The same in parentheses or asterisks, which a text without times may use for what it says."""
_ASIDE = re.compile(r"\[\s*[^\[\]\d:]{1,40}\]")
"""In captions, whatever stands in square brackets: only who describes a sound uses them there."""
_NOTES = "♪♫♬♩🎵🎶"
_SONG = re.compile(rf"[{_NOTES}]+[^{_NOTES}\n]*[{_NOTES}]+|[{_NOTES}][^{_NOTES}\n]*$")
"""A song between notes, or from a note to the end of its line."""

LOOP = 6
"""Times in a row from which on the same few words are a recogniser's loop: nobody says so little so often."""
LOOP_WORDS = 12


@dataclass(frozen=True, slots=True)
class Speech:
    """The segments that hold speech, and notes of what was left out."""

    segments: tuple[Segment, ...]
    notes: tuple[str, ...] = ()


def speech_in(segments: Sequence[Segment]) -> Speech:
    """Return the speech of a transcript without sounds, songs and loops.

    Segments of which nothing is left go; the seconds of the others stay as they are.
    """
    is_timed = all(segment.start is not None for segment in segments)
    patterns = (_SONG, _MASKED, _SOUND, _ASIDE) if is_timed else (_SONG, _MASKED)
    spoken = list(_without(segments, patterns))
    sounds = sum(len(segment.text) for segment in segments) > sum(len(segment.text) for segment in spoken)
    kept, loops = _without_loops(spoken)
    notes = ["sounds and songs were left out of what is said"] if sounds else []
    return Speech(tuple(kept), (*notes, *loops))


def _without(segments: Iterable[Segment], patterns: Sequence[re.Pattern[str]]) -> Iterator[Segment]:
    opens = False
    for segment in segments:
        text = segment.text
        if not text.isascii() or "[" in text or "(" in text or "*" in text:
            for pattern in patterns:
                text = pattern.sub(" ", text)
        if text == segment.text:
            yield replace(segment, paragraph=segment.paragraph or opens) if opens else segment
            opens = False
        elif any(sign.isalnum() for sign in text):
            yield replace(segment, text=_tidy(text), paragraph=segment.paragraph or opens)
            opens = False
        else:
            opens = opens or segment.paragraph


def _tidy(text: str) -> str:
    lines = (re.sub(r"\s+([.,!?;:])", r"\1", " ".join(line.split())) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_loops(segments: Sequence[Segment]) -> tuple[list[Segment], list[str]]:
    """Return the segments with each loop said once, and a note for each loop."""
    kept: list[Segment] = []
    notes: list[str] = []
    at = 0
    while at < len(segments):
        words = folded(segments[at].text)
        end = at + 1
        while end < len(segments) and folded(segments[end].text) == words:
            end += 1
        is_loop = end - at >= LOOP and words.count(" ") < LOOP_WORDS and segments[at].start is not None
        kept += segments[at : at + 1] if is_loop else segments[at:end]
        if is_loop:
            where = format_timestamp(segments[at].start or 0.0)
            notes.append(f"“{segments[at].text[:40]}” stood {end - at} times in a row from {where} and was kept once")
        at = end
    return kept, notes
