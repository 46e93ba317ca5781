"""Every address that anybody may ask for, and the bytes that it answers with, for tests that walk all of them."""

from collections.abc import AsyncIterable, Iterator
from typing import cast
from uuid import uuid4

from django.test import AsyncClient
from django.urls import URLPattern, URLResolver, get_resolver

PERSONAL = frozenset(
    {"chat-stream", "turn-stream", "conversation-detail", "conversation-markdown", "conversation-text"}
    | {"mcp", "openai-completions", "openai-responses", "openai-embeddings"}
)
"""Names of addresses that answer their owner alone, or what is posted to them; to anybody else they are errors."""


def named_addresses(resolver: URLResolver | None = None) -> Iterator[str]:
    """Yield the names of the site's own addresses, without those of the admin and of the API."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def public_addresses(*, creator: str, work: str, token: str) -> dict[str, list[str]]:
    """Return the addresses that anybody may ask for, by name; those of the API and all errors under names of theirs."""
    return {
        "home": ["/", "/?query=How"],
        "creator-detail": [f"/c/{creator}"],
        "creator-card": [f"/c/{creator}/card.png"],
        "creator-feed": [f"/c/{creator}/feed.atom"],
        "creator-picture": [f"/c/{creator}/picture"],
        "work-list": [f"/c/{creator}/works"],
        "work-detail": [f"/w/{work}", f"/w/{work}?at=1&say=ratio"],
        "work-card": [f"/w/{work}/card.png", f"/w/{work}/card.png?width=300"],
        "work-sound": [f"/w/{work}/sound.wav"],
        "next-questions": ["/chat/next", f"/chat/next?creator={creator}"],
        "embed-loader": ["/embed.js"],
        "embed-frame": [f"/embed/{creator}"],
        "embed-example": [f"/embed/{creator}/example"],
        "share-card": [f"/share/{token}/card.png"],
        "share-detail": [f"/share/{token}"],
        "share-markdown": [f"/share/{token}.md"],
        "site-card": ["/card.png"],
        "oembed": [
            f"/oembed?url=http://testserver{page}" for page in (f"/share/{token}", f"/w/{work}", f"/c/{creator}", "/no")
        ],
        "robots": ["/robots.txt"],
        "llms": ["/llms.txt"],
        "sitemap": ["/sitemap.xml"],
        "sitemap-page": ["/sitemap-works-1.xml", "/sitemap-creators-1.xml"],
        "openai-models": ["/v1/models"],
        "openai-model": [f"/v1/models/{creator}", f"/v1/models/{creator}@0.5"],
        "api": [
            "/api/v1/creators",
            f"/api/v1/creators/{creator}",
            "/api/v1/works",
            f"/api/v1/works?creator={creator}&sort=title",
            "/api/v1/search?q=ratio",
            f"/api/v1/search?q=ratio&creator={creator}",
            "/api/v1/conversations",
            f"/api/v1/share/{token}",
            "/api/v1/openapi.json",
            "/api/v1/docs",
        ],
        "errors": [
            "/nowhere",
            f"/chat/{uuid4()}",
            f"/chat/{uuid4()}/export.md",
            f"/chat/turns/{uuid4()}/events",
            f"/api/v1/chat/{uuid4()}/events",
            f"/api/v1/conversations/{uuid4()}",
            "/api/v1/nowhere",
            "/api/v1/chat",
            "/api/v1/search",
            "/admin/login/",
        ],
    }


async def answer_of(client: AsyncClient, address: str) -> tuple[int, str]:
    """Return the status of an address and all that it sends as text, headers included."""
    response = await client.get(address)
    parts = [part async for part in cast(AsyncIterable[bytes], response)] if response.streaming else [response.content]
    if response.headers.get("Content-Type", "").startswith(("image/", "audio/")):
        parts = []  # of pictures and sounds, each byte may be anything
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    return response.status_code, "\n".join([headers, cookies, b"".join(parts).decode(errors="replace")])
