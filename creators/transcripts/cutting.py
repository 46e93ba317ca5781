"""Stretches of a text cut into passages otherwise than ingest cut them: joined where they meet, and parted again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from creators.transcripts.revision import ChunkText
from creators.transcripts.segments import Correction, Mark, seconds_at


def recut(base: Sequence[ChunkText], counts: Sequence[int]) -> list[ChunkText]:
    """Return chunks that follow each other as chunks of so many sentences each; together they have to be all of them.

    A sentence that ends one of ``base`` and begins the next one counts once.
    """
    whole = joined(base)
    ends = list(accumulate(counts))
    if not whole.spans or ends[-1] != len(whole.spans) or min(counts) < 1:
        raise ValueError(f"{len(whole.spans)} sentences can't be cut into {list(counts)}.")
    places = [0, *(_before_name(whole, whole.spans[end][0]) for end in ends[:-1]), len(whole.text)]
    return [_part(whole, begin, end) for begin, end in pairwise(places)]


def begins_in(base: Sequence[ChunkText]) -> list[int]:
    """Return for each chunk the number, among the sentences of all, of its first one."""
    begins, count, before = [], 0, None
    for one in base:
        begins.append(count - int(before is not None and shares_sentence(before, one)))
        count = begins[-1] + len(one.spans)
        before = one
    return begins


def shares_sentence(before: ChunkText, after: ChunkText) -> bool:
    """Tell whether the sentence that ends a chunk is the one that begins the next: the same words at the same time."""
    if not before.spans or not after.spans or before.sentences[-1] != after.sentences[0]:
        return False
    times = (seconds_at(one.marks, at, len(one.text)) for one, at in _meeting(before, after))
    return next(times) == next(times)


def _meeting(before: ChunkText, after: ChunkText) -> Iterable[tuple[ChunkText, int]]:
    return (before, before.spans[-1][0]), (after, after.spans[0][0])


def joined(base: Sequence[ChunkText]) -> ChunkText:
    """Return chunks that follow each other as one: a sentence that two share, and a name said twice, stand once."""
    whole = _opened(base[0])
    before = base[0]
    for one in base[1:]:
        rest = _opened(one)
        if shares_sentence(before, one):
            rest = _without_first(rest)
        whole, before = _appended(whole, rest), one
    return whole


def _opened(said: ChunkText) -> ChunkText:
    """Return a chunk whose marks say where each sentence begins, so that its parts have the same sentences."""
    marks = {mark.offset: mark for mark in said.marks}
    for begin, _ in said.spans:
        at = _before_name(said, begin)
        marks[at] = replace(marks.get(at) or _mark_at(said, at), opens=True)
    return replace(said, marks=tuple(marks[at] for at in sorted(marks)))


def _mark_at(said: ChunkText, offset: int) -> Mark:
    """Return a mark for where none stands: of whoever speaks there, at the second of the character."""
    before = [mark for mark in said.marks if mark.offset <= offset]
    start = seconds_at(said.marks, offset, len(said.text)) if said.marks else None
    return Mark(offset, start, before[-1].end if before else None, said.speaker_at(offset))


def _before_name(said: ChunkText, begin: int) -> int:
    """Return where a sentence begins, with the name before it if one stands there."""
    for mark in said.marks:
        if mark.speaker and said.text[mark.offset : begin] == f"{mark.speaker}: ":
            return mark.offset
    return begin


def _without_first(said: ChunkText) -> ChunkText:
    if len(said.spans) < 2:
        return ChunkText("", ())
    return _part(said, _before_name(said, said.spans[1][0]), len(said.text))


def _part(whole: ChunkText, begin: int, end: int) -> ChunkText:
    """Return a part that begins with a sentence; where names stand in the text, it begins with its speaker's."""
    text = whole.text[begin:end].rstrip()
    marks = [replace(mark, offset=mark.offset - begin) for mark in whole.marks if begin <= mark.offset < end]
    inside = (_clipped(one, begin, begin + len(text)) for one in whole.corrections)
    corrections = [one for one in inside if one is not None]
    speaker = marks[0].speaker
    if speaker and _is_named(whole) and not text.startswith(f"{speaker}: "):
        name = f"{speaker}: "
        first = Mark(0, marks[0].start, marks[0].start, speaker, opens=True)
        moved = [replace(mark, offset=mark.offset + len(name)) for mark in marks]
        marks = [first, replace(moved[0], opens=False), *moved[1:]]
        text, corrections = name + text, [one.moved(len(name)) for one in corrections]
    return ChunkText(text, tuple(marks), tuple(corrections))


def _is_named(said: ChunkText) -> bool:
    return any(mark.speaker and said.text.startswith(f"{mark.speaker}: ", mark.offset) for mark in said.marks)


def _clipped(one: Correction, begin: int, end: int) -> Correction | None:
    """Return what of a correction lies in a part, by its offset there; one over the edge goes with where it begins."""
    if not begin <= one.offset < end:
        return None
    return Correction(one.offset - begin, min(one.length, end - one.offset), one.original)


def _appended(whole: ChunkText, rest: ChunkText) -> ChunkText:
    if not rest.text:
        return whole
    if not whole.text:
        return rest
    speaker, goes_on = rest.marks[0].speaker, rest.marks[0].speaker == whole.marks[-1].speaker
    name = f"{speaker}: "
    if goes_on and speaker and rest.text.startswith(name) and len(rest.marks) > 1:
        moved = [replace(mark, offset=mark.offset - len(name)) for mark in rest.marks[1:]]
        marks = [replace(moved[0], opens=True), *moved[1:]]
        rest = ChunkText(rest.text[len(name) :], tuple(marks), tuple(one.moved(-len(name)) for one in rest.corrections))
    text = whole.text + (" " if goes_on else "\n")
    marks = [replace(mark, offset=mark.offset + len(text)) for mark in rest.marks]
    corrections = tuple(one.moved(len(text)) for one in rest.corrections)
    return ChunkText(text + rest.text, (*whole.marks, *marks), (*whole.corrections, *corrections))
