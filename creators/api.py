"""The HTTP API of the corpus: who can be asked, and their works."""

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import BeforeValidator, Field

from chrysopedia.core.conditional import same_for_all
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import not_found
from chrysopedia.core.links import web_address
from chrysopedia.core.text import Text
from creators.models import Creator, Work

router = Router(tags=["creators"])
_Row = TypeVar("_Row", bound=Model)

PAGE = 100
MOST = 500
"""Rows on a page of a list, unless the caller wants another number, and at most."""
FURTHEST = 10_000_000


def _iso_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("must be a day such as 2025-03-14")
    return value


Day = Annotated[date | None, BeforeValidator(_iso_day)]


class DomainOut(Schema):
    """A field that creators share."""

    slug: str
    name: str


class CreatorOut(Schema):
    """A creator in a list; ``works`` counts the published ones."""

    slug: str
    name: str
    aliases: list[str]
    summary: str
    domains: list[DomainOut]
    works: int


class WorkOut(Schema):
    """A work of a creator; ``page`` is its transcript here, ``url`` its own address or "", ``published`` an ISO day."""

    slug: str
    title: str
    kind: str
    url: str
    page: str
    published: str | None
    language: str


class ListedWork(WorkOut):
    """A work in a list of its own; ``seconds`` is how long it lasts, null in a text without times."""

    creator: str
    creator_slug: str
    seconds: float | None
    updated: Annotated[str, Field(description="When its text or what is known of it last changed here.")]


class CreatorDetail(CreatorOut):
    """A creator with links, as a curator typed them, and published works."""

    links: list[Any]
    catalogue: list[WorkOut]


class CreatorsQuery(Schema):
    """Which creators, and in which order."""

    q: Annotated[Text, Field(max_length=200, description="Words that stand in the name or the summary.")] = ""
    domain: Annotated[Text, Field(max_length=60, description="The slug of a field that they work in.")] = ""
    sort: Annotated[Literal["name", "-name", "works", "-works"], Field(description="A minus turns it round.")] = "name"
    limit: Annotated[int | None, Field(ge=1, le=MOST, description="All of them where it is left out.")] = None
    offset: Annotated[int, Field(ge=0, le=FURTHEST)] = 0


class WorksQuery(Schema):
    """Which works, and in which order; those that lack what they are put in order by come last."""

    q: Annotated[Text, Field(max_length=200, description="Words that stand in the title.")] = ""
    creator: Annotated[Text, Field(max_length=200, description="Slug, name or alias.")] = ""
    domain: Annotated[Text, Field(max_length=60, description="The slug of a field that their creator works in.")] = ""
    kind: Literal["video", "audio", "article", "text"] | None = None
    language: Annotated[Text, Field(max_length=12, description="A code such as en, which also finds en-GB.")] = ""
    since: Annotated[Day, Field(description="The first day on which they may have come out.")] = None
    until: Annotated[Day, Field(description="The last day on which they may have come out.")] = None
    sort: Annotated[
        Literal["published", "-published", "title", "-title", "seconds", "-seconds", "updated", "-updated"],
        Field(description="A minus turns it round."),
    ] = "-published"
    limit: Annotated[int, Field(ge=1, le=MOST)] = PAGE
    offset: Annotated[int, Field(ge=0, le=FURTHEST)] = 0


@router.get("/creators", response=list[CreatorOut], summary="List creators")
@decorate_view(same_for_all())
async def list_creators(request: HttpRequest, response: HttpResponse, query: Query[CreatorsQuery]) -> list[CreatorOut]:
    """Return the creators who can be asked, by name unless `sort` says otherwise.

    The header `X-Total-Count` says how many there are, and `Link` names the pages beside this one.
    """
    rows, count = await in_one_hop(_creators, query)
    _add_pages(request, response, count=count, limit=query.limit or max(count, 1), offset=query.offset)
    return rows


@router.get("/creators/{slug}", response=CreatorDetail, summary="Read a creator")
@decorate_view(same_for_all())
async def read_creator(request: HttpRequest, slug: str) -> CreatorDetail:
    """Return one creator, by slug, name or alias, with links and works."""
    return await in_one_hop(_creator, slug)


