"""What the page shows of the corpus before anything is asked: who is here, their works, questions they can answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chat.examples import Example, Specimen, examples, specimen
from chat.grounding.unseen import without_unseen
from chat.monogram import Monogram, monogram
from creators.models import Chunk, Creator, Personality, Work

PEOPLE_SHOWN = 200
WORKS_SHOWN = 100
WORKS_WEIGHED = 300


@dataclass(frozen=True, slots=True)
class Person:
    """A creator as the page shows them; ``voice`` is one line for each stop of the voice, or empty."""

    slug: str
    name: str
    summary: str
    domains: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
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
    people = tuple(_person(row) for row in rows[:PEOPLE_SHOWN])
    chosen = next((person for person in people if person.slug == slug), None)
    if slug and not chosen:
        row = rows.filter(slug=slug).first()
        if row is None:
            return None
        chosen = _person(row)
        people = (*people, chosen)
    works = Work.objects.published().order_by("-published", "title")
    if chosen:
        works = works.filter(creator__slug=chosen.slug)
    titles = works.values_list("title", "creator__name", "creator__slug")
    listed = works.values_list("slug", "title", "kind", "published")[: WORKS_SHOWN if chosen else 0]
    return Front(
        people=people,
        chosen=chosen,
        works=tuple(Listed(slug, without_unseen(title), kind, day) for slug, title, kind, day in listed),
        examples=examples(titles[:WORKS_WEIGHED]),
        specimen=specimen(Chunk.objects.filter(work__in=works)),
    )


def _person(row: Creator) -> Person:
    return Person(
        slug=row.slug,
        name=without_unseen(row.name),
        summary=without_unseen(row.summary),
        domains=tuple(domain.name for domain in row.domains.all()),
        links=tuple(_links(row.links)),
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
    """Return a line for each stop of the voice, from plain to all theirs; empty without words of theirs."""
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
