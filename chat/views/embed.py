"""A creator's chat for a frame on another site, the script that puts it there, and a page that shows how.

Nothing here touches a session or a CSRF token, so that no cookie is set: templates are rendered without the request.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from chat.catalogue.people import Home, Person, home_of
from chat.views.former import following
from chat.views.home import QuestionForm, composer_context
from chrysopedia.core.conditional import same_for_all
from chrysopedia.core.database import in_one_hop
from creators.models import Creator

THEMES = frozenset({"light", "dark"})
POLICY = "Content-Security-Policy"
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a frame shows: a creator, questions they can answer, and the origins that may show it."""

    home: Home
    person: Person
    origins: tuple[str, ...]


@following("embed-frame")
@require_safe
@xframe_options_exempt
@same_for_all(is_compressed=True)
async def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a creator's chat; ``?theme=dark`` or ``light`` takes the place of what the reader's system prefers."""
    shown = await _embedded(slug)
    theme = request.GET.get("theme", "")
    context = {
        **composer_context(shown.home, QuestionForm(initial={"creator": slug})),
        "theme": theme if theme in THEMES else "",
    }
    response = HttpResponse(render_to_string("chat/embed.html", context))
    # The directives not named here are filled in by the middleware.
    response.headers[POLICY] = " ".join(("frame-ancestors", "'self'", *shown.origins))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=MINUTE)
    return response


@following("embed-example")
@require_safe
@same_for_all(is_compressed=True)
async def example(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page as another site might have it, with the chat in it and the line that put it there."""
    shown = await _embedded(slug)
    address = settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
    context = {"person": shown.person, "origins": shown.origins, "address": address}
    response = HttpResponse(render_to_string("chat/embed_example.html", context))
    response.headers[POLICY] = "frame-src 'self'"
    patch_cache_control(response, public=True, max_age=MINUTE)
    return response


@require_safe
@same_for_all(is_compressed=True)
async def loader(request: HttpRequest) -> HttpResponse:
    """Return the script for other sites, under an address that stays; browsers ask for it again after ten minutes."""
    response = HttpResponse(_read_script() if settings.DEBUG else _cached_script(), content_type="text/javascript")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=10 * MINUTE)
    return response


async def _embedded(slug: str) -> Embedded:
    found = await in_one_hop(_load, slug)
    if found is None:
        raise Http404
    return found


def _load(slug: str) -> Embedded | None:
    """Return what a frame shows, None where no such creator is published; for one hop."""
    home = home_of(slug)
    if home is None or home.chosen is None:
        return None
    origins = Creator.objects.filter(slug=slug).values_list("embed_origins", flat=True).first()
    return Embedded(replace(home, people=(home.chosen,)), home.chosen, tuple(origins or ()))


def _read_script() -> bytes:
    path = finders.find("chrysopedia/embed.js")
    if path is None:
        raise FileNotFoundError("static/chrysopedia/embed.js is missing")
    return Path(path).read_bytes()


@lru_cache(maxsize=1)
def _cached_script() -> bytes:
    return _read_script()