@router.get("/works", response=list[ListedWork], summary="List works")
@decorate_view(same_for_all())
async def list_works(request: HttpRequest, response: HttpResponse, query: Query[WorksQuery]) -> list[ListedWork]:
    """Return the works that can be read, the newest first unless `sort` says otherwise.

    The header `X-Total-Count` says how many there are, and `Link` names the pages beside this one. 404 for a creator
    who is not there.
    """
    rows, count = await in_one_hop(_works, query)
    _add_pages(request, response, count=count, limit=query.limit, offset=query.offset)
    return rows


def _add_pages(request: HttpRequest, response: HttpResponse, *, count: int, limit: int, offset: int) -> None:
    """Say in the headers how many rows there are, and where the next and the previous of them are (RFC 8288)."""
    response.headers["X-Total-Count"] = str(count)
    beside = {}
    if offset + limit < count:
        beside["next"] = offset + limit
    if offset > 0:
        beside["prev"] = max(0, offset - limit)
    others = [(name, value) for name, value in request.GET.items() if name not in {"limit", "offset"}]
    links = (
        f'<{request.path}?{urlencode([*others, ("limit", limit), ("offset", start)])}>; rel="{name}"'
        for name, start in beside.items()
    )
    if beside:
        response.headers["Link"] = ", ".join(links)


def _page(rows: QuerySet[_Row], *, limit: int | None, offset: int) -> tuple[list[_Row], int]:
    """Return the rows of a page, and how many there are on all pages."""
    return list(rows[offset : None if limit is None else offset + limit]), rows.count()


def _creators(query: CreatorsQuery) -> tuple[list[CreatorOut], int]:
    rows = Creator.objects.published().with_work_counts().prefetch_related("domains")
    for word in query.q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(summary__icontains=word))
    if query.domain:
        rows = rows.filter(pk__in=Creator.objects.filter(domains__slug=query.domain).values("pk"))
    found, count = _page(rows.in_order_of(query.sort), limit=query.limit, offset=query.offset)
    return [CreatorOut(**_listed_members(creator)) for creator in found], count


def _creator(slug: str) -> CreatorDetail:
    rows = Creator.objects.published().with_work_counts().prefetch_related("domains")
    creator = rows.named(slug)
    if creator is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    works = [WorkOut(**_work_members(work)) for work in creator.works.published()]
    return CreatorDetail(**_listed_members(creator), links=creator.links, catalogue=works)


def _works(query: WorksQuery) -> tuple[list[ListedWork], int]:
    works = Work.objects.published().with_lengths().select_related("creator")
    if query.creator:
        asked = Creator.objects.published().named(query.creator)
        if asked is None:
            raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
        works = works.filter(creator=asked)
    if query.domain:
        works = works.filter(creator__in=Creator.objects.filter(domains__slug=query.domain).values("pk"))
    if query.kind:
        works = works.filter(kind=query.kind)
    if query.language:
        works = works.filter(Q(language__iexact=query.language) | Q(language__istartswith=f"{query.language}-"))
    rows = works.named_in(query.q).within(query.since, query.until).in_order_of(query.sort)
    found, count = _page(rows, limit=query.limit, offset=query.offset)
    return [_listed_work(work) for work in found], count


def _listed_work(work: Work) -> ListedWork:
    return ListedWork(
        **_work_members(work),
        creator=work.creator.name,
        creator_slug=work.creator.slug,
        seconds=getattr(work, "seconds", None),
        updated=work.updated.isoformat(),
    )


def _work_members(work: Work) -> dict[str, Any]:
    return {
        "slug": work.slug,
        "title": work.title,
        "kind": work.kind,
        "url": web_address(work.url),
        "page": f"/w/{work.slug}",
        "published": work.published.isoformat() if work.published else None,
        "language": work.language,
    }


def _listed_members(creator: Creator) -> dict[str, Any]:
    return {
        "slug": creator.slug,
        "name": creator.name,
        "aliases": creator.aliases,
        "summary": creator.summary,
        "domains": [DomainOut(slug=domain.slug, name=domain.name) for domain in creator.domains.all()],
        "works": getattr(creator, "work_count", 0),
    }
