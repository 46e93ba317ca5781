"""The HTTP API of the corpus: who can be asked, and their works."""

from typing import Any

from django.http import HttpRequest
from django.views.decorators.cache import cache_control
from ninja import Router, Schema
from ninja.decorators import decorate_view

from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import not_found
from chrysopedia.core.links import web_address
from creators.models import Creator

router = Router(tags=["creators"])
SAME_FOR_ALL = cache_control(no_cache=True)


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


class CreatorDetail(CreatorOut):
    """A creator with links, as a curator typed them, and published works."""

    links: list[Any]
    catalogue: list[WorkOut]


@router.get("/creators", response=list[CreatorOut], summary="List creators")
@decorate_view(SAME_FOR_ALL)
async def list_creators(request: HttpRequest) -> list[CreatorOut]:
    """Return all creators who can be asked, by name."""
    return await in_one_hop(_creators)


@router.get("/creators/{slug}", response=CreatorDetail, summary="Read a creator")
@decorate_view(SAME_FOR_ALL)
async def read_creator(request: HttpRequest, slug: str) -> CreatorDetail:
    """Return one creator, by slug, name or alias, with links and works."""
    return await in_one_hop(_creator, slug)


def _creators() -> list[CreatorOut]:
    rows = Creator.objects.published().with_work_counts().prefetch_related("domains")
    return [CreatorOut(**_listed_members(creator)) for creator in rows]


def _creator(slug: str) -> CreatorDetail:
    rows = Creator.objects.published().with_work_counts().prefetch_related("domains")
    creator = rows.named(slug)
    if creator is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    works = [
        WorkOut(
            slug=work.slug,
            title=work.title,
            kind=work.kind,
            url=web_address(work.url),
            page=f"/w/{work.slug}",
            published=work.published.isoformat() if work.published else None,
            language=work.language,
        )
        for work in creator.works.published()
    ]
    return CreatorDetail(**_listed_members(creator), links=creator.links, catalogue=works)


def _listed_members(creator: Creator) -> dict[str, Any]:
    return {
        "slug": creator.slug,
        "name": creator.name,
        "aliases": creator.aliases,
        "summary": creator.summary,
        "domains": [DomainOut(slug=domain.slug, name=domain.name) for domain in creator.domains.all()],
        "works": getattr(creator, "work_count", 0),
    }
