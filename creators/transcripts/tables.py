"""Timed tables: Whisper's TSV, whisper.cpp's CSV, Audacity's labels, and exports with a column for the speaker."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from creators.transcripts.captions import seconds_of, segments_of_cues, visible_text
from creators.transcripts.cues import Cue
from creators.transcripts.segments import Transcript
from creators.transcripts.timed_json import unit_of

_NAMES = {
    "start": ("start", "start time", "start_time", "starttime", "begin", "from", "in", "timestamp", "time"),
    "end": ("end", "end time", "end_time", "endtime", "to", "out", "stop"),
    "text": ("text", "transcript", "content", "caption", "subtitle", "body", "sentence"),
    "speaker": ("speaker", "speaker name", "speaker_name", "name"),
}
_TIME = r"-?\d+(?:\.\d+)?|-?[\d:]+[:.,]\d+"
_BARE = re.compile(rf"(?:{_TIME})\t(?:{_TIME})\t\S", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands in a row; -1 where a table hasn't got it."""

    delimiter: str
    start: int
    end: int
    text: int
    speaker: int = -1
    has_header: bool = True


def is_table(head: str) -> bool:
    """Say whether the first lines of a text are those of a table with times."""
    return _columns(head) is not None


def _columns(text: str) -> _Columns | None:
    first = next((line for line in text.split("\n", 40)[:40] if line.strip()), "")
    for delimiter in "\t,;":
        cells = [cell.strip().strip('"').strip().lower() for cell in first.split(delimiter)]
        places = {key: _place(cells, names) for key, names in _NAMES.items()}
        if (
            places["start"] >= 0
            and places["text"] >= 0
            and len(cells) > 1
            and (places["end"] >= 0 or places["speaker"] >= 0)
        ):
            return _Columns(delimiter, places["start"], places["end"], places["text"], places["speaker"])
    return _Columns("\t", 0, 1, 2, has_header=False) if _BARE.match(first) else None


def _place(cells: Sequence[str], names: Sequence[str]) -> int:
    return next((cells.index(name) for name in names if name in cells), -1)


def read_table(text: str, *, name: str) -> Transcript:
    """Return the transcript of a table with a row for each line of talk.

    Whole numbers that would be the slowest talk ever in seconds are milliseconds, as Whisper writes them.
    """
    columns = _columns(text) or _Columns("\t", 0, 1, 2)
    rows = list(_rows(text, columns))
    times = [cell for _, row in rows for cell in _time_cells(row, columns) if cell]
    whole = [int(cell) for cell in times if re.fullmatch(r"-?\d{1,12}", cell, re.ASCII)]
    unit = 1
    if whole and len(whole) * 2 > len(times):
        unit = unit_of(whole, sum(len(_cell(row, columns.text)) for _, row in rows))
    cues = []
    for line, row in rows:
        start, end = (_seconds(cell, unit) for cell in _time_cells(row, columns))
        if said := visible_text(_cell(row, columns.text).replace("\n", " ")):
            cues.append(Cue(start, end, (said,), line, " ".join(_cell(row, columns.speaker).strip("()[] ").split())))
    segments, notes = segments_of_cues(cues, name=name, rolls=False)
    return Transcript(segments, warnings=notes)


def _rows(text: str, columns: _Columns) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their lines; a tab parts cells whatever is quoted, a comma as CSV has it."""
    lines = text.split("\n")
    begun = next((at for at, line in enumerate(lines) if line.strip()), 0) + columns.has_header
    if columns.delimiter == "\t":
        for number, line in enumerate(lines[begun:], begun + 1):
            if line.strip():
                yield number, line.split("\t", max(columns.start, columns.end, columns.text, columns.speaker))
        return
    csv.field_size_limit(len(text) + 1)
    reader = csv.reader((line + "\n" for line in lines[begun:]), delimiter=columns.delimiter, skipinitialspace=True)
    above = begun
    for row in reader:
        if row:
            yield above + 1, row
        above = begun + reader.line_num


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if 0 <= place < len(row) else ""


def _time_cells(row: Sequence[str], columns: _Columns) -> tuple[str, str]:
    return _cell(row, columns.start).strip(), _cell(row, columns.end).strip()


def _seconds(cell: str, unit: int) -> float | None:
    value = seconds_of(cell)
    return value if value is None or ":" in cell else round(value / unit, 3)
