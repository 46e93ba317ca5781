"""The works of a creator as a list: newest first, the year where it changes, and how much there is in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Sum

from chat.events.messages import counted, lasting
from chrysopedia.core.text import without_unseen
from creators.models import Work
from creators.models.work import WorkQuerySet

FIRST_SHOWN = 12
PAGE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A work in a list; ``year`` stands only where it changes, ``length`` only where the work has times."""

    slug: str
    title: str
    kind: str
    published: date | None
    length: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A part of a creator's works.

    ``extent`` is what all of them come to: ``5 works · 3 h 41 min of recordings · 2024 to 2025``.
    """

    works: tuple[Listed, ...]
    count: int
    extent: str
    page: int = 1

    @property
    def pages(self) -> int:
        """On how many pages all works stand."""
        return max(-(-self.count // PAGE), 1)

    @property
    def others(self) -> int:
        """How many works the part leaves out."""
        return self.count - len(self.works)


def first_works(slug: str) -> Catalogue:
    """Return the newest works of a creator."""
    return _catalogue(slug, start=0, stop=FIRST_SHOWN, page=1)


def works_on(slug: str, *, page: int) -> Catalogue:
    """Return one page of all works of a creator, counted from 1; without works where there is no such page."""
    return _catalogue(slug, start=(page - 1) * PAGE, stop=page * PAGE, page=page)


def _catalogue(slug: str, *, start: int, stop: int, page: int) -> Catalogue:
    works = Work.objects.published().filter(creator__slug=slug).with_lengths()
    count, extent = _extent(works)
    newest = works.newest_first()[start:stop]
    return Catalogue(works=tuple(_listed(newest)), count=count, extent=extent, page=page)


def _listed(works: Iterable[Work]) -> Iterable[Listed]:
    before = None
    for work in works:
        year = str(work.published.year) if work.published else "Undated"
        seconds = getattr(work, "seconds", None)
        yield Listed(
            slug=work.slug,
            title=without_unseen(work.title),
            kind=work.kind,
            published=work.published,
            length=lasting(seconds) if seconds else "",
            year=year if year != before else "",
        )
        before = year


def _extent(works: WorkQuerySet) -> tuple[int, str]:
    total = works.aggregate(count=Count("pk"), time=Sum("seconds"), first=Min("published"), last=Max("published"))
    if not total["count"]:
        return 0, ""
    years = dict.fromkeys(day.year for day in (total["first"], total["last"]) if day)
    recorded = f"{lasting(total['time'])} of recordings" if total["time"] else ""
    facts = (counted(total["count"], "work"), recorded, " to ".join(map(str, years)))
    return total["count"], " · ".join(fact for fact in facts if fact)
