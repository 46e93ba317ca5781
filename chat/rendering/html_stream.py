"""An article as it comes: the events of a run as HTML, one for each of its events and under the same number."""

import asyncio
import re
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, assert_never

from django.template.loader import render_to_string

from chat.events.events import Done, Event, Failed, NumberedEvent, Source, Sources, Tier, Token
from chat.events.messages import MESSAGES, counted, tier_message
from chat.events.serialize import HEARTBEAT, encode_data
from chat.events.turn import TurnHead
from chat.rendering.answer import answer_blocks, block_starts
from chat.rendering.article import Article, article_of, key_of

SAFE = re.compile(r"(?:\]|[.!?…][\"”’')*_`]*)(?=\s)")
"""Where a sentence or a marker ends, so that what stands before it can be formatted."""
LONGEST_TAIL = 2000
"""Characters that may wait for the end of a sentence."""
SIGNS = re.compile(
    r"^```.*$|^ {0,3}#{1,6} +|^ {0,3}> ?|\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=[\w.!?])[*_](?!\w)"
    r"| ?\[\d{1,3}(?:\s*,\s*\d{1,3})*\]|(?:(?<!\s)\s++)?\[[\d\s,]*$|[*_`]+$",
    re.MULTILINE,
)
BULLET = re.compile(r"^( *)[-+*] +", re.MULTILINE)
LISTS = frozenset({"ul", "ol"})


@dataclass(frozen=True, slots=True)
class Grown:
    """What a piece changes: ``blocks`` stand for good, ``block`` takes the place of the one being written.

    ``block`` is None where that stays as it is, and "" where the next one begins. Of the words after it, none where
    that has changed, ``keep`` stay, counted in UTF-16 units, None for all of them, and ``tail`` follows.
    """

    blocks: tuple[str, ...]
    block: str | None
    keep: int | None
    tail: str


class Growing:
    """Formats an answer as it comes, each sentence about once; ``key`` begins the ids of the notes."""

    def __init__(self, *, numbers: Collection[int], key: str = "") -> None:
        self._numbers = numbers
        self._key = key
        self._labels: dict[int, int] = {}
        self._text = ""
        self._drawn = 0
        self._shown = ""

    def feed(self, piece: str) -> Grown:
        """Return what this piece of the answer changes."""
        self._text += piece
        blocks = self._settle() if "\n" in piece else []
        drawn = self._safe_end()
        block = "" if blocks else None
        if drawn > self._drawn:
            self._drawn = drawn
            block = "".join(self._format(self._text[:drawn]))
        before = "" if block is not None else self._shown
        self._shown = plain(self._text[self._drawn :], is_inside=self._drawn > 0)
        alike = _alike(before, self._shown)
        keep = len(self._shown[:alike].encode("utf-16-le")) // 2 if alike < len(before) else None
        return Grown(tuple(blocks), block, keep, self._shown[alike:])

    def _settle(self) -> list[str]:
        """Return the blocks that nothing can change any more, and go on with the text behind them."""
        cut = settled(self._text) if self._is_worth(len(self._text)) else 0
        blocks = self._format(self._text[:cut]) if cut else []
        if blocks:
            self._text = self._text[cut:]
            self._drawn = 0
        return blocks

    def _safe_end(self) -> int:
        """Return how much of the block may be formatted now; a long one is not formatted anew for each sentence."""
        rest = self._text[self._drawn :]
        ends = [self._drawn + found.end() for found in SAFE.finditer(rest)]
        end = next((end for end in reversed(ends) if self._is_whole(end)), self._drawn)
        if end == self._drawn and len(rest) > LONGEST_TAIL:
            end += max(rest.rfind(" "), rest.rfind("\n"), 0)
        return end if self._is_worth(end) else self._drawn

    def _is_worth(self, end: int) -> bool:
        return end - self._drawn > self._drawn // 8

    def _is_whole(self, end: int) -> bool:
        """Whether no formatting is open there."""
        before = self._text[:end]
        return before.count("**") % 2 == 0 and before.count("`") % 2 == 0

    def _format(self, text: str) -> list[str]:
        return answer_blocks(text, numbers=self._numbers, key=self._key, labels=self._labels)


