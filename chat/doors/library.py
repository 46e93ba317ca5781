"""What agents read in beside asking: creators, works and passages, of the corpus or of the sandbox."""

from typing import Any, Protocol

from chat.events.turn import Terms
from chat.turns.sandbox_works import CREATOR, NAME, SUMMARY, WORKS, SandboxWork, require_known, work_named
from chrysopedia.core.errors import not_found
from chrysopedia.core.links import link_to
from chrysopedia.core.text import without_unseen
from creators.models import Chunk, Creator, Work

PAGE = 100
"""Works in one reply."""
Row = dict[str, Any]


class Library(Protocol):
    """What can be read; all of it is synchronous, for a hop."""

    def creators(self) -> list[Row]:
        """Return who can be asked."""

    def works_after(self, offset: int, creator: str = "") -> tuple[list[Row], bool]:
        """Return ``PAGE`` works after the first ``offset``, newest first, and whether there are more.

        Raises ``Problem`` 404 for an unknown creator.
        """

    def passage(self, slug: str, seconds: float | None) -> Row:
        """Return the passage of a work at a second, or its first; raises ``Problem`` 404."""

    def transcript(self, slug: str) -> str:
        """Return all that a work says; raises ``Problem`` 404."""


class Corpus:
    """The works that are published."""

    def creators(self) -> list[Row]:
        """Return who can be asked."""
        rows = Creator.objects.published().with_work_counts()
        return [
            {"slug": one.slug, "name": one.name, "summary": one.summary, "works": getattr(one, "work_count", 0)}
            for one in rows
        ]

    def works_after(self, offset: int, creator: str = "") -> tuple[list[Row], bool]:
        """Return a page of works; raises ``Problem`` 404."""
        works = Work.objects.published().select_related("creator").newest_first()
        if creator:
            asked = Creator.objects.published().named(creator)
            if asked is None:
                raise not_found("creator", hint="list_creators names those there are.")
            works = works.filter(creator=asked)
        rows = list(works[offset : offset + PAGE + 1])
        return [_listed(work) for work in rows[:PAGE]], len(rows) > PAGE

    def passage(self, slug: str, seconds: float | None) -> Row:
        """Return a passage; raises ``Problem`` 404."""
        chunks = Chunk.objects.visible().filter(work__slug=slug).select_related("work__creator").order_by("position")
        before = chunks.filter(start_seconds__lte=seconds).last() if seconds is not None else None
        chunk = before or chunks.first()
        if chunk is None:
            raise not_found("work", hint="list_works names those there are.")
        return {
            **_listed(chunk.work),
            "text": without_unseen(chunk.text),
            "start_seconds": chunk.start_seconds,
            "end_seconds": chunk.end_seconds,
            "url": link_to(url=chunk.work.url, work=slug, seconds=chunk.start_seconds, quote=chunk.text),
        }

    def transcript(self, slug: str) -> str:
        """Return all that a work says, chunk by chunk; raises ``Problem`` 404."""
        chunks = Chunk.objects.visible().filter(work__slug=slug).order_by("position").values_list("text", flat=True)
        if not chunks:
            raise not_found("work")
        return without_unseen("\n\n".join(chunks))


class Sandbox:
    """The two works of the sandbox; nothing of the corpus is read."""

    def creators(self) -> list[Row]:
        """Return the creator of the sandbox."""
        return [{"slug": CREATOR, "name": NAME, "summary": SUMMARY, "works": len(WORKS)}]

    def works_after(self, offset: int, creator: str = "") -> tuple[list[Row], bool]:
        """Return its works; raises ``Problem`` 404."""
        require_known(creator)
        return [_of_sandbox(work) for work in WORKS[offset:]], False

    def passage(self, slug: str, seconds: float | None) -> Row:
        """Return the one passage of a work; raises ``Problem`` 404."""
        work = work_named(slug)
        times = {"start_seconds": work.source.start_seconds, "end_seconds": work.source.end_seconds}
        return {**_of_sandbox(work), "text": work.text, **times}

    def transcript(self, slug: str) -> str:
        """Return all that a work says; raises ``Problem`` 404."""
        return work_named(slug).text


def library_for(terms: Terms) -> Library:
    """Return what is read on these terms."""
    return Sandbox() if terms.is_sandbox else Corpus()


def _listed(work: Work) -> Row:
    return {
        "slug": work.slug,
        "title": without_unseen(work.title),
        "creator": work.creator.name,
        "creator_slug": work.creator.slug,
        "kind": work.kind,
        "published": work.published.isoformat() if work.published else None,
        "url": f"/w/{work.slug}",
    }


def _of_sandbox(work: SandboxWork) -> Row:
    source = work.source
    return {
        "slug": work.slug,
        "title": work.title,
        "creator": source.creator,
        "creator_slug": source.creator_slug,
        "kind": source.kind,
        "published": source.published,
        "url": source.url,
    }
