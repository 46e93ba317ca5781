"""What a creator says, as material for a draft of their personality."""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from django.db.models import F

from chrysopedia.core.text import folded
from creators.models import Chunk, Creator, PersonalityDraft, Work
from creators.models.creator import TRAIT_LISTS
from creators.transcripts.segments import Mark, seconds_at
from creators.transcripts.sentences import chunk_spans


class DraftingError(Exception):
    """Why no draft can be made, in words."""


@dataclass(frozen=True, slots=True)
class TraitQuote:
    """Words as they stand in a work, by its slug and title; ``seconds`` is None in one without times."""

    quote: str
    work: str
    title: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Trait:
    """An item of one of the lists of a personality, with at least one quote that shows it."""

    part: str
    trait: str
    quotes: tuple[TraitQuote, ...]


@dataclass(frozen=True, slots=True)
class UnsavedDraft:
    """A draft before it is stored; ``dropped`` counts the traits whose examples the creator never said."""

    made_by: PersonalityDraft.Maker
    traits: Sequence[Trait]
    summary: str = ""
    dropped: int = 0

    def store(self, creator: Creator) -> PersonalityDraft:
        """Keep it as a proposal."""
        lists = {part: [trait.trait for trait in self.traits if trait.part == part] for part in TRAIT_LISTS}
        examples = [asdict(trait) for trait in self.traits]
        return PersonalityDraft.objects.create(
            creator=creator, made_by=self.made_by, summary=self.summary, examples=examples, **lists
        )


Span = tuple[int, int]
MASK = "ꟿ"
"""A letter of a few Latin inscriptions: a run of it parts the words on its two sides."""
BATCH = 1_000
OTHERS = 6_000
"""Chunks of others that are read at most, taken evenly: what is usual is known long before a million are read."""


@dataclass(frozen=True, slots=True)
class SpokenChunk:
    """A chunk of a work, with the creator's sentences; the one that the chunk before ends with is left out.

    ``text`` has the length of the chunk's; what others say in it is masked.
    """

    work: int
    slug: str
    title: str
    text: str
    marks: tuple[Mark, ...]
    sentences: tuple[Span, ...]

    def seconds(self, offset: int) -> float | None:
        """Return the second of a character, None without times."""
        return seconds_at(self.marks, offset, len(self.text))


def utterances_by(creator: Creator) -> Iterator[SpokenChunk]:
    """Yield what a creator said or wrote in works that aren't withdrawn, one work in memory at a time.

    Where speakers are named and the creator is one of them, what the others say is masked.
    """
    names = {folded(name) for name in (creator.name, *creator.aliases)}
    works = Work.objects.filter(creator=creator, is_withdrawn=False).order_by("pk")
    for pk, slug, title in works.values_list("pk", "slug", "title"):
        chunks = list(
            Chunk.objects.filter(work_id=pk, is_hidden=False).only("text", "marks", "changes").order_by("position")
        )
        speakers = {mark.speaker for chunk in chunks for mark in chunk.timing if mark.speaker}
        named = {speaker for speaker in speakers if folded(speaker) in names}
        # Whom a curator named is a guest, even where the creator goes by no name.
        own = named or speakers - {name for chunk in chunks for name in chunk.revision.speakers.values()}
        before = ""
        for chunk in chunks:
            spans = own_spans(chunk.text, chunk.timing, own=own)
            texts = [chunk.text[slice(*span)] for span in spans]
            fresh = spans[1:] if texts and texts[0] == before else spans
            before = texts[-1] if texts else ""
            yield SpokenChunk(pk, slug, title, masked(chunk.text, spans), chunk.timing, tuple(fresh))


def own_spans(text: str, marks: Sequence[Mark], *, own: Container[str]) -> list[Span]:
    """Return the sentences of these speakers, and those of nobody named, without the names before them."""
    spans = []
    for start, end in chunk_spans(text, marks):
        at = bisect_right(marks, start, key=lambda mark: mark.offset) - 1
        speaker = marks[at].speaker if at >= 0 else ""
        if not speaker or speaker in own:
            spans.append((start, end))
    return spans


def masked(text: str, spans: Iterable[Span]) -> str:
    """Return the text with all that stands in none of the spans made a word that nobody says, offsets unchanged."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [_covered(text[last:start]), text[start:end]]
        last = end
    return "".join([*pieces, _covered(text[last:])])


def _covered(text: str) -> str:
    return text if text.isspace() else MASK * len(text)


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
