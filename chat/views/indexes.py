"""What readers who are programs find the pages by: robots.txt, llms.txt, the sitemap, and a feed for each creator."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from textwrap import shorten
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sites.requests import RequestSite
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from chat.conversations.sharing import site_url
from chat.rendering.markdown import escape_markdown
from chat.views.former import following
from chrysopedia.core.conditional import same_for_all
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.text import without_unseen
from creators.models import Chunk, Creator, Work

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /chat/
Disallow: /v1/
Disallow: /mcp
Disallow: /api/v1/chat
Disallow: /api/v1/search
Disallow: /api/v1/conversations

Sitemap: {site}/sitemap.xml
"""
"""Shared conversations are not named: whoever is given a link may show what it leads to, and each says noindex."""


@require_safe
@same_for_all()
async def robots(request: HttpRequest) -> HttpResponse:
    """Return where crawlers should not go, and where the sitemap is."""
    return _text(ROBOTS.format(site=site_url(request)))


CREATORS_LISTED = 200
WORKS_LISTED = 200
"""Creators and works in llms.txt; the API lists all."""
LLMS = """\
# Chrysopedia

> Ask what creators have said in hours of recordings and pages of text. Answers are short, and every claim carries a
> number that opens the sentence it rests on.

Quote a creator by the page of the work: `{site}/w/{{work}}?at={{second}}` opens a recording at a second.

## Ask

- [API]({site}/api/v1/docs): questions, search, creators and works; no key is needed unless the site wants one
- [OpenAPI document]({site}/api/v1/openapi.json): the same for programs
- [Search]({site}/api/v1/search?q=): passages that answer a question, without a language model
- [Model Context Protocol]({site}/mcp): tools to ask, search, list and read
- [OpenAI's protocol]({site}/v1/models): creators as models

## Creators

{creators}

## Works

{works}

## Optional

- [Sitemap]({site}/sitemap.xml): every page
"""


@require_safe
@same_for_all()
async def llms(request: HttpRequest) -> HttpResponse:
    """Return what is here, in Markdown, for language models and whoever writes programs with them."""
    return await in_one_hop(_llms, site_url(request))


def _llms(site: str) -> HttpResponse:
    creators = Creator.objects.published().with_works()[:CREATORS_LISTED]
    works = Work.objects.published().select_related("creator").newest_first()[:WORKS_LISTED]
    people = (
        _item(one.name, f"{site}{reverse('work-list', args=[one.slug])}", one.summary or "works") for one in creators
    )
    shelf = (_item(one.title, f"{site}{reverse('work-detail', args=[one.slug])}", _facts(one)) for one in works)
    return _text(LLMS.format(site=site, creators="\n".join(people), works="\n".join(shelf)))


def _facts(work: Work) -> str:
    return ", ".join(filter(None, (work.creator.name, work.kind, work.published.isoformat() if work.published else "")))


def _item(name: str, url: str, note: str) -> str:
    return f"- [{escape_markdown(name)}]({url}): {escape_markdown(note)}"


def _text(text: str) -> HttpResponse:
    return HttpResponse(without_unseen(text), content_type="text/plain; charset=utf-8")


PAGES = 2000
"""Pages in one sitemap. The protocol allows 50,000, but ten thousand take a second, in which others wait."""


class SitePages(Sitemap[str]):
    """The home of everyone."""

    def items(self) -> Sequence[str]:
        """Return the names of the addresses."""
        return ["home"]

    def location(self, item: str) -> str:
        """Return the path of a page."""
        return reverse(item)


class CreatorPages(Sitemap[Any]):
    """The homes of creators."""

    limit = PAGES

    def items(self) -> Any:
        """Return their slugs."""
        return Creator.objects.published().order_by("pk").values_list("slug", flat=True)

    def location(self, item: str) -> str:
        """Return the path of a page."""
        return reverse("creator-detail", args=[item])


class WorkPages(Sitemap[Any]):
    """The transcripts of works."""

    limit = PAGES

    def items(self) -> Any:
        """Return the slug of each, and when it last changed here."""
        return Work.objects.published().order_by("pk").values_list("slug", "updated")

    def location(self, item: tuple[str, datetime]) -> str:
        """Return the path of a page."""
        return reverse("work-detail", args=[item[0]])

    def lastmod(self, item: tuple[str, datetime]) -> datetime:
        """Return when a page last changed."""
        return item[1]


