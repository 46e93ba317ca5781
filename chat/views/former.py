"""Old addresses of creators who were merged into others: they lead to those."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from chrysopedia.core.database import in_one_hop
from creators.models import Creator

View = Callable[..., Coroutine[Any, Any, HttpResponse]]
KEPT = 3600
"""Seconds that a browser keeps where it was led to: somebody new may have the address one day."""


def following(name: str) -> Callable[[View], View]:
    """Have a page of a creator by ``slug``, where it isn't there, lead to that of whom they were merged into.

    ``name`` is that of the page's address.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        async def page(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                return await view(request, slug)
            except Http404:
                if request.method not in {"GET", "HEAD"}:
                    raise
                found = await in_one_hop(Creator.objects.published().filter(former_slugs__slug=slug).first)
                if found is None:
                    raise
                return _leading_to(request, reverse(name, args=[found.slug]))

        return page

    return decorate


def _leading_to(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    patch_cache_control(answer, public=True, max_age=KEPT)
    return answer
