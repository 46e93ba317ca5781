"""Pages of other sites that are named in the settings can ask, and come back to an answer."""

from uuid import uuid4

import pytest
from django.test import AsyncClient
from pytest_django import Settings

FRIEND = "https://app.example"


@pytest.fixture(autouse=True)
def friend(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]


async def preflight(method: str, *headers: str, origin: str = FRIEND) -> dict[str, set[str]]:
    """Return what a browser is told before it asks: allowed headers and origin."""
    wanted = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": ",".join(headers)}
    response = await AsyncClient().options(f"/api/v1/chat/{uuid4()}/events", headers={"Origin": origin, **wanted})
    return {name.lower(): set(value.split(", ")) for name, value in response.headers.items()}


async def test_it_lets_another_site_come_back_to_an_answer() -> None:
    told = await preflight("GET", "last-event-id", "cache-control")
    assert {"last-event-id", "cache-control"} <= told["access-control-allow-headers"]
    assert told["access-control-allow-origin"] == {FRIEND}


async def test_it_lets_another_site_ask_once_though_it_tries_twice() -> None:
    assert "idempotency-key" in (await preflight("POST", "idempotency-key"))["access-control-allow-headers"]


async def test_it_tells_a_stranger_nothing() -> None:
    assert "access-control-allow-origin" not in await preflight("GET", origin="https://other.example")


async def test_it_shows_another_site_the_ids_and_how_long_to_wait() -> None:
    response = await AsyncClient().get("/api/v1/chat", headers={"Origin": FRIEND})
    exposed = set(response.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"X-Turn-Id", "X-Conversation-Id", "Retry-After"} <= exposed
