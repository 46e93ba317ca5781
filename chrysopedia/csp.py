"""The Content-Security-Policy: what a page may load, run and talk to; strict everywhere, changed for a view by name."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADER = "Content-Security-Policy"
POLICY: Mapping[str, str] = MappingProxyType(
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


def header(**changes: str) -> str:
    """Return the policy as a header; ``style_src="…"`` takes the place of that directive."""
    policy = {**POLICY, **{name.replace("_", "-"): sources for name, sources in changes.items()}}
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


STRICT = header()


def csp(**changes: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give the responses of a view, whichever kind it is, the policy with these directives changed."""
    changed = header(**changes)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(view):

            @wraps(view)
            async def in_async(*args: Any, **kwargs: Any) -> HttpResponseBase:
                return _with(await view(*args, **kwargs), changed)

            return in_async

        @wraps(view)
        def in_sync(*args: Any, **kwargs: Any) -> HttpResponseBase:
            return _with(view(*args, **kwargs), changed)

        return in_sync

    return decorate


@sync_and_async_middleware
def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], object]:
    """Give every response the strict policy, changed as its view says; it stands first, so errors have it too."""
    if iscoroutinefunction(get_response):

        async def in_async(request: HttpRequest) -> HttpResponseBase:
            return _complete(await get_response(request))

        return in_async

    def in_sync(request: HttpRequest) -> object:
        return _complete(get_response(request))  # type: ignore[arg-type]  # the other kind was dealt with above

    return in_sync


def _with(response: HttpResponseBase, policy: str) -> HttpResponseBase:
    response.headers.setdefault(HEADER, policy)
    return response


def _complete(response: HttpResponseBase) -> HttpResponseBase:
    """Give a response the strict policy, but for the directives that its view has written into the header."""
    given = response.headers.get(HEADER, "")
    directives = (directive.split(maxsplit=1) for directive in given.split(";") if directive.strip())
    changes = {name: "".join(sources) for name, *sources in directives}
    response.headers[HEADER] = header(**changes) if changes else STRICT
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    return response
