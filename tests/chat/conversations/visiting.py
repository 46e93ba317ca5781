"""Visitors of the site in tests: each with a session of their own, who ask over the API as the page does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.site import Site

PRE_DELAY = "How much pre-delay should a vocal reverb have?"


@contextmanager
def visitor(site: Site) -> Iterator[httpx2.Client]:
    """A client that has opened the page and sends its CSRF token."""
    with site.client() as client:
        client.get("/")
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        yield client


def ask(client: httpx2.Client, query: str = PRE_DELAY, **more: object) -> dict[str, Any]:
    """Ask and return the answer as one document."""
    response = client.post("/api/v1/chat", json={"query": query, "stream": False, **more})
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


def listed(client: httpx2.Client, **query: Any) -> list[str]:
    """Return the titles in the visitor's list."""
    return [one["title"] for one in client.get("/api/v1/conversations", params=query).json()]