def settled(text: str) -> int:
    """Return how many characters of a text that goes on are blocks that have ended for good."""
    lines = text.split("\n")[:-1]
    # What follows may belong to the last block; a word put there shows whether it can.
    begins = block_starts("\n".join([*lines, "x"]))
    last, _ = begins[-1]
    if last == len(lines) and len(begins) > 1:
        before, tag = begins[-2]
        # A list goes on with an item, whatever a word does, and a quotation with another line of it.
        last = before if tag in LISTS or (tag == "blockquote" and lines[-1].strip()) else last
    return sum(len(line) + 1 for line in lines[:last])


def plain(text: str, *, is_inside: bool = False) -> str:
    """Return words as a reader sees them, without the signs of formatting and without markers.

    ``is_inside`` says that they go on within a line.
    """
    before = "." if is_inside else ""
    return BULLET.sub(r"\1• ", SIGNS.sub("", before + text)).removeprefix(before)


def _alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


TIERS = (Tier.CREATOR, Tier.DOMAIN, Tier.GLOBAL)


async def render(
    batches: AsyncGenerator[Sequence[NumberedEvent], None], *, head: TurnHead, after: int = 0
) -> AsyncGenerator[bytes, None]:
    """Yield the events of a run, given from its first one on, as HTML, without those up to ``after``.

    An empty batch says that there was silence, and becomes a comment.

    ``sources`` is ``{standing, notes}``, ``token`` what ``Grown`` has to say and the first time the ``standing``,
    ``done`` and ``error`` hold the whole article under ``html``.
    """
    live = Live(head)
    async with aclosing(batches):
        async for batch in batches:
            if not batch:
                yield HEARTBEAT
                continue
            shown = [(number, event, await live.take(event)) for number, event in batch]
            # A server that died may have kept less than its reader saw: that it failed is news all the same.
            new = [one for one in shown if one[0] > after or isinstance(one[1], Failed)]
            if new:
                yield b"".join(encode_data(value, event=event.type, number=number) for number, event, value in new)


class Live:
    """A turn so far, and what each event of it changes on the page."""

    def __init__(self, head: TurnHead) -> None:
        self._head = head
        self._sources: tuple[Source, ...] = ()
        self._pieces: list[str] = []
        self._growing = Growing(numbers=(), key=key_of(head))

    async def take(self, event: Event) -> dict[str, Any]:
        """Return what the page is told of an event; templates are filled in a thread."""
        match event:
            case Sources():
                self._sources = event.sources
                numbers = {source.number for source in event.sources}
                self._growing = Growing(numbers=numbers, key=key_of(self._head))
                return {"standing": self._reading(), "notes": await self._html("chat/notes.html", None)}
            case Token():
                standing = {} if self._pieces else {"standing": self._standing()}
                self._pieces.append(event.text)
                grown = asdict(self._growing.feed(event.text))
                return {name: value for name, value in grown.items() if value not in (None, ())} | standing
            case Done():
                html = await self._html("chat/turn.html", event)
                return {"html": html, "finish": event.finish, "coverage": event.coverage, "cited": len(event.cited)}
            case Failed():
                html = await self._html("chat/turn.html", event)
                return {"html": html, "message": event.message, "retryable": event.retryable}
            case _:
                assert_never(event)

    async def _html(self, template: str, end: Done | Failed | None) -> str:
        def fill() -> str:
            article = article_of(self._head, sources=self._sources, text="".join(self._pieces), end=end)
            return html_of(article, template=template)

        return await asyncio.to_thread(fill)

    def _reading(self) -> str:
        if not self._sources:
            return ""
        works = len({source.work for source in self._sources})
        passages = counted(len(self._sources), "passage", "passages")
        return MESSAGES["reading"].format(passages=passages, works=counted(works, "work", "works"))

    def _standing(self) -> str:
        widest = max((TIERS.index(source.tier) for source in self._sources), default=None)
        return "" if widest is None else tier_message(TIERS[widest])


def html_of(article: Article, *, template: str = "chat/turn.html") -> str:
    """Return an article as its template writes it."""
    return render_to_string(template, {"article": article, "words": MESSAGES})
