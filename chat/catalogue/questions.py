"""What invites a visitor to ask: questions and topics that the corpus answers, and a sample of a quote."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice, zip_longest

from django.core.cache import cache
from django.db.models import F, QuerySet
from django.db.models.lookups import IsNull

from chat.events.events import Tier
from chat.events.messages import clock
from chat.retrieval import SpaceMissing, build_query, retrieve
from chrysopedia.core.links import link_to
from chrysopedia.core.text import without_unseen
from creators.embeddings import EmbeddingError, get_embedder
from creators.models import Chunk, Creator, GlossaryEntry, Work
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans

EXAMPLES_SHOWN = 3
EXAMPLES_TRIED = 6
"""Titles of one creator that are tried; each costs a search."""
EXAMPLES_KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question that the corpus can answer, and whom to ask."""

    query: str
    creator_slug: str


def questions_from_titles(works: Iterable[tuple[str, str, str]]) -> tuple[ExampleQuestion, ...]:
    """Return up to three questions made of works' titles, given as (title, creator's name, creator's slug).

    Each is one that the creator's own works answer, and creators take turns. Found ones are cached for ten minutes.
    """
    asked: dict[str, list[ExampleQuestion]] = {}
    for title, name, slug in works:
        if topic := topic_of(without_unseen(title)):
            query = f"What does {without_unseen(name)} say about {topic}?"
            asked.setdefault(slug, []).append(ExampleQuestion(query, creator_slug=slug))
    # Cached as text: a value pickled by one version of the program may be unreadable to the next.
    key = "title-questions:" + sha256(repr(asked).encode()).hexdigest()
    kept: list[tuple[str, str]] | None = cache.get(key)
    if kept is None:
        answered = [
            (one for one in own[:EXAMPLES_TRIED] if is_answered(one.query, one.creator_slug)) for own in asked.values()
        ]
        chosen = islice(_round_robin(answered), EXAMPLES_SHOWN)
        kept = [(one.query, one.creator_slug) for one in chosen]
        cache.set(key, kept, EXAMPLES_KEPT_SECONDS)
    return tuple(ExampleQuestion(query, creator_slug=slug) for query, slug in kept)


def _round_robin(lists: Sequence[Iterator[ExampleQuestion]]) -> Iterator[ExampleQuestion]:
    """Yield the first of each iterator, then the second of each; an item is computed only when its turn comes."""
    waiting = deque(lists)
    while waiting:
        own = waiting.popleft()
        if (example := next(own, None)) is not None:
            yield example
            waiting.append(own)


def is_answered(query: str, creator_slug: str) -> bool:
    """Tell whether the creator's own works answer the question; False where the embedder fails."""
    creator = Creator.objects.published().named(creator_slug)
    if creator is None:
        return False
    try:
        names = (creator.name, *creator.aliases)
        search_query = build_query(query, creator_id=creator.pk, names=names, embedder=get_embedder())
        return retrieve(search_query, creator_id=creator.pk, limit=1).tier == Tier.CREATOR
    except (EmbeddingError, SpaceMissing):
        return False


TOPIC_WORDS = range(2, 9)
_ASIDE = re.compile(r"\s*(?::|\||,\s+with\b|\s[-–—]\s|\(|\[).*$")
_QUESTION_WORD = re.compile(r"(why|how|what|when|where|who|which|is|are|do|does|can|should)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(episode|part|lesson|chapter|vol|volume|ep|no)\b\.?\s*\d|^[\d\W]+$|#\d", re.IGNORECASE)


def topic_of(title: str) -> str:
    """Return a title's subject in the form that fits into a question, or "" where the title names none."""
    head = _ASIDE.sub("", title).strip(" .!?…\"'“”")
    words = head.split()
    if len(words) not in TOPIC_WORDS or _QUESTION_WORD.match(head) or _NUMBERED.search(head):
        return ""
    is_title_case = all(word[0].isupper() for word in words if len(word) > 3)
    lowered = words if is_title_case else words[:1]
    return " ".join(_lower(word) if word in lowered else word for word in words)


def _lower(word: str) -> str:
    """Return the word in lower case unless capitals belong to it (FM, iPad, EQ'd)."""
    return word.lower() if word[1:] == word[1:].lower() else word


TOPICS_SHOWN = 8
TOPICS_TRIED = 14
TOPICS_KEPT_SECONDS = 3600
CANDIDATES_READ = 60
HEADING_WORDS = 3
"""The most words of a heading that names a subject; a longer one is a statement."""
SHORTEST_WORD = 4
"""Letters that a single word needs to be a subject."""
EMPTY_HEADINGS = frozenset(
    "introduction intro summary conclusion outro overview questions appendix notes links".split()
)
"""Headings that name a part of a work and no subject."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject, and the question that asks a creator about it."""

    name: str
    query: str


