"""The contents of a work: its chapters, or every few minutes of a long recording that has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from chat.catalogue.pieces import Paragraph
from chat.events.messages import clock

LONG_SECONDS = 20 * 60
STEPS = (5 * 60, 10 * 60, 15 * 60, 30 * 60, 60 * 60)
MOST_STEPS = 18
BEGINNING = 7
"""Words of what is being said that stand for a stretch without a heading."""


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


def chapters_of(paragraphs: Sequence[Paragraph]) -> tuple[Chapter, ...]:
    """Return the headings; of a long recording without any, what is being said every few minutes; () of one part."""
    headed = (one for one in paragraphs if one.heading)
    headings = tuple(Chapter(one.heading, one.chapter, is_heading=True, second=_second(one)) for one in headed)
    found = headings if len(headings) > 1 else _stretches(paragraphs)
    return found if len(found) > 1 else ()


def _stretches(paragraphs: Sequence[Paragraph]) -> tuple[Chapter, ...]:
    timed = [(one.start, one) for one in paragraphs if one.start is not None and one.anchor]
    last = timed[-1][0] if timed else 0.0
    if last < LONG_SECONDS:
        return ()
    step = next((step for step in STEPS if last / step <= MOST_STEPS), STEPS[-1])
    found, due = [], 0.0
    for start, one in timed:
        if start >= due:
            found.append(Chapter(_beginning(one), one.anchor, is_heading=False, second=int(start)))
            due = (start // step + 1) * step
    return tuple(found)


def _second(paragraph: Paragraph) -> int | None:
    return None if paragraph.start is None else int(paragraph.start)


def _beginning(paragraph: Paragraph) -> str:
    words = (word for piece in paragraph.pieces for word in piece.text.split())
    return " ".join(islice(words, BEGINNING)).rstrip(".,;:") + "…"
