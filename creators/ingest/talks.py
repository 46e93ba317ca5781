"""One talk, one work: of files with the same name, the form with the best times and punctuation is read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from chrysopedia.core.text import words_of
from creators.ingest.naming import without_language
from creators.ingest.sources import SourceFile
from creators.transcripts import Transcript, TranscriptError, read_transcript
from creators.transcripts.sentences import sentence_spans
from creators.transcripts.unmarked import hardly_any_stops

ALIKE = 0.6
"""Share of the words of the shorter one from which on two files of one name hold the same talk."""
BEST_LAST = (
    *(".md", ".markdown", ".txt", ".lrc", ".csv", ".tsv", ".sbv", ".srv1", ".srv2", ".dfxp", ".ttml", ".srt", ".vtt"),
    *(".srv3", ".json3", ".json"),
)
"""Forms by how exact their times are; JSON may have a second for each word."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The file to read of a talk, and the sources of the same talk that are passed over.

    ``transcript`` is what the file holds, where it had to be read to choose it; ``file.read()`` then gives those bytes.
    """

    file: SourceFile
    others: tuple[SourceFile, ...] = ()
    transcript: Transcript | None = None


def talks_in(files: Iterable[SourceFile]) -> Iterator[Talk]:
    """Yield each talk once, in the order of the files; only files that share a name with another are read for it."""
    groups: dict[str, list[SourceFile]] = {}
    for file in files:
        groups.setdefault(name_of_talk(file.source), []).append(file)
    for group in groups.values():
        yield from _talks(group) if len(group) > 1 else [Talk(group[0])]


def name_of_talk(source: str) -> str:
    """Return what files have in common that may hold the same talk: their path without ending and language."""
    path = PurePosixPath(source)
    return str(path.with_name(without_language(path.stem)))


def _talks(group: Sequence[SourceFile]) -> Iterator[Talk]:
    """Yield the talks in files of one name: usually one, but a translation is another."""
    read = [_read(file) for file in group]
    # What can't be read is named by whoever reads it as a work.
    yield from (Talk(file) for file, transcript in read if transcript is None)
    ranked = sorted(((file, one) for file, one in read if one), key=lambda pair: _rank(*pair), reverse=True)
    while ranked:
        (best, told), *rest = ranked
        words = _words(told)
        others = tuple(file for file, one in rest if _are_alike(words, _words(one)))
        yield Talk(best, others, told)
        ranked = [(file, one) for file, one in rest if file not in others]


def _read(file: SourceFile) -> tuple[SourceFile, Transcript | None]:
    try:
        data = file.read()
        return replace(file, read=lambda: data), read_transcript(data, name=file.source)
    except (TranscriptError, OSError):
        return file, None


def _rank(file: SourceFile, transcript: Transcript) -> tuple[bool, bool, int]:
    text = "\n".join(segment.text for segment in transcript.segments)
    suffix = PurePosixPath(file.source).suffix.lower()
    is_timed = any(segment.start is not None for segment in transcript.segments)
    is_punctuated = not hardly_any_stops(text, sentence_spans(text))
    return is_timed, is_punctuated, BEST_LAST.index(suffix) if suffix in BEST_LAST else -1


def _words(transcript: Transcript) -> frozenset[str]:
    return frozenset(word.folded for segment in transcript.segments for word in words_of(segment.text))


def _are_alike(some: frozenset[str], others: frozenset[str]) -> bool:
    return len(some & others) >= ALIKE * min(len(some), len(others))
