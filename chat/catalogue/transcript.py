"""The transcript of a work as a page shows it: paragraphs, contents, and the cited sentence."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

from django.conf.locale import LANG_INFO
from django.utils.text import slugify

from chat.events.messages import clock, duration
from chrysopedia.core.text import folded, without_unseen, words_of
from creators.models import Chunk, Work
from creators.transcripts.segments import Mark


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of a piece's text that is marked as cited, or isn't; ``begins`` the whole citation."""

    text: str
    is_cited: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class TimedText:
    """A piece of text that begins at one mark, and the space after it.

    ``anchor`` is "" where an earlier piece has that second already. ``said`` is what of the text and its space is
    cited, as offsets; the citation ``begins`` in one piece and may go on in those after it.
    """

    text: str
    space: str
    anchor: str
    start: float | None
    said: tuple[int, int] | None = None
    begins: bool = False

    @property
    def parts(self) -> tuple[TextRun, ...]:
        """The text and its space as they are written, the cited part apart."""
        whole = self.text + self.space
        if self.said is None:
            return (TextRun(whole),)
        start, end = self.said
        cited = TextRun(whole[start:end], is_cited=True, begins=self.begins)
        return tuple(part for part in (TextRun(whole[:start]), cited, TextRun(whole[end:])) if part.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A chunk of the work, or a line of one.

    ``heading`` stands only where it changes, with ``chapter`` as its anchor; ``label`` is the time it begins at.
    """

    pieces: tuple[TimedText, ...]
    heading: str
    label: str
    anchor: str
    chapter: str = ""
    start: float | None = None

    @property
    def is_cited(self) -> bool:
        """Whether the citation begins in it."""
        return any(piece.begins for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Where a part of a work begins: under a heading, else the first words of a stretch of time.

    ``second`` is None in a text without times.
    """

    title: str
    anchor: str
    is_heading: bool
    second: int | None

    @property
    def label(self) -> str:
        """The time as a player shows it, "" in a text."""
        return "" if self.second is None else clock(self.second)


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    """The part of one text that was cited, as offsets."""

    text: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """A work with all that was said in it; ``seconds`` is how long it lasts, None in a text without times."""

    work: Work
    paragraphs: tuple[Paragraph, ...]
    seconds: float | None = None

    @property
    def pieces(self) -> list[TimedText]:
        """All pieces, in order."""
        return [piece for paragraph in self.paragraphs for piece in paragraph.pieces]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """What leads to its parts; () in a work of one part."""
        return table_of_contents(self.paragraphs)

    @property
    def length(self) -> str:
        """How long it lasts, in words; "" in a text."""
        return duration(self.seconds) if self.seconds else ""

    @property
    def language(self) -> str:
        """The language by its name, or its code where that has none here."""
        code = self.work.language
        return str(LANG_INFO.get(code.lower(), {}).get("name", code))

    def anchor_at(self, seconds: float) -> str:
        """Return the anchor of the piece that is being said at this second; "" in a text without times."""
        timed = sorted((piece.start, piece.anchor) for piece in self.pieces if piece.start is not None and piece.anchor)
        index = bisect_right(timed, seconds, key=lambda pair: pair[0])
        return timed[max(index - 1, 0)][1] if timed else ""

    def places_of(self, edges: Sequence[str], *, at: float | None) -> tuple[QuoteSpan, ...]:
        """Return where the sentence stands that has these first and last words, near this second; () where it doesn't.

        ``Said.text`` is the number of a piece.
        """
        texts = [piece.text + piece.space for piece in self.pieces]
        return locate_quote(texts, edges, starts=[piece.start for piece in self.pieces], at=at)

    def place_at(self, seconds: float) -> tuple[QuoteSpan, ...]:
        """Return the whole piece that is being said at this second; () in a text without times."""
        anchor = self.anchor_at(seconds)
        found = enumerate(self.pieces) if anchor else ()
        return tuple(QuoteSpan(number, 0, len(piece.text)) for number, piece in found if piece.anchor == anchor)

    def marked(self, places: Sequence[QuoteSpan]) -> "Transcript":
        """Return it with these places marked as one citation."""
        spans = {place.text: (place.start, place.end) for place in places}
        numbers = count()

        def mark(piece: TimedText) -> TimedText:
            number = next(numbers)
            return replace(piece, said=spans[number], begins=number == min(spans)) if number in spans else piece

        parts = (replace(one, pieces=tuple(map(mark, one.pieces))) for one in self.paragraphs)
        return replace(self, paragraphs=tuple(parts))


def transcript_of(slug: str) -> Transcript | None:
    """Return the transcript of a published work, None where there is none."""
    works = Work.objects.published().with_lengths().select_related("creator").prefetch_related("creator__domains")
    work = works.filter(slug=slug).first()
    if work is None:
        return None
    paragraphs = paragraphs_of(work.chunks.order_by("position"))
    full = (paragraph for paragraph in paragraphs if any(piece.text.strip() for piece in paragraph.pieces))
    return Transcript(work=work, paragraphs=tuple(full), seconds=getattr(work, "seconds", None))


def paragraphs_of(chunks: Iterable[Chunk]) -> Iterator[Paragraph]:
    """Yield the chunks of a work, in order, as paragraphs; every second and every chapter has one anchor."""
    taken: set[str] = set()
    heading = before = ""
    for chunk in chunks:
        own = without_unseen(chunk.heading.rsplit(" › ", 1)[-1])
        shown = own if own != heading else ""
        chapter = _chapter_anchor(shown, taken) if shown else ""
        for pieces in _split_lines(_timed_texts(chunk, 0 if shown else _overlap(chunk, before), taken)):
            yield _paragraph(pieces, heading=shown, chapter=chapter)
            shown = chapter = ""
        heading, before = own, chunk.text


def _chapter_anchor(heading: str, taken: set[str]) -> str:
    """Return an anchor that no other chapter has."""
    anchor = base = f"c-{slugify(heading, allow_unicode=True) or 'part'}"
    number = 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


def _overlap(chunk: Chunk, before: str) -> int:
    """Return how many characters repeat the end of the chunk before: chunks overlap so that a search finds both."""
    offsets = (mark.offset for mark in reversed(chunk.timing) if mark.offset)
    return next((offset for offset in offsets if before.endswith(chunk.text[:offset].strip())), 0)


def _timed_texts(chunk: Chunk, skipped: int, taken: set[str]) -> Iterator[TimedText]:
    marks: Sequence[Mark] = chunk.timing or (Mark(offset=0, start=chunk.start_seconds, end=None),)
    stops = [mark.offset for mark in marks[1:]] + [len(chunk.text)]
    for mark, stop in zip(marks, stops, strict=True):
        if stop <= skipped:
            continue
        anchor = f"t-{int(mark.start)}" if mark.start is not None else ""
        text = without_unseen(chunk.text[mark.offset : stop])
        yield TimedText(text=text, space="", anchor="" if anchor in taken else anchor, start=mark.start)
        taken.add(anchor)


def _split_lines(pieces: Iterable[TimedText]) -> Iterator[list[TimedText]]:
    """Yield the pieces paragraph by paragraph: a line break in a chunk ends one."""
    line: list[TimedText] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        line.append(replace(piece, text=first.rstrip(), space=first[len(first.rstrip()) :]))
        for other in others:
            yield line
            line = [TimedText(text=other, space="", anchor="", start=None)]
    yield line


def _paragraph(pieces: Sequence[TimedText], *, heading: str, chapter: str) -> Paragraph:
    start = next((piece.start for piece in pieces if piece.start is not None), None)
    anchor = next((piece.anchor for piece in pieces if piece.anchor), "")
    label = clock(start) if start is not None and anchor else ""
    return Paragraph(pieces=tuple(pieces), heading=heading, label=label, anchor=anchor, chapter=chapter, start=start)


LONG_SECONDS = 20 * 60
CHAPTER_SECONDS = (5 * 60, 10 * 60, 15 * 60, 30 * 60, 60 * 60)
MAX_TIMED_CHAPTERS = 18
TITLE_WORDS = 7
"""Words of what is being said that stand for a stretch without a heading."""


def table_of_contents(paragraphs: Sequence[Paragraph]) -> tuple[Chapter, ...]:
    """Return the headings; of a long recording without any, what is being said every few minutes; () of one part."""
    headed = (one for one in paragraphs if one.heading)
    headings = tuple(Chapter(one.heading, one.chapter, is_heading=True, second=_second(one)) for one in headed)
    found = headings if len(headings) > 1 else _timed_chapters(paragraphs)
    return found if len(found) > 1 else ()


def _timed_chapters(paragraphs: Sequence[Paragraph]) -> tuple[Chapter, ...]:
    timed = [(one.start, one) for one in paragraphs if one.start is not None and one.anchor]
    last = timed[-1][0] if timed else 0.0
    if last < LONG_SECONDS:
        return ()
    step = next((step for step in CHAPTER_SECONDS if last / step <= MAX_TIMED_CHAPTERS), CHAPTER_SECONDS[-1])
    found, due = [], 0.0
    for start, one in timed:
        if start >= due:
            found.append(Chapter(_first_words(one), one.anchor, is_heading=False, second=int(start)))
            due = (start // step + 1) * step
    return tuple(found)


def _second(paragraph: Paragraph) -> int | None:
    return None if paragraph.start is None else int(paragraph.start)


def _first_words(paragraph: Paragraph) -> str:
    words = (word for piece in paragraph.pieces for word in piece.text.split())
    return " ".join(islice(words, TITLE_WORDS)).rstrip(".,;:") + "…"


CLOSING_SIGNS = ".,;:!?…)]}\"'”’»"
"""Signs that belong to the words before them."""
MAX_WORDS_BETWEEN = 80
"""Words between the first and the last ones of a sentence that is found by both."""


def locate_quote(
    texts: Sequence[str], edges: Sequence[str], *, starts: Sequence[float | None], at: float | None
) -> tuple[QuoteSpan, ...]:
    """Return where the sentence stands in the texts of a work, which follow each other; () where it doesn't.

    ``edges`` are the sentence itself, or its first and its last words. Of several places the one nearest to the
    second ``at`` is taken, by the second at which each text begins; without times the first.
    """
    words = [(number, word) for number, text in enumerate(texts) for word in words_of(text)]
    wanted = [found for edge in edges if (found := folded(edge))]
    ranges = _word_ranges(" ".join(word.folded for _, word in words), wanted)
    if not ranges:
        return ()

    def distance(found: tuple[int, int]) -> float:
        start = starts[words[found[0]][0]]
        return abs(start - at) if start is not None and at is not None else 0.0

    first, last = min(ranges, key=distance)
    (begin, opening), (end, closing) = words[first], words[last]
    places = [QuoteSpan(number, 0, len(texts[number])) for number in range(begin, end + 1)]
    places[0] = replace(places[0], start=opening.start)
    places[-1] = replace(places[-1], end=_with_closing_signs(texts[end], closing.end))
    return tuple(places)


def _word_ranges(joined: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return the first and the last word of each place, counted in the words of the whole work."""
    if not wanted:
        return []
    opening, closing = _phrase_ranges(joined, wanted[0]), _phrase_ranges(joined, wanted[-1])
    if len(wanted) == 1:
        return opening
    begins = [first for first, _ in closing]
    found = []
    for first, last in opening:
        following = bisect_right(begins, last)
        if following < len(begins) and begins[following] - last <= MAX_WORDS_BETWEEN:
            found.append((first, closing[following][1]))
    return found


def _phrase_ranges(joined: str, phrase: str) -> list[tuple[int, int]]:
    """Return the number of the first and of the last word of each place where the phrase stands."""
    padded, wanted, length = f" {joined} ", f" {phrase} ", phrase.count(" ")
    found, counted, words = [], 0, 0
    at = padded.find(wanted)
    while at >= 0:
        words += padded.count(" ", counted, at)
        counted = at
        found.append((words, words + length))
        at = padded.find(wanted, at + 1)
    return found


def _with_closing_signs(text: str, end: int) -> int:
    """Return where the words end with the signs that close them."""
    while end < len(text) and text[end] in CLOSING_SIGNS:
        end += 1
    return end