SECTIONS: Mapping[str, type[Sitemap[Any]]] = {"site": SitePages, "creators": CreatorPages, "works": WorkPages}


@require_safe
async def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page that anybody may read; where they are many, the sitemaps that do."""
    return await in_one_hop(_sitemap, request)


@require_safe
async def sitemap_page(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """List the pages of one section, two thousand at a time."""
    return await in_one_hop(_sitemap_page, request, section, number)


@gzip_page  # it holds nothing secret
@same_for_all(is_compressed=True)
def _sitemap(request: HttpRequest) -> HttpResponse:
    pages = {section: kind().paginator.num_pages for section, kind in SECTIONS.items()}
    if all(number == 1 for number in pages.values()):
        return _written(request, [url for section in SECTIONS for url in _urls(request, section, 1)])
    places = [
        {"location": site_url(request) + reverse("sitemap-page", args=[section, number])}
        for section, last in pages.items()
        for number in range(1, last + 1)
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": places}, content_type="application/xml")


@gzip_page
@same_for_all(is_compressed=True)
def _sitemap_page(request: HttpRequest, section: str, number: int) -> HttpResponse:
    return _written(request, _urls(request, section, number))


def _urls(request: HttpRequest, section: str, number: int) -> list[dict[str, Any]]:
    """Return the pages of a part of the sitemap; raises ``Http404`` where there is none."""
    kind = SECTIONS.get(section)
    if kind is None:
        raise Http404
    site = RequestSite(request)
    protocol, _, site.domain = site_url(request).partition("://")
    try:
        return kind().get_urls(page=number, site=site, protocol=protocol)
    except InvalidPage:
        raise Http404 from None


def _written(request: HttpRequest, urls: Iterable[Mapping[str, Any]]) -> HttpResponse:
    return render(request, "sitemap.xml", {"urlset": urls}, content_type="application/xml")


FEED_LENGTH = 100
SUMMARY = 300
"""Works in a feed, and characters of what each begins with."""
NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without works was last updated, so that it stays the same until there is one."""


class Atom(Atom1Feed):
    """Atom as Django writes it, but that a feed without entries stays the same."""

    def latest_post_date(self) -> datetime:
        """Return when the newest entry was updated."""
        return super().latest_post_date() if self.items else NOTHING_YET


@following("creator-feed")
@require_safe
async def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the newest works of a creator as an Atom feed."""
    return await in_one_hop(_feed, request, slug)


@gzip_page  # it holds nothing secret
@same_for_all(is_compressed=True)
def _feed(request: HttpRequest, slug: str) -> HttpResponse:
    creator = Creator.objects.published().filter(slug=slug).first()
    if creator is None:
        raise Http404
    site = site_url(request)
    home = f"{site}{reverse('creator-detail', args=[slug])}"
    # Filtered before it is written: XML has no way to write control characters.
    name = without_unseen(creator.name)
    atom = Atom(
        title=f"{name} on Chrysopedia",
        link=home,
        description=None,
        subtitle=without_unseen(creator.summary) or None,
        feed_url=f"{site}{reverse('creator-feed', args=[slug])}",
        author_name=name,
        author_link=home,
    )
    works = list(Work.objects.published().filter(creator=creator).newest_first()[:FEED_LENGTH])
    openings = Chunk.objects.openings([work.pk for work in works])
    for work in works:
        _add_entry(atom, work, opening=openings.get(work.pk, ""), site=site)
    return HttpResponse(atom.writeString("utf-8"), content_type=Atom.content_type)


def _add_entry(atom: Atom, work: Work, *, opening: str, site: str) -> None:
    link = f"{site}{reverse('work-detail', args=[work.slug])}"
    summary = shorten(without_unseen(opening), SUMMARY, placeholder="…")
    atom.add_item(
        title=without_unseen(work.title),
        link=link,
        description=escape(summary),  # Django says of it that it is HTML
        unique_id=link,
        pubdate=datetime.combine(work.published, time(), UTC) if work.published else None,
        updateddate=work.updated,
        categories=[work.kind],
    )
