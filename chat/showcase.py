"""What the page shows of the corpus before anything is asked: who is here, their works, questions they can answer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest

from django.db.models import Count, F, Q, QuerySet
from django.db.models.lookups import IsNull

from chat.monogram import Monogram, monogram
from chat.words import clock
from creators.models import Chunk, Creator, Personality, Work
from creators.timing import seconds_at
from creators.transcripts.sentences import sentence_spans

PEOPLE_SHOWN = 200
WORKS_SHOWN = 100
QUESTIONS_SHOWN = 3
TOPIC_WORDS = range(2, 9)
CHUNKS_TRIED = 12
TELLING = range(50, 120)
REFERRING = frozenset("so and but that this these those it he she they then there or no yes same also because".split())

_ASIDE = re.compile(r"\s*(?::|\||,\s+with\b|\s[-–—]\s|\(|\[).*$")
_QUESTION_WORD = re.compile(r"(why|how|what|when|where|who|which|is|are|do|does|can|should)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(episode|part|lesson|chapter|vol|volume|ep|no)\b\.?\s*\d|^[\d\W]+$|#\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """A creator as the page shows them; ``voice`` is one line for each stop of the voice, or empty."""

    slug: str
    name: str
    summary: str
    domains: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    works: int
    monogram: Monogram
    voice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A work in a list."""

    slug: str
    title: str
    kind: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the corpus can answer, and whom to ask."""

    query: str
    creator_slug: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """A sentence out of the corpus, shown as a note so that one sees what notes are; ``seconds`` is None in a text."""

    quote: str
    creator: str
    title: str
    work: str
    seconds: float | None

    @property
    def label(self) -> str:
        """The time as a player shows it, "" in a text."""
        return "" if self.seconds is None else clock(self.seconds)


@dataclass(frozen=True, slots=True)
class Front:
    """All that the page shows besides questions and answers."""

    people: tuple[Person, ...]
    chosen: Person | None
    works: tuple[Listed, ...]
    examples: tuple[Example, ...]
    specimen: Specimen | None


def front(slug: str | None) -> Front | None:
    """Return what the page shows with this creator chosen, or nobody; None where no such creator is published."""
    rows = Creator.objects.published().select_related("personality").prefetch_related("domains")
    counted = rows.annotate(shown=Count("works", filter=Q(works__is_withdrawn=False))).order_by("name")
    people = tuple(_person(row, works=row.shown) for row in counted[:PEOPLE_SHOWN])
    chosen = next((person for person in people if person.slug == slug), None)
    if slug and not chosen:
        row = counted.filter(slug=slug).first()
        if row is None:
            return None
        chosen = _person(row, works=row.shown)
    works = Work.objects.published().order_by("-published", "title")
    if chosen:
        works = works.filter(creator__slug=chosen.slug)
    named = works.values_list("title", "creator__name", "creator__slug")
    listed = works.values_list("slug", "title", "kind", "published")[:WORKS_SHOWN] if chosen else ()
    return Front(
        people=people,
        chosen=chosen,
        works=tuple(Listed(*row) for row in listed),
        examples=examples(named[: WORKS_SHOWN * 3]),
        specimen=specimen(Chunk.objects.filter(work__in=works)),
    )


def specimen(chunks: QuerySet[Chunk]) -> Specimen | None:
    """Return a sentence worth showing from the first chunks that have one, none of a work's opening."""
    beyond_opening = chunks.filter(position__gt=1).select_related("work__creator")
    beyond_opening = beyond_opening.order_by(IsNull(F("start_seconds"), True), "-work__published", "work__title", "position")
    for chunk in beyond_opening[:CHUNKS_TRIED]:
        for start, end in sentence_spans(chunk.text):
            if (quote := " ".join(chunk.text[start:end].split())) and _is_telling(quote):
                seconds = seconds_at(chunk.timing, start, length=len(chunk.text))
                work = chunk.work
                return Specimen(quote, creator=work.creator.name, title=work.title, work=work.slug, seconds=seconds)
    return None


def _is_telling(sentence: str) -> bool:
    """Tell whether a sentence makes sense by itself: neither a fragment nor a reference to what stands before it."""
    first = sentence.split()[0].lower()
    return len(sentence) in TELLING and sentence[0].isupper() and sentence[-1] == "." and first not in REFERRING


def examples(works: Iterable[tuple[str, str, str]]) -> tuple[Example, ...]:
    """Return a few questions made of the titles of works, ``(title, creator, slug)``, taking turns among creators."""
    asked: dict[str, list[Example]] = {}
    for title, name, slug in works:
        if topic := topic_of(title):
            query = f"What does {name} say about {topic}?"
            asked.setdefault(slug, []).append(Example(query=query, creator_slug=slug))
    turns = chain.from_iterable(zip_longest(*asked.values()))
    return tuple(example for example in turns if example)[:QUESTIONS_SHOWN]


def topic_of(title: str) -> str:
    """Return what a title is about, as it stands inside a question; "" where the title doesn't say."""
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


def _person(row: Creator, *, works: int) -> Person:
    return Person(
        slug=row.slug,
        name=row.name,
        summary=row.summary,
        domains=tuple(domain.name for domain in row.domains.all()),
        links=tuple(_links(row.links)),
        works=works,
        monogram=monogram(slug=row.slug, name=row.name),
        voice=voice_lines(getattr(row, "personality", None)),
    )


def _links(stored: object) -> Iterable[tuple[str, str]]:
    """Yield label and address of the links that are safe to open: the column is free JSON that a person types."""
    for link in stored if isinstance(stored, list) else ():
        url = str(link.get("url", "")) if isinstance(link, dict) else ""
        if url.startswith(("https://", "http://")):
            yield str(link.get("label") or url), url


def voice_lines(voice: Personality | None) -> tuple[str, ...]:
    """Return a line for each stop of the voice, from plain to all their own; empty where no words of theirs are known."""
    if voice is None or not voice.phrases:
        return ()
    phrases: Sequence[str] = voice.phrases
    words = ", ".join(voice.vocabulary[:4])
    return (
        "Plain words; only the facts are theirs.",
        f"Plain words, and now and then one of theirs: {words}." if words else _said(phrases[-1:]),
        _said(phrases[:1]),
        _said(phrases[1:3] or phrases[:1]),
        _said(phrases[3:7] or phrases),
    )


def _said(phrases: Sequence[str]) -> str:
    """Return phrases as one quotation, each a sentence of its own."""
    sentences = (phrase[:1].upper() + phrase[1:] for phrase in phrases)
    return "“" + " ".join(text if text[-1:] in ".!?…" else f"{text}." for text in sentences if text) + "”"
