"""What a podcast's feed says: its episodes with the transcript that is read best, and how many have none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

from creators.transcripts import SUFFIXES

MOST_BYTES = 20 * 2**20
MOST_EPISODES = 5000
_PODCAST = (
    "{https://podcastindex.org/namespace/1.0}",
    "{https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md}",
)
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "application/json": ".json",
        "text/vtt": ".vtt",
        "application/srt": ".srt",
        "application/x-subrip": ".srt",
        "text/srt": ".srt",
        "text/plain": ".txt",
    }
)
"""Endings by a transcript's type, the one with the best times first; HTML is not read."""


class FeedError(ValueError):
    """A document that is no feed, in words."""


@dataclass(frozen=True, slots=True)
class FeedEpisode:
    """An episode with a transcript; "" or None where the feed is silent."""

    guid: str
    title: str
    transcript: str
    suffix: str
    link: str = ""
    published: date | None = None
    language: str = ""

    @property
    def info(self) -> bytes:
        """What is known of it, in the form in which downloaders write it beside a file."""
        told = {"title": self.title, "webpage_url": self.link, "language": self.language}
        day = self.published.strftime("%Y%m%d") if self.published else ""
        return json.dumps({**told, "upload_date": day}).encode()

    def source(self, feed: str) -> str:
        """Return the source of its work, which stays while its id does."""
        host = urlsplit(feed).hostname or "feed"
        return f"{host[:80]}/{sha256(f'{feed} {self.guid}'.encode()).hexdigest()[:16]}{self.suffix}"


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as read."""

    title: str
    episodes: tuple[FeedEpisode, ...]
    without_transcript: int
    guids: frozenset[str]
    """Of all episodes that it lists."""


def is_feed(head: bytes) -> bool:
    """Say whether a document's first bytes are those of an RSS feed."""
    return b"<rss" in head[:4000].lower()


def read_feed(document: bytes, *, url: str) -> ParsedFeed:
    """Return what an RSS document says; addresses in it are taken from ``url``. Raises ``FeedError``.

    A document type of its own is refused: it is what entities that blow up, or that read files, are made with.
    """
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise FeedError("The feed brings a document type of its own, which is not read.")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 -- without a document type there are no entities
    except (ElementTree.ParseError, ExpatError, ValueError, LookupError, RecursionError) as error:
        raise FeedError(f"The feed is not XML: {error}") from None
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise FeedError("There is no RSS feed at this address.")
    items = channel.findall("item")[:MOST_EPISODES]
    language = _text(channel, "language").partition("-")[0].lower()
    found = [(item, _guid(item)) for item in items]
    read = [_episode(item, guid, url=url, language=language) for item, guid in found if guid]
    episodes = {one.guid: one for one in reversed(read) if one}  # of a guid that stands twice, the newest
    return ParsedFeed(
        title=_text(channel, "title")[:300],
        episodes=tuple(reversed(episodes.values())),
        without_transcript=len(items) - len(episodes),
        guids=frozenset(guid for _, guid in found),
    )


def _guid(item: Element) -> str:
    enclosure = item.find("enclosure")
    media = enclosure.get("url", "") if enclosure is not None else ""
    return (_text(item, "guid") or media or _text(item, "link"))[:2000]


def _text(parent: Element, tag: str) -> str:
    return " ".join((parent.findtext(tag) or "").replace("\0", "").split())


def _episode(item: Element, guid: str, *, url: str, language: str) -> FeedEpisode | None:
    transcripts = [(kind, one) for one in _transcripts(item) if (kind := _suffix(one))]
    if not transcripts:
        return None
    order = tuple(_TYPES.values())
    suffix, best = min(transcripts, key=lambda pair: order.index(pair[0]))
    return FeedEpisode(
        guid=guid,
        title=_text(item, "title")[:300] or "Untitled",
        transcript=urljoin(url, best.get("url", "").strip()),
        suffix=suffix,
        link=link if (link := _text(item, "link")).startswith(("https://", "http://")) else "",
        published=_day(_text(item, "pubDate")),
        language=(best.get("language", "").partition("-")[0].lower() or language)[:12],
    )


def _transcripts(item: Element) -> list[Element]:
    return [one for space in _PODCAST for one in item.findall(f"{space}transcript") if one.get("url")]


def _suffix(transcript: Element) -> str:
    """Return the ending that a transcript is read by, "" where it is in no form that is read."""
    told = _TYPES.get(transcript.get("type", "").partition(";")[0].strip().lower(), "")
    ending = "." + urlsplit(transcript.get("url", "")).path.rpartition(".")[2].lower()
    return told or (ending if ending in SUFFIXES and ending in _TYPES.values() else "")


def _day(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date() if text else None
    except (ValueError, IndexError, TypeError):
        return None
