"""The shipped settings, but the pages don't name their modules ahead: a browser finds them level by level."""

import re
from collections.abc import Awaitable, Callable

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import async_only_middleware

from chrysopedia.settings import *  # noqa: F403

EARLY = re.compile(rb'<link rel="modulepreload"[^>]*>\n?')


@async_only_middleware
def without_preloads(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], Awaitable[HttpResponse]]:
    """Take the links out again."""

    async def respond(request: HttpRequest) -> HttpResponse:
        response = await get_response(request)
        if not response.streaming:
            response.content = EARLY.sub(b"", response.content)
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return respond


MIDDLEWARE.insert(MIDDLEWARE.index("chrysopedia.middleware.PageCompression") + 1, f"{__name__}.without_preloads")  # noqa: F405
