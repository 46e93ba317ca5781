"""What is no speech in a transcript: sounds, songs, loops of recognisers, what tools say of themselves."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chrysopedia.core.text import folded
from creators.transcripts.segments import Aside, Segment, Segments, format_timestamp, in_columns

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


def is_sound(words: str) -> bool:
    """Say whether words in brackets name a sound, so that they are no speaker's name."""
    return re.fullmatch(_WORDS, words.strip(), re.IGNORECASE) is not None


LOOP = 6
"""Times in a row from which on the same few words are a recogniser's loop: nobody says so little so often."""
LOOP_WORDS = 12


@dataclass(frozen=True, slots=True)
class Speech:
    """The segments that hold speech, what stood beside it, and notes of what was left out."""

    segments: Segments
    notes: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()


def speech_in(segments: Sequence[Segment]) -> Speech:
    """Return the speech of a transcript without sounds, songs and loops, which are asides.

    Segments of which nothing is left go; the seconds of the others stay as they are.
    """
    patterns = (_SONG, _MASKED, _SOUND, _ASIDE) if in_columns(segments).is_timed else (_SONG, _MASKED)
    spoken = Segments()
    sounds = list(_sounds_out(segments, patterns, spoken))
    kept, loops, notes = _without_loops(spoken)
    told = ["sounds and songs were left out of what is said"] if sounds else []
    placed = [*loops, *(replace(one, before=bisect_left(kept, one.before)) for one in sounds)]
    placed.sort(key=lambda one: one.before)
    speech = Segments(spoken[at] for at in kept) if len(kept) < len(spoken) else spoken
    return Speech(speech, (*told, *notes), tuple(_once(placed)))


def _sounds_out(segments: Iterable[Segment], patterns: Sequence[re.Pattern[str]], spoken: Segments) -> Iterator[Aside]:
    """Yield what is no speech, and add what is left of the segments to ``spoken``."""
    opens = False
    for segment in segments:
        text = segment.text
        heard: list[str] = []
        if not text.isascii() or "[" in text or "(" in text or "*" in text:
            for pattern in patterns:
                heard += (match.group() for match in pattern.finditer(text))
                text = pattern.sub(" ", text)
        is_left = any(sign.isalnum() for sign in text) if heard else True
        sound = Aside(" ".join(" ".join(heard).split()) if is_left else segment.text, "noise", len(spoken))
        if not is_left:
            opens = opens or segment.paragraph
            yield sound
            continue
        begins = bool(heard) and segment.text.lstrip().startswith(heard[0])
        if heard and begins:
            yield sound
        if heard or opens:
            text = _tidy(text) if heard else text
            segment = replace(segment, text=text, paragraph=segment.paragraph or opens)  # noqa: PLW2901
        spoken.append(segment)
        opens = False
        if heard and not begins:
            yield replace(sound, before=len(spoken))


def _once(asides: Iterable[Aside]) -> Iterator[Aside]:
    """Yield the asides without those that say the same again in the same place."""
    last = None
    for one in asides:
        if one != last:
            yield one
        last = one


