"""The redirect to https that leaves loopback alone."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HEALTH = "/healthz"


@sync_and_async_middleware
def redirect_to_https(
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], object]:
    """Send plain http to https when PUBLIC_URL is https, except for health checks and this machine itself."""
    if iscoroutinefunction(get_response):

        async def in_async(request: HttpRequest) -> HttpResponseBase:
            return _redirect(request) or await get_response(request)

        return in_async

    def in_sync(request: HttpRequest) -> object:
        return _redirect(request) or get_response(request)

    return in_sync


def _redirect(request: HttpRequest) -> HttpResponse | None:
    if not settings.SECURE_SSL_REDIRECT or request.is_secure() or request.path == HEALTH:
        return None
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return None if name in LOOPBACK else HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")
