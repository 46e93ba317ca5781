"""The transcript of a work as its page shows it: paragraphs and a table of contents."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice, pairwise
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.text import slugify

from chat.catalogue.quote_locator import QuoteSpan, locate_quote
from chat.events.messages import MESSAGES, clock, duration
from chrysopedia.core.text import without_unseen
from creators.models import Chunk, Work
from creators.transcripts.segments import Mark


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text that is marked as cited throughout, or not at all; ``begins`` says that the citation begins with it."""

    text: str
    is_cited: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """The text from one mark to the next, and the space after it.

    ``start`` is in seconds, None in a text without times; ``anchor`` is "" where an earlier block has that second.
    ``cited`` says what of the text and its space is cited, as the offsets of its first character and of the one after
    its last. A citation may go on over several blocks; ``begins`` says that this is its first.
    """

    text: str
    space: str
    anchor: str
    start: float | None
    cited: tuple[int, int] | None = None
    begins: bool = False
    aside: str = ""
    """"noise" or "sponsor" for what is shown only, "hidden" for a note in its place, "" for what is said."""

    @property
    def runs(self) -> tuple[TextRun, ...]:
        """The text and its space, cut where the citation begins and ends."""
        whole = self.text + self.space
        if self.cited is None:
            return (TextRun(whole),)
        start, end = self.cited
        cited = TextRun(whole[start:end], is_cited=True, begins=self.begins)
        return tuple(run for run in (TextRun(whole[:start]), cited, TextRun(whole[end:])) if run.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A chunk of the work, or a line of one.

    ``heading`` is "" unless it differs from that of the paragraph before; ``chapter`` is the heading's anchor.
    ``start`` is the second at which the paragraph begins, ``label`` the same as a player shows it, and ``anchor`` that
    of its first block with one.
    """

    blocks: tuple[TextBlock, ...]
    heading: str
    label: str
    anchor: str
    chapter: str = ""
    start: float | None = None

    @property
    def is_sponsor(self) -> bool:
        """Whether it is a sponsor read."""
        return any(block.aside == "sponsor" for block in self.blocks)

    @property
    def is_cited(self) -> bool:
        """Whether the citation begins in it."""
        return any(block.begins for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Chapter:
    """An entry of the table of contents: a heading, or in its place the first words said after some minutes.

    ``anchor`` is where it leads; ``second`` is None in a text without times.
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
class Transcript:
    """A work with all that was said in it; ``seconds`` is how long it lasts, None in a text without times."""

    work: Work
    paragraphs: tuple[Paragraph, ...]
    seconds: float | None = None

    @property
    def blocks(self) -> list[TextBlock]:
        """The blocks of all paragraphs, in order."""
        return [block for paragraph in self.paragraphs for block in paragraph.blocks]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The table of contents; () in a work of one chapter."""
        return table_of_contents(self.paragraphs)

    @property
    def clips(self) -> tuple[Chapter, ...]:
        """The parts of a recording, each with its second: its chapters, or one every few minutes; () in a text."""
        timed = tuple(chapter for chapter in self.chapters if chapter.second is not None)
        return timed or timed_chapters(self.paragraphs, steps=(SHORT_SECONDS, *CHAPTER_SECONDS))

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
        """Return the anchor of the block that is being said at this second; "" in a text without times."""
        timed = sorted((block.start, block.anchor) for block in self.blocks if block.start is not None and block.anchor)
        index = bisect_right(timed, seconds, key=lambda pair: pair[0])
        return timed[max(index - 1, 0)][1] if timed else ""

    def find_quote(self, edges: Sequence[str], *, at: float | None) -> tuple[QuoteSpan, ...]:
        """Return the spans of the quote with these first and last words that is nearest to a second; () for none."""
        texts = ["" if block.aside else block.text + block.space for block in self.blocks]
        return locate_quote(texts, edges, starts=[block.start for block in self.blocks], at=at)

    def spans_at(self, seconds: float) -> tuple[QuoteSpan, ...]:
        """Return the span of the whole block that is said at this second; () in a text without times."""
        anchor = self.anchor_at(seconds)
        found = enumerate(self.blocks) if anchor else ()
        return tuple(QuoteSpan(number, 0, len(block.text)) for number, block in found if block.anchor == anchor)

    def marked(self, spans: Sequence[QuoteSpan]) -> "Transcript":
        """Return the transcript with these spans marked as one citation."""
        cited = {span.block: (span.start, span.end) for span in spans}
        indices = count()

        def mark(block: TextBlock) -> TextBlock:
            index = next(indices)
            return replace(block, cited=cited[index], begins=index == min(cited)) if index in cited else block

        paragraphs = (replace(one, blocks=tuple(map(mark, one.blocks))) for one in self.paragraphs)
        return replace(self, paragraphs=tuple(paragraphs))


def transcript_of(slug: str) -> Transcript | None:
    """Return the transcript of a published work, None where there is none."""
    works = Work.objects.published().with_lengths().select_related("creator").prefetch_related("creator__domains")
    work = works.filter(slug=slug).first()
    if work is None:
        return None
    paragraphs = paragraphs_of(work.chunks.order_by("position"), asides=work.asides)
    full = (paragraph for paragraph in paragraphs if any(block.text.strip() for block in paragraph.blocks))
    return Transcript(work=work, paragraphs=tuple(full), seconds=getattr(work, "seconds", None))


def paragraphs_of(chunks: Iterable[Chunk], *, asides: Sequence[Sequence[Any]] = ()) -> Iterator[Paragraph]:
    """Yield a work's chunks, given in order, as paragraphs without what they repeat, and the asides where they stand.

    No two blocks or headings have the same anchor.
    """
    shown_beside = deque((position, offset, _aside_block(kind, text)) for position, offset, kind, text in asides)
    taken: set[str] = set()
    heading = before = ""
    is_gap = False
    for chunk in chunks:
        if chunk.is_hidden:
            while shown_beside and shown_beside[0][0] <= chunk.position:
                shown_beside.popleft()
            if is_gap:
                continue
            is_gap = True
            left_out = TextBlock(text=MESSAGES["left_out"], space="", anchor="", start=None, aside="hidden")
            yield _paragraph([left_out], heading="", chapter="")
            before = ""
            continue
        is_gap = False
        own = without_unseen(chunk.heading.rsplit(" › ", 1)[-1])
        shown = own if own != heading else ""
        chapter = _chapter_anchor(shown, taken) if shown else ""
        said = _text_blocks(chunk, 0 if shown else _overlap(chunk, before), taken, shown_beside)
        for blocks in _split_lines(said):
            yield _paragraph(blocks, heading=shown, chapter=chapter)
            shown = chapter = ""
        heading, before = own, chunk.text
    for blocks in _split_lines(block for _, _, block in shown_beside):
        yield _paragraph(blocks, heading="", chapter="")


def _aside_block(kind: str, text: str) -> TextBlock:
    return TextBlock(text=" ".join(without_unseen(text).split()), space=" ", anchor="", start=None, aside=kind)


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
    """Return how many characters at a chunk's beginning repeat the end of ``before``, the text of the chunk before it.

    Chunks overlap so that a search finds what stands at the border of two. One that begins in the middle of what
    somebody says begins with their name all the same, which doesn't stand there in the chunk before.
    """
    name = f"{chunk.timing[0].speaker}: " if chunk.timing and chunk.timing[0].speaker else ""
    for mark in reversed(chunk.timing):
        repeated = chunk.text[: mark.offset].removeprefix(name).strip()
        if repeated and before.endswith(repeated):
            return mark.offset
    return 0


def _text_blocks(
    chunk: Chunk, skipped: int, taken: set[str], beside: deque[tuple[int, int, TextBlock]]
) -> Iterator[TextBlock]:
    """Yield the blocks of a chunk, each with the asides before it, which are taken out of ``beside``."""
    timing: Sequence[Mark] = chunk.timing or (Mark(offset=0, start=chunk.start_seconds, end=None),)
    # A name and what is said behind it begin at one time: together they are what is lit while that plays.
    later = (mark for before, mark in pairwise(timing) if mark.start is None or mark.start != before.start)
    marks = [timing[0], *later]
    stops = [mark.offset for mark in marks[1:]] + [len(chunk.text)]
    for mark, stop in zip(marks, stops, strict=True):
        if stop <= skipped:
            continue
        while beside and beside[0][:2] <= (chunk.position, mark.offset):
            yield beside.popleft()[2]
        anchor = f"t-{int(mark.start)}" if mark.start is not None else ""
        text = without_unseen(chunk.text[mark.offset : stop])
        yield TextBlock(text=text, space="", anchor="" if anchor in taken else anchor, start=mark.start)
        taken.add(anchor)


def _split_lines(blocks: Iterable[TextBlock]) -> Iterator[list[TextBlock]]:
    """Yield the blocks paragraph by paragraph: a line break in a chunk ends one."""
    line: list[TextBlock] = []
    for block in blocks:
        if block.aside == "sponsor":  # by itself, and before it what was said, if anything
            if any(one.text for one in line):
                yield line
            yield [block]
            line = []
            continue
        if block.aside:
            line.append(block)
            continue
        first, *others = block.text.split("\n")
        line.append(replace(block, text=first.rstrip(), space=first[len(first.rstrip()) :]))
        for other in others:
            yield line
            line = [TextBlock(text=other, space="", anchor="", start=None)]
    yield line


def _paragraph(blocks: Sequence[TextBlock], *, heading: str, chapter: str) -> Paragraph:
    start = next((block.start for block in blocks if block.start is not None), None)
    anchor = next((block.anchor for block in blocks if block.anchor), "")
    label = clock(start) if start is not None and anchor else ""
    return Paragraph(blocks=tuple(blocks), heading=heading, label=label, anchor=anchor, chapter=chapter, start=start)


LONG_SECONDS = 20 * 60
"""Seconds from which on a recording without headings gets a table of contents."""
CHAPTER_SECONDS = (5 * 60, 10 * 60, 15 * 60, 30 * 60, 60 * 60)
"""How long its chapters may be: as short as makes no more than ``MAX_TIMED_CHAPTERS``."""
MAX_TIMED_CHAPTERS = 18
SHORT_SECONDS = 2 * 60
"""How long the parts of a short recording may be, where no heading divides it."""
TITLE_WORDS = 7
"""Words at the beginning of a chapter that serve as its title."""


def table_of_contents(paragraphs: Sequence[Paragraph]) -> tuple[Chapter, ...]:
    """Return a chapter for each heading, or else for every few minutes of a long recording; () for a single one."""
    headed = (one for one in paragraphs if one.heading)
    headings = tuple(Chapter(one.heading, one.chapter, is_heading=True, second=_second(one)) for one in headed)
    found = headings if len(headings) > 1 else timed_chapters(paragraphs, shortest=LONG_SECONDS)
    return found if len(found) > 1 else ()


def timed_chapters(
    paragraphs: Sequence[Paragraph], *, shortest: float = 0, steps: Sequence[int] = CHAPTER_SECONDS
) -> tuple[Chapter, ...]:
    """Return a chapter for every few minutes of a recording, as few as ``steps`` allow; () for a shorter one."""
    timed = [(one.start, one) for one in paragraphs if one.start is not None and one.anchor]
    last = timed[-1][0] if timed else 0.0
    if last < shortest:
        return ()
    step = next((step for step in steps if last / step <= MAX_TIMED_CHAPTERS), steps[-1])
    found, due = [], 0.0
    for start, one in timed:
        if start >= due:
            found.append(Chapter(_first_words(one), one.anchor, is_heading=False, second=int(start)))
            due = (start // step + 1) * step
    return tuple(found)


def _second(paragraph: Paragraph) -> int | None:
    return None if paragraph.start is None else int(paragraph.start)


def _first_words(paragraph: Paragraph) -> str:
    words = (word for block in paragraph.blocks if not block.aside for word in block.text.split())
    return " ".join(islice(words, TITLE_WORDS)).rstrip(".,;:") + "…"
