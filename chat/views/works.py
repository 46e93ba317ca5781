"""Pages about works: a creator's list, and one work with its transcript; and the creator's picture."""

import re
from http import HTTPStatus

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from chat.catalogue import demo_sound
from chat.catalogue.linked_data import json_ld, work_node
from chat.catalogue.people import catalogue_of
from chat.catalogue.questions import is_invented
from chat.catalogue.transcript import Transcript, transcript_of
from chat.conversations.sharing import site_url
from chat.events.messages import MESSAGES, PLAYER_MESSAGES
from chat.views.former import following
from chat.views.previews import opening_of, work_preview
from chrysopedia.core.conditional import same_for_all
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.links import early, web_address
from creators.models import Creator, Picture

YEAR = 365 * 24 * 3600
MINUTES = 5 * 60
"""Seconds that a picture may be kept, under its digest and without."""
WORKS_PER_PAGE = 100


@following("creator-picture")
@require_safe
@same_for_all()
async def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the picture of a published creator; under its own digest (``?v=``) it may be kept for good."""
    found = await in_one_hop(Picture.objects.published().filter(creator__slug=slug).first)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="image/webp")
    if request.GET.get("v") == found.digest:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=MINUTES)
    return response


@following("work-list")
@require_safe
@same_for_all(is_compressed=True)
async def works(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all works of a creator, newest first; ``?page=2`` goes on."""
    return await in_one_hop(_works, request, slug)


def _works(request: HttpRequest, slug: str) -> HttpResponse:
    creator = Creator.objects.published().filter(slug=slug).first()
    if creator is None:
        raise Http404
    try:
        catalogue = catalogue_of(slug, number=request.GET.get("page", "1"), size=WORKS_PER_PAGE)
    except InvalidPage:
        raise Http404 from None
    return render(request, "chat/creator/all.html", {"creator": creator, "catalogue": catalogue})


EDGES = 2
"""The first and the last words of a quote, by which a long one is found."""
LATEST = 1e9
"""Seconds that no recording reaches."""
CHAPTERS_OPEN = 8
"""Up to so many chapters are shown from the beginning on a narrow page."""


@require_safe
async def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that was said in a work; ``?at=72.5&say=Cut+first.#cited`` leads to that sentence, marked.

    ``say`` twice names the first and the last words of a long one. ``?at=72.5`` alone leads to that second.
    """
    # A long transcript takes a while to write down as well, which no other reader should wait for.
    return await in_one_hop(_work, request, slug)


@gzip_page  # it holds nothing secret
@same_for_all(is_compressed=True)
def _work(request: HttpRequest, slug: str) -> HttpResponse:
    found = transcript_of(slug)
    if found is None:
        raise Http404
    said = request.GET.getlist("say")[:EDGES]
    seconds = _seconds(request.GET.get("at", ""))
    if seconds is not None and not said:
        anchor = found.anchor_at(seconds)
        return HttpResponseRedirect(f"{request.path}#{anchor}" if anchor else request.path)
    spans = found.find_quote(said, at=seconds)
    shown = found.marked(spans or (found.spans_at(seconds) if seconds is not None else ()))
    opened = seconds if seconds is not None else next((found.blocks[span.block].start for span in spans), None)
    has_sound = slug == demo_sound.WORK and is_invented(found.work.creator.slug)
    context = {
        "transcript": shown,
        "work": found.work,
        "original": web_address(found.work.url) or (reverse("work-sound", args=[slug]) if has_sound else ""),
        "has_sound": has_sound,
        "opened": "" if opened is None else early(opened),
        "missing": said and not spans,
        "is_marked": any(paragraph.is_cited for paragraph in shown.paragraphs),
        "chapters_open": len(shown.chapters) <= CHAPTERS_OPEN,
        "words": MESSAGES,
        "script_words": PLAYER_MESSAGES,
        **_preview(found, site=site_url(request)),
    }
    return render(request, "chat/work.html", context)


def _preview(found: Transcript, *, site: str) -> dict[str, object]:
    """Return what other sites and programs are told of a work."""
    preview = work_preview(found.work, opening=opening_of(found), site=site)
    node = work_node(found, site=site, picture=preview.picture, description=preview.description)
    return {"preview": preview, "linked_data": json_ld(node)}


_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")


@require_safe
async def sound(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the sound of the one demo work that has some, or the part of it that a player asks for."""
    return await in_one_hop(_sound, request, slug)


def _sound(request: HttpRequest, slug: str) -> HttpResponse:
    found = transcript_of(slug) if slug == demo_sound.WORK else None
    if found is None or not is_invented(found.work.creator.slug):
        raise Http404
    content = demo_sound.spoken_tones(tuple(demo_sound.utterances_of(found.blocks)))
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2] or len(content)) if asked else len(content), len(content) - 1)
    if first > last:
        headers = {"Content-Range": f"bytes */{len(content)}"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    response = HttpResponse(content[first : last + 1], content_type="audio/wav")
    response.headers["Accept-Ranges"] = "bytes"
    patch_cache_control(response, public=True, max_age=MINUTES)
    if asked:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _seconds(text: str) -> float | None:
    """Return the seconds that an address names, or None where it names none that can be."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < LATEST else None  # also refuses nan
