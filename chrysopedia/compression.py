"""Pages go out compressed, and nothing else does here: files are compressed beforehand, streams never."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from django.utils.text import compress_string

KINDS = frozenset({"text/html", "text/javascript"})
FROM = 1000
"""Bytes; less than this fits into one packet anyway."""

PADDING = 100
"""Up to so many random bytes hide the exact length, from which a secret could otherwise be guessed (BREACH)."""


@sync_and_async_middleware
def compressed_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], object]:
    """Compress pages for browsers that can read it; Django's own middleware would hold streams back, event by event."""
    if iscoroutinefunction(get_response):

        async def in_async(request: HttpRequest) -> HttpResponseBase:
            return _compressed(request, await get_response(request))

        return in_async

    def in_sync(request: HttpRequest) -> object:
        return _compressed(request, get_response(request))  # type: ignore[arg-type]  # the other kind was dealt with

    return in_sync


def _compressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, HttpResponse) or not _may_be(request, response):
        return response
    patch_vary_headers(response, ("Accept-Encoding",))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    response.content = compress_string(response.content, max_random_bytes=PADDING)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _may_be(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether a response is a whole page that nobody has compressed or asked to leave as it is."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    is_left = "Content-Encoding" in response.headers or "no-transform" in response.headers.get("Cache-Control", "")
    return kind in KINDS and not is_left and len(response.content) >= FROM and not request.path.startswith("/api/")
