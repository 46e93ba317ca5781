"""The middleware of this program: HTTPS, compression, the Content-Security-Policy, and what no cache may keep."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from types import MappingProxyType

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.decorators import sync_and_async_middleware

from chrysopedia.core.conditional import PERSONAL

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


@sync_and_async_middleware
def redirect_to_https(
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], object]:
    """Send plain http to https when PUBLIC_URL is https, except for this machine itself."""
    if iscoroutinefunction(get_response):

        async def in_async(request: HttpRequest) -> HttpResponseBase:
            return _redirect(request) or await get_response(request)

        return in_async

    def in_sync(request: HttpRequest) -> object:
        return _redirect(request) or get_response(request)

    return in_sync


def _redirect(request: HttpRequest) -> HttpResponse | None:
    if not settings.SECURE_SSL_REDIRECT or request.is_secure():
        return None
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return None if name in LOOPBACK else HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")


KINDS = frozenset({"text/html", "text/javascript"})
LEAST_BYTES = 1000
"""Bytes from which on a page is compressed; less than this fits into one packet anyway."""


class PageCompression(GZipMiddleware):
    """Compresses whole pages and scripts, and leaves alone streams, the API and what asks not to be transformed.

    The random padding that Django adds, up to ``max_random_bytes``, hides the exact length, from which a secret could
    otherwise be guessed (BREACH).
    """

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        """Compress on the event loop: Django's own goes through a thread for each response, streams included."""
        response = self.get_response(request)
        return self.process_response(request, await response if isawaitable(response) else response)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, compressed where it is a page and the browser takes gzip."""
        return super().process_response(request, response) if _is_page(request, response) else response


def _is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    # Of a stream, Django's own would hold back every event until its compressed block is full.
    if not isinstance(response, HttpResponse) or request.path.startswith("/api/"):
        return False
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    is_left = "no-transform" in response.headers.get("Cache-Control", "")
    return kind in KINDS and not is_left and len(response.content) >= LEAST_BYTES


CSP_HEADER = "Content-Security-Policy"
CSP_DIRECTIVES: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        # The players that a reader may start, and files of works, which lie anywhere: none is asked for before that.
        "frame-src": "https://www.youtube-nocookie.com https://player.vimeo.com",
        "media-src": "'self' https:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
)


PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
"""What no page here needs of a device, and so no frame in it may ask for."""


def csp_header(**changes: str) -> str:
    """Return the policy as a header; ``style_src="…"`` takes the place of that directive."""
    policy = {**CSP_DIRECTIVES, **{name.replace("_", "-"): sources for name, sources in changes.items()}}
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


STRICT_CSP = csp_header()


@sync_and_async_middleware
def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], object]:
    """Give every response the strict policy, changed as its view says, and keep it from caches unless the view doesn't.

    It stands first, so that errors have both too.
    """
    if iscoroutinefunction(get_response):

        async def in_async(request: HttpRequest) -> HttpResponseBase:
            return _complete(await get_response(request))

        return in_async

    def in_sync(request: HttpRequest) -> object:
        return _complete(get_response(request))  # type: ignore[arg-type]  # the other kind was dealt with above

    return in_sync


def _complete(response: HttpResponseBase) -> HttpResponseBase:
    """Give a response the strict policy, but for the directives that its view has written into the header."""
    given = response.headers.get(CSP_HEADER, "")
    directives = (directive.split(maxsplit=1) for directive in given.split(";") if directive.strip())
    changes = {name: "".join(sources) for name, *sources in directives}
    response.headers[CSP_HEADER] = csp_header(**changes) if changes else STRICT_CSP
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    response.headers.setdefault("Cache-Control", PERSONAL)
    return response
