"""Whether this process can answer: what load balancers and operators ask."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop


async def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 while database and cache answer, else 503; which of them does not is said by name."""
    states = {"database": await _answers(_ask_database), "cache": await _answers(_ask_cache)}
    healthy = all(states.values())
    checks = {name: "ok" if answers else "unavailable" for name, answers in states.items()}
    return JsonResponse({"status": "ok" if healthy else "unavailable", **checks}, status=200 if healthy else 503)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    cache.get("healthz")


async def _answers(ask: Callable[[], None]) -> bool:
    try:
        await in_one_hop(ask)
    except STORAGE_ERRORS:
        return False
    return True
