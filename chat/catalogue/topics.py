"""What a creator can be asked about: terms, titles and headings of theirs that their own works answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice, zip_longest

from django.core.cache import cache

from chat.catalogue.questions import is_answered, topic_of
from chrysopedia.core.unseen import without_unseen
from creators.models import Chunk, GlossaryEntry, Work

SHOWN = 8
TRIED = 14
CANDIDATES = 60
HEADING_WORDS = 3
"""Words above which a heading is a statement and no subject."""

KEPT_SECONDS = 3600
EMPTY = frozenset("introduction intro summary conclusion outro overview questions appendix notes links".split())
"""Headings that say where one is and not what about."""

SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject, and the question that asks a creator about it."""

    name: str
    query: str


def topics_of(*, slug: str, name: str) -> tuple[Topic, ...]:
    """Return what this creator's own works answer questions about; what was found is kept a while in the cache."""
    candidates = tuple(islice(_candidates(slug), TRIED))
    key = "topics:" + sha256(repr((slug, name, candidates)).encode()).hexdigest()
    kept: tuple[Topic, ...] | None = cache.get(key)
    if kept is None:
        asked = (Topic(topic, f"What does {without_unseen(name)} say about {topic}?") for topic in candidates)
        kept = tuple(islice((topic for topic in asked if is_answered(topic.query, slug)), SHOWN))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _candidates(slug: str) -> Iterator[str]:
    """Yield subjects in turn from the glossary, the titles and the headings, each once."""
    terms = GlossaryEntry.objects.reviewed().filter(creator__slug=slug).values_list("term", flat=True)
    titles = Work.objects.published().filter(creator__slug=slug).order_by("-published", "title")
    headings = Chunk.objects.visible().filter(creator__slug=slug).exclude(heading="").order_by("-work__published")
    named = headings.values_list("heading", flat=True)[: 4 * CANDIDATES]
    lists = (
        (without_unseen(term) for term in terms[:CANDIDATES]),
        map(_topic, titles.values_list("title", flat=True)[:CANDIDATES]),
        map(_short, (heading.rsplit(" › ", 1)[-1] for heading in dict.fromkeys(named))),
    )
    return _once(chain.from_iterable(zip_longest(*lists, fillvalue="")))


def _topic(title: str) -> str:
    """Return what a title or a heading is about; one word is enough where that says something."""
    title = without_unseen(title)
    head = title.partition(":")[0].strip()
    is_word = head.isalpha() or head.replace("-", "").isalpha()
    if is_word and len(head) >= SHORTEST_WORD:
        return "" if head.lower() in EMPTY else head[:1].lower() + head[1:] if head[1:].islower() else head
    return topic_of(title)


def _short(heading: str) -> str:
    topic = _topic(heading)
    return topic if len(topic.split()) <= HEADING_WORDS and "," not in topic else ""


def _once(names: Iterable[str]) -> Iterator[str]:
    seen = {""}
    for name in names:
        if name.casefold() not in seen:
            seen.add(name.casefold())
            yield name
