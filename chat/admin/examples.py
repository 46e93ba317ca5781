"""The examples of a draft as its page shows them: by part, each quote with a link to its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chat.events.messages import clock
from chrysopedia.core.links import link_to


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Words of a creator, the title of their work, and the address and time of the place, "" in a text."""

    text: str
    title: str
    url: str
    time: str


@dataclass(frozen=True, slots=True)
class ShownTrait:
    """An item with the words that show it."""

    name: str
    quotes: tuple[ShownQuote, ...]


def parts_of(examples: Iterable[dict[str, Any]]) -> Iterator[tuple[str, tuple[ShownTrait, ...]]]:
    """Yield the parts of a draft's stored examples with their traits, in the order in which they are stored."""
    for part, traits in groupby(examples, key=lambda one: str(one["part"])):
        yield part, tuple(ShownTrait(one["trait"], tuple(map(_shown, one["quotes"]))) for one in traits)


def _shown(quote: dict[str, Any]) -> ShownQuote:
    seconds = quote["seconds"]
    return ShownQuote(
        text=quote["quote"],
        title=quote["title"],
        url=link_to(url="", work=quote["work"], seconds=seconds),
        time="" if seconds is None else clock(seconds),
    )
