"""Conditional requests: what is the same for everybody has an ETag, and whoever has it already gets 304."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

PERSONAL = "private, no-store"
"""The Cache-Control of whatever doesn't say that it is the same for everybody: so nothing personal is forgotten."""
REVALIDATED = "no-cache"
"""The Cache-Control of what may be kept and is asked about before each use, unless the view gives another."""


def same_for_all(*, is_compressed: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give what a view returns, be it async or not, an ETag of its body, and answer ``If-None-Match`` with 304.

    ``is_compressed`` is for what may be compressed after it: Django then makes the ETag a weak one, and the 304, which
    is too short to be compressed, has to name the same ``Vary``.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(view):

            @wraps(view)
            async def in_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                return _conditional(request, await view(request, *args, **kwargs), is_compressed=is_compressed)

            return in_async

        @wraps(view)
        def in_sync(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _conditional(request, view(request, *args, **kwargs), is_compressed=is_compressed)

        return in_sync

    return decorate


def _conditional(request: HttpRequest, response: HttpResponseBase, *, is_compressed: bool) -> HttpResponseBase:
    if response.status_code < 400:
        response.headers.setdefault("Cache-Control", REVALIDATED)
    is_kept = response.headers.get("Cache-Control") != PERSONAL
    if not isinstance(response, HttpResponse) or response.status_code != 200 or not is_kept:
        return response
    if is_compressed:
        patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["ETag"] = etag = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
    return get_conditional_response(request, etag=etag, response=response) or response
