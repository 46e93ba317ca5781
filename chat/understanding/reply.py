"""A reply that no language model writes and no search finds: its text, and rows with their receipts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chat.events.events import AnsweredBy, Citation, Source, Suggestion, Tier, Verdict
from chat.events.messages import clock, duration
from chat.grounding.quotes import quotable
from chat.retrieval.candidates import Scope, narrowest_tier
from chat.retrieval.passages import excerpt
from chrysopedia.core.links import link_to
from chrysopedia.core.text import without_unseen, written_day
from creators.models import Chunk, Work


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is known before anything is searched."""

    text: str
    answered_by: AnsweredBy
    tier: Tier
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a reply that rests on a work; ``quote`` are its words that show it, "" where the work itself does."""

    words: str
    work: Work
    quote: str = ""
    seconds: float | None = None
    is_item: bool = True


@dataclass(slots=True)
class ReplyWriter:
    """Writes a reply of sentences and rows, numbering works as they come."""

    scopes: tuple[Scope, ...]
    """Those of whoever is asked, from which the tier of each work follows."""
    _text: str = ""
    _is_list: bool = False
    _works: dict[int, tuple[int, Row]] = field(default_factory=dict)
    _cited: list[tuple[int, int, int, Row]] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a paragraph."""
        self._text += f"\n\n{sentence}" if self._text else sentence
        self._is_list = False

    def add(self, *rows: Row) -> None:
        """Add rows, each with the marker of its work."""
        for row in rows:
            if self._text:
                self._text += "\n" if self._is_list and row.is_item else "\n\n"
            self._text += "- " if row.is_item else ""
            self._is_list = row.is_item
            number, _ = self._works.setdefault(row.work.pk, (len(self._works) + 1, row))
            start = len(self._text)
            self._text += f"{row.words} [{number}]" + ("" if row.is_item else ".")
            self._cited.append((number, start, len(self._text), row))

    def reply(self, *, suggestions: Sequence[Suggestion] = ()) -> Reply:
        """Return all that was written."""
        openings = Chunk.objects.openings(list(self._works))
        sources = tuple(
            self._source(number, row, openings.get(work, "")) for work, (number, row) in self._works.items()
        )
        return Reply(
            text=self._text,
            answered_by="catalogue",
            tier=max((source.tier for source in sources), key=list(Tier).index, default=self.scopes[0].tier),
            sources=sources,
            citations=tuple(_citation(*cited) for cited in self._cited),
            suggestions=tuple(suggestions),
        )

    def _source(self, number: int, row: Row, opening: str) -> Source:
        work = row.work
        return Source(
            number=number,
            title=without_unseen(work.title),
            creator=without_unseen(work.creator.name),
            creator_slug=work.creator.slug,
            work=work.slug,
            kind=work.kind,
            url=link_to(url=work.url, work=work.slug, seconds=row.seconds),
            start_seconds=row.seconds,
            end_seconds=None,
            tier=narrowest_tier(work.creator_id, self.scopes),
            relevance=1.0,
            excerpt=excerpt(row.quote or opening),
            published=work.published.isoformat() if work.published else "",
        )


def joined(first: Reply, second: Reply) -> Reply:
    """Return two replies as one, the works of the second numbered after those of the first, or as they are there."""
    known = {source.work: source.number for source in first.sources}
    new = [source for source in second.sources if source.work not in known]
    numbers = {source.number: known.get(source.work, 0) for source in second.sources}
    numbers |= {source.number: len(first.sources) + at for at, source in enumerate(new, 1)}
    text, begin = f"{first.text}\n\n", 0
    moved: list[Citation] = []
    for cited in sorted(second.citations, key=lambda one: one.start):
        marker = f"[{cited.number}]"
        at = second.text.index(marker, cited.start)
        text += second.text[begin : cited.start]
        start = len(text)
        number = numbers[cited.number]
        text += second.text[cited.start : at] + f"[{number}]" + second.text[at + len(marker) : cited.end]
        moved.append(replace(cited, number=number, start=start, end=len(text)))
        begin = cited.end
    sources = (*first.sources, *(replace(one, number=numbers[one.number]) for one in new))
    return replace(
        first,
        text=text + second.text[begin:],
        tier=max(first.tier, second.tier, key=list(Tier).index),
        sources=sources,
        citations=(*first.citations, *moved),
    )


def _citation(number: int, start: int, end: int, row: Row) -> Citation:
    work = row.work
    return Citation(
        number=number,
        claim=row.words,
        start=start,
        end=end,
        quote=without_unseen(row.quote),
        start_seconds=row.seconds,
        end_seconds=None,
        url=link_to(url=work.url, work=work.slug, seconds=row.seconds, quote=row.quote),
        verdict=Verdict.SUPPORTED,
    )


def harmless(text: str) -> str:
    """Return words of the corpus or of a reader as they may stand in an answer: they begin no marker and no code."""
    return quotable(without_unseen(text)).replace("`", "'").replace("~", "-")


def title_of(work: Work) -> str:
    """Return a work's title in quotation marks, as it may stand in an answer."""
    return f"“{harmless(work.title)}”"


def described(work: Work, *, with_creator: bool = False, is_exact: bool = False) -> str:
    """Return a work's title and what the catalogue knows of it: ``“Title” (video, 3 May 2025, 12 min)``.

    ``is_exact`` gives its length to the second.
    """
    seconds: float | None = getattr(work, "seconds", None)
    known = [
        harmless(work.creator.name) if with_creator else "",
        work.get_kind_display().lower(),
        written_day(work.published) if work.published else "",
        (clock if is_exact else duration)(seconds) if seconds else "",
    ]
    return f"{title_of(work)} ({', '.join(filter(None, known))})"


def counted_over(works: int) -> str:
    """Return the sentence that says how many works were looked through."""
    return f"Counted over {works:,} {'work' if works == 1 else 'works'}."


def listed(names: Sequence[str]) -> str:
    """Return names as they are said: ``one``, ``one and two``, ``one, two and three``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
