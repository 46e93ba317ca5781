"""An article as it comes: the events of a run as HTML, one for each of its events and under the same number."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any, assert_never

from django.template.loader import render_to_string

from chat.events.events import Source, Tier
from chat.events.events_part import Done, Event, Failed, Sources, Token
from chat.events.messages import WORDS, counted, tier_words
from chat.rendering.event_reader import EventReader
from chat.rendering.html import Article, Opening, article_of
from chat.rendering.html_stream import Growing
from chat.rendering.sse import HEARTBEAT, wire

TIERS = (Tier.CREATOR, Tier.DOMAIN, Tier.GLOBAL)


async def render(data: AsyncGenerator[bytes, None], *, opening: Opening, after: int = 0) -> AsyncGenerator[bytes, None]:
    """Yield the events of a run, given as bytes from its first one on, as HTML, without those up to ``after``.

    ``sources`` is ``{standing, notes}``, ``token`` what ``Grown`` has to say and the first time the ``standing``,
    ``done`` and ``error`` hold the whole article under ``html``.
    """
    reader, live = EventReader(), Live(opening)
    async with aclosing(data):
        async for part in data:
            if part == HEARTBEAT:
                yield part
                continue
            shown = [(number, event, await live.take(event)) for number, event in reader.feed(part)]
            # A server that died may have kept less than its reader saw: that it failed is news all the same.
            new = [one for one in shown if one[0] > after or isinstance(one[1], Failed)]
            if new:
                yield b"".join(wire(number, event.type, value) for number, event, value in new)


class Live:
    """A turn so far, and what each event of it changes on the page."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._sources: tuple[Source, ...] = ()
        self._pieces: list[str] = []
        self._growing = Growing(numbers=(), key=opening.key)

    async def take(self, event: Event) -> dict[str, Any]:
        """Return what the page is told of an event; templates are filled in a thread."""
        match event:
            case Sources():
                self._sources = event.sources
                numbers = {source.number for source in event.sources}
                self._growing = Growing(numbers=numbers, key=self._opening.key)
                return {"standing": self._reading(), "notes": await self._html("chat/notes.html", None)}
            case Token():
                standing = {} if self._pieces else {"standing": self._standing()}
                self._pieces.append(event.text)
                grown = asdict(self._growing.feed(event.text))
                return {name: value for name, value in grown.items() if value not in (None, ())} | standing
            case Done():
                html = await self._html("chat/turn.html", event)
                return {"html": html, "finish": event.finish, "cited": len(event.cited)}
            case Failed():
                html = await self._html("chat/turn.html", event)
                return {"html": html, "message": event.message, "retryable": event.retryable}
            case _:
                assert_never(event)

    async def _html(self, template: str, end: Done | Failed | None) -> str:
        def fill() -> str:
            article = article_of(self._opening, sources=self._sources, text="".join(self._pieces), end=end)
            return html_of(article, template=template)

        return await asyncio.to_thread(fill)

    def _reading(self) -> str:
        if not self._sources:
            return ""
        works = len({source.work for source in self._sources})
        passages = counted(len(self._sources), "passage")
        return WORDS["reading"].format(passages=passages, works=counted(works, "work"))

    def _standing(self) -> str:
        widest = max((TIERS.index(source.tier) for source in self._sources), default=None)
        return "" if widest is None else tier_words(TIERS[widest])


def html_of(article: Article, *, template: str = "chat/turn.html") -> str:
    """Return an article as its template writes it."""
    return render_to_string(template, {"article": article, "words": WORDS})