def topics_for(*, slug: str, name: str) -> tuple[Topic, ...]:
    """Return up to eight subjects that this creator's own works answer questions about, cached for an hour."""
    candidates = tuple(islice(_candidates(slug), TOPICS_TRIED))
    key = "topic-questions:" + sha256(repr((slug, name, candidates)).encode()).hexdigest()
    kept: list[tuple[str, str]] | None = cache.get(key)  # as text, for the reason above
    if kept is None:
        asked = ((topic, f"What does {without_unseen(name)} say about {topic}?") for topic in candidates)
        kept = list(islice(((topic, query) for topic, query in asked if is_answered(query, slug)), TOPICS_SHOWN))
        cache.set(key, kept, TOPICS_KEPT_SECONDS)
    return tuple(Topic(topic, query) for topic, query in kept)


def _candidates(slug: str) -> Iterator[str]:
    """Yield possible subjects, alternating between the creator's glossary, titles and headings, none twice."""
    terms = GlossaryEntry.objects.reviewed().filter(creator__slug=slug).values_list("term", flat=True)
    titles = Work.objects.published().filter(creator__slug=slug).order_by("-published", "title")
    headings = Chunk.objects.visible().filter(creator__slug=slug).exclude(heading="").order_by("-work__published")
    named = headings.values_list("heading", flat=True)[: 4 * CANDIDATES_READ]
    lists = (
        (without_unseen(term) for term in terms[:CANDIDATES_READ]),
        map(_topic_or_word, titles.values_list("title", flat=True)[:CANDIDATES_READ]),
        map(_short_topic, (heading.rsplit(" › ", 1)[-1] for heading in dict.fromkeys(named))),
    )
    return _distinct(chain.from_iterable(zip_longest(*lists, fillvalue="")))


def _topic_or_word(title: str) -> str:
    """Return the subject of a title or heading, which may be a single word, or ""."""
    title = without_unseen(title)
    head = title.partition(":")[0].strip()
    is_word = head.isalpha() or head.replace("-", "").isalpha()
    if is_word and len(head) >= SHORTEST_WORD:
        return "" if head.lower() in EMPTY_HEADINGS else head[:1].lower() + head[1:] if head[1:].islower() else head
    return topic_of(title)


def _short_topic(heading: str) -> str:
    topic = _topic_or_word(heading)
    return topic if len(topic.split()) <= HEADING_WORDS and "," not in topic else ""


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen = {""}
    for name in names:
        if name.casefold() not in seen:
            seen.add(name.casefold())
            yield name


CHUNKS_TRIED = 12
QUOTE_CHARACTERS = range(50, 120)
REFERRING_WORDS = frozenset(
    "so and but that this these those it he she they then there or no yes same also because".split()
)


@dataclass(frozen=True, slots=True)
class SampleQuote:
    """A sentence of the corpus that shows a newcomer what a source looks like; ``seconds`` is None in a text."""

    quote: str
    creator: str
    title: str
    work: str
    seconds: float | None

    @property
    def label(self) -> str:
        """The time as a player shows it, "" in a text."""
        return "" if self.seconds is None else clock(self.seconds)

    @property
    def url(self) -> str:
        """The address of the sentence on the work's page here."""
        return link_to(url="", work=self.work, seconds=self.seconds, quote=self.quote)


def sample_quote(chunks: QuerySet[Chunk]) -> SampleQuote | None:
    """Return a sentence that makes sense alone, of a timed work if possible, from beyond its beginning; or None."""
    timed_first = (IsNull(F("start_seconds"), True), "-work__published", "work__title", "position")
    beyond_opening = chunks.filter(position__gt=1).select_related("work__creator").order_by(*timed_first)
    for chunk in beyond_opening[:CHUNKS_TRIED]:
        for start, end in chunk_spans(chunk.text, chunk.timing):
            if (quote := " ".join(chunk.text[start:end].split())) and _stands_alone(quote):
                seconds = seconds_at(chunk.timing, start, length=len(chunk.text))
                work, quote = chunk.work, without_unseen(quote)
                name, title = work.creator.name, work.title
                return SampleQuote(quote, creator=name, title=title, work=work.slug, seconds=seconds)
    return None


def _stands_alone(sentence: str) -> bool:
    """Tell whether a sentence makes sense alone: whole, of a fair length, and not referring to the one before it."""
    first = sentence.split(maxsplit=1)[0].lower()
    is_whole = sentence[0].isupper() and sentence[-1] == "." and ": " not in sentence
    return is_whole and len(sentence) in QUOTE_CHARACTERS and first not in REFERRING_WORDS
