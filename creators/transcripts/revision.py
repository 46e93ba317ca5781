"""A chunk as a curator has it read: sentences in other words, and who says them; made of what was said each time."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from creators.transcripts.segments import Correction, Mark, as_heard, seconds_at
from creators.transcripts.sentences import chunk_spans

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChunkText:
    """The text of a chunk, where its segments begin in it, and where it differs from what was heard."""

    text: str
    marks: tuple[Mark, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """Where its sentences stand, without the names of who says them."""
        return chunk_spans(self.text, self.marks)

    @property
    def sentences(self) -> list[str]:
        """Its sentences."""
        return [self.text[begin:end] for begin, end in self.spans]

    def speaker_at(self, offset: int) -> str:
        """Return the label of who says the character at an offset, "" where nobody is named."""
        at = bisect_right(self.marks, offset, key=lambda mark: mark.offset) - 1
        return self.marks[at].speaker if at >= 0 else ""


def marks_to_json(marks: Sequence[Mark]) -> list[list[Any]]:
    """Return marks as they are stored."""
    return [[mark.offset, mark.start, mark.end, mark.speaker, int(mark.opens)] for mark in marks]


def corrections_to_json(corrections: Sequence[Correction]) -> list[list[Any]]:
    """Return corrections as they are stored."""
    return [[one.offset, one.length, one.original] for one in corrections]


def marks_from_json(rows: Sequence[Sequence[Any]]) -> tuple[Mark, ...]:
    """Return stored marks as values; older ones don't say where sentences begin."""
    return tuple(Mark(row[0], row[1], row[2], row[3], bool(row[4]) if len(row) > 4 else False) for row in rows)


def chunk_text_to_json(said: ChunkText) -> dict[str, Any]:
    """Return the text of a chunk as it is stored: ``{text, marks, corrections}``."""
    corrections = corrections_to_json(said.corrections)
    return {"text": said.text, "marks": marks_to_json(said.marks), "corrections": corrections}


def chunk_text_from_json(stored: Mapping[str, Any]) -> ChunkText:
    """Return the stored text of a chunk as a value."""
    corrections = tuple(Correction(*row) for row in stored["corrections"])
    return ChunkText(stored["text"], marks_from_json(stored["marks"]), corrections)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a curator changed, by the number of the sentence in what was said, from 0."""

    texts: Mapping[int, str] = field(default_factory=dict)
    speakers: Mapping[int, str] = field(default_factory=dict)


def revised(said: ChunkText, changes: Changes) -> ChunkText:
    """Return what was said with the changes; ``as_heard`` of its reworded sentences is what was heard."""
    spans = said.spans
    edits = {spans[number]: text for number, text in changes.texts.items() if number < len(spans)}
    reworded = _reworded(said, edits)
    moved = [(_moved(begin, edits), _moved(end, edits)) for begin, end in spans]
    speakers = {moved[number]: name for number, name in changes.speakers.items() if number < len(spans)}
    return _relabelled(reworded, speakers) if speakers else reworded


def _reworded(said: ChunkText, edits: Mapping[Span, str]) -> ChunkText:
    pieces, at = [], 0
    for (begin, end), text in sorted(edits.items()):
        pieces += [said.text[at:begin], text]
        at = end
    marks: dict[int, Mark] = {}
    for mark in said.marks:
        place = _moved(mark.offset, edits)
        marks.setdefault(place, replace(mark, offset=place))
    kept = [
        replace(one, offset=_moved(one.offset, edits))
        for one in said.corrections
        if not any(one.offset < end and one.offset + one.length > begin for begin, end in edits)
    ]
    made = [
        Correction(_moved(begin, edits), len(text), as_heard(said.text, said.corrections, start=begin, end=end))
        for (begin, end), text in edits.items()
    ]
    corrections = tuple(sorted([*kept, *made], key=lambda one: one.offset))
    return ChunkText("".join([*pieces, said.text[at:]]), tuple(marks.values()), corrections)


def _moved(offset: int, edits: Mapping[Span, str]) -> int:
    """Return where what stood at an offset stands now; within a reworded sentence, a word at about the same share."""
    shift = 0
    for (begin, end), text in sorted(edits.items()):
        if offset <= begin:
            break
        if offset < end:
            share = (offset - begin) * len(text) // (end - begin)
            return begin + shift + text.rfind(" ", 0, share + 1) + 1
        shift += len(text) - (end - begin)
    return offset + shift


def _relabelled(said: ChunkText, speakers: Mapping[Span, str]) -> ChunkText:
    """Return the text with these speakers; where names stand in it, they are put where the speaker changes."""
    marks = _parted(said, speakers)
    stops = [*(mark.offset for mark in marks[1:]), len(said.text)]
    parts = [(mark, said.text[mark.offset : stop]) for mark, stop in zip(marks, stops, strict=True)]
    is_label = [bool(mark.speaker) and piece == f"{mark.speaker}: " for mark, piece in parts]
    text, made, speaker, opens = said.text[: marks[0].offset], list[Mark](), "", False
    places: list[tuple[int, int]] = [(0, 0)]
    for (mark, piece), is_name in zip(parts, is_label, strict=True):
        if is_name:
            opens = opens or mark.opens
            continue
        name = next((who for (begin, end), who in speakers.items() if begin <= mark.offset < end), mark.speaker)
        opens = opens or mark.opens
        if any(is_label) and name and name != speaker:
            made.append(Mark(len(text), mark.start, mark.start, name, opens))
            text, opens = f"{text}{name}: ", False
        made.append(replace(mark, offset=len(text), speaker=name, opens=opens))
        places.append((mark.offset, len(text) - mark.offset))
        text, speaker, opens = text + piece, name, False
    return ChunkText(text, tuple(made), tuple(one.moved(_shift(one.offset, places)) for one in said.corrections))


def _shift(offset: int, places: Sequence[tuple[int, int]]) -> int:
    return places[bisect_right(places, offset, key=lambda place: place[0]) - 1][1]


def _parted(said: ChunkText, speakers: Mapping[Span, str]) -> list[Mark]:
    """Return the marks, and one more where a sentence whose speaker is set, or the one after it, begins without."""
    marks = list(said.marks) or [Mark(0, None, None)]
    spans = said.spans
    following = {before: after[0] for before, after in pairwise(spans)}
    begins = {begin for span in speakers for begin in (span[0], following.get(span, span[0]))}
    for begin in sorted(begins - {mark.offset for mark in marks}):
        at = bisect_right(marks, begin, key=lambda mark: mark.offset)
        before = marks[max(at - 1, 0)]
        start = seconds_at(said.marks, begin, len(said.text)) if said.marks else None
        marks.insert(at, replace(before, offset=begin, start=start, opens=False))
    return marks
