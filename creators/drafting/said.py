"""What was said, streamed chunk by chunk, so that a corpus of any size fits into memory."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from creators.models import Chunk, Creator, Work
from creators.timing import Mark, seconds_at
from creators.transcripts.sentences import sentence_spans

BATCH = 1_000
OTHERS = 20_000
"""Chunks of others that are read at most, taken evenly: what is usual is known long before a million are."""


@dataclass(frozen=True, slots=True)
class Said:
    """A chunk of a work, with its sentences; the one that the chunk before ends with is left out."""

    work: int
    slug: str
    title: str
    text: str
    marks: tuple[Mark, ...]
    sentences: tuple[tuple[int, int], ...]

    def seconds(self, offset: int) -> float | None:
        """Return the second of a character, None without times."""
        return seconds_at(self.marks, offset, len(self.text))


def said_by(creator: Creator) -> Iterator[Said]:
    """Yield what a creator said or wrote in works that aren't withdrawn, one work in memory at a time."""
    works = Work.objects.filter(creator=creator, is_withdrawn=False).order_by("pk")
    for pk, slug, title in works.values_list("pk", "slug", "title"):
        before = ""
        for chunk in Chunk.objects.filter(work_id=pk).only("text", "marks").order_by("position"):
            spans = sentence_spans(chunk.text)
            first = chunk.text[slice(*spans[0])] if spans else ""
            fresh = spans[1:] if first and first == before else spans
            before = chunk.text[slice(*spans[-1])] if spans else ""
            yield Said(pk, slug, title, chunk.text, chunk.timing, tuple(fresh))


def texts_of_others(creator: Creator) -> Iterator[str]:
    """Yield chunks of the other published creators, evenly over all of them where there are more than ``OTHERS``."""
    theirs = Chunk.objects.visible().exclude(creator=creator).order_by("pk")
    if (count := theirs.count()) > OTHERS:
        step = -(-count // OTHERS)
        theirs = theirs.annotate(rest=F("pk") % step).filter(rest=0)
    # By key and not by .iterator(): server-side cursors are off for poolers, and without them all rows come at once.
    last = 0
    while rows := list(theirs.filter(pk__gt=last).values_list("pk", "text")[:BATCH]):
        last = rows[-1][0]
        yield from (text for _, text in rows)