def _tidy(text: str) -> str:
    lines = (re.sub(r"\s+([.,!?;:])", r"\1", " ".join(line.split())) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_loops(segments: Segments) -> tuple[Sequence[int], list[Aside], list[str]]:
    """Return the indices of the segments with each loop said once, and an aside and a note for each loop."""
    kept = array("q")
    asides: list[Aside] = []
    notes: list[str] = []
    at = 0
    for words, group in groupby(map(folded, segments.texts)):
        count = sum(1 for _ in group)
        if count >= LOOP and words.count(" ") < LOOP_WORDS and (start := segments[at].start) is not None:
            text = segments[at].text
            kept.append(at)
            notes.append(f"“{text[:40]}” stood {count} times in a row from {format_timestamp(start)} and was kept once")
            asides.append(Aside(f"{text} (× {count - 1})", "noise", len(kept)))
        else:
            kept.extend(range(at, at + count))
        at += count
    return kept, asides, notes


_MADE = r"transcribed|transcription|transcript|subtitles?|subtitled|captions?|captioned|closed captions?"
_TOOL = re.compile(
    rf"\W*(?:{_MADE}|(?:auto-?)?generated|created|exported|translated|powered)\b[^.!?]{{0,40}}\b(?:by|with|from|via|using|at)\b"
    r".{0,60}(?:https?://|\b[\w-]+\.(?:ai|com|io|org|net|app|co|fm|tv|me|ru)\b).{0,80}|"
    rf"\W*(?:{_MADE}) (?:created |edited |provided |made |produced )?by(?: (?-i:[A-Z])[\w.'-]*){{1,4}}\W*|"
    r"transcription (?:started|ended|stopped)\b.{0,60}|(?:.{1,60} )?(?:started|stopped) transcription\W*|"
    r"\[(?:ar|ti|al|by|re|ve|au|length|offset):[^\]]{0,80}\]|"  # the tags of LRC
    r"this (?:editable )?transcript was\b.{0,200}|"
    r"\W*(?:untertitel|sous-titr\w+|subtítulos|legendas|sottotitoli|субтитры|字幕).{0,60}"
    r"(?:amara|zdf|ndr|swr|\.(?:org|com|de|fr|ru)\b|создава|сделал|提供|制作|志愿).{0,60}",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:attendees|participants|speakers|summary keywords|keywords|transcript):?", re.IGNORECASE)
_EXPORTED = re.compile(r"(?P<title>.{1,200}?)\s*\((?P<day>\d{4}-\d\d-\d\d)\b[^()]*\)\s*[-–—]\s*Transcript")
_DATED = re.compile(r"\w{3}, \w{3} \d{1,2}, \d{4}\b.{0,40}")
_HEADER_LINES, _FOOTER_LINES = 24, 4


def is_tool_line(text: str) -> bool:
    """Say whether a line is what a tool writes of itself or a transcriber of who they are."""
    return len(text) <= 300 and _TOOL.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class Exported:
    """A text without what the tool that exported it wrote around it; blank lines keep line numbers true."""

    lines: tuple[str, ...]
    title: str = ""
    day: str = ""
    """As ``YYYY-MM-DD``."""
    notes: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    """The tool's lines before the talk."""
    below: tuple[str, ...] = ()
    """Its lines after the talk."""


def without_tool_lines(lines: Sequence[str]) -> Exported:
    """Return a text without a tool's header, such as its list of attendees, and without its footer."""
    kept = list(lines)
    spoken = [at for at, line in enumerate(lines) if line.strip()]
    blank = {at for at in (*spoken[:3], *spoken[-_FOOTER_LINES:]) if is_tool_line(lines[at])}
    title = day = ""
    if spoken and (found := _EXPORTED.fullmatch(lines[spoken[0]].strip())):
        title, day = found["title"], found["day"]
        blank.add(spoken[0])
    blank |= _sections(lines, spoken[:_HEADER_LINES])
    for at in blank:
        kept[at] = ""
    said = [lines[at].strip()[:60] for at in sorted(blank) if is_tool_line(lines[at])]
    notes = tuple(f"“{text}” is a tool's line and was left out" for text in said)
    first = next((at for at in spoken if at not in blank), len(lines))
    written = [(at < first, lines[at].strip()) for at in sorted(blank) if lines[at].strip()]
    above, below = (tuple(text for is_above, text in written if is_above is side) for side in (True, False))
    return Exported(tuple(kept), title, day, notes, above, below)


def _sections(lines: Sequence[str], header: Sequence[int]) -> set[int]:
    """Return the lines of a header's sections: a name such as SPEAKERS by itself, and the lines below it."""
    begun = [at for at in header if _SECTION.fullmatch(lines[at].strip())]
    if not begun or all(lines[at].strip().lower().startswith("transcript") for at in begun):
        return set()
    found = {at for at in header if at < begun[0] and _DATED.fullmatch(lines[at].strip())}
    for at in begun:
        end = at + 1
        while end < len(lines) and lines[end].strip() and not lines[at].strip().lower().startswith("transcript"):
            end += 1
        found.update(range(at, end))
    return found
