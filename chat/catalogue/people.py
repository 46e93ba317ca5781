"""The home of everyone or of one creator: who can be asked, their works, and what they can be asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import cos, gcd, pi, sin

from django.core.paginator import Page, Paginator
from django.db.models import Max, Min, Sum
from django.urls import reverse

from chat import conversations
from chat.catalogue.questions import (
    ExampleQuestion,
    SampleQuote,
    Topic,
    example_questions,
    is_invented,
    sample_quote,
    topics_for,
)
from chat.events.messages import counted, duration
from creators.models import Chunk, Creator, Personality, Picture, Work
from creators.models.work import WorkQuerySet

PEOPLE_SHOWN = 200
"""Creators in the list beside the page; more can be asked by their own addresses."""
WORKS_SHOWN = 12
"""Works on a creator's own page; the others stand on pages of their own."""
ASKED_ENOUGH = 3
"""Most asked questions from which on no made-up ones stand beside them."""


@dataclass(frozen=True, slots=True)
class Monogram:
    """Initials and the path of a star, to be drawn in a box of 48 by 48."""

    initials: str
    path: str


@dataclass(frozen=True, slots=True)
class Person:
    """A creator as the page shows them.

    ``voice`` is one line for each stop of the voice, or empty; ``picture`` is an address, "" where there is none.
    ``is_invented`` marks those who come with the program.
    """

    slug: str
    name: str
    summary: str
    domains: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    monogram: Monogram
    voice: tuple[str, ...]
    picture: str = ""
    is_invented: bool = False


@dataclass(frozen=True, slots=True)
class ListedWork:
    """A work in a list; ``year`` stands only where it changes, ``length`` only where the work has times."""

    slug: str
    title: str
    kind: str
    published: date | None
    length: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One page of a creator's works, the newest first.

    ``extent`` is what all of them come to: ``5 works · 3 h 41 min of recordings · 2024 to 2025``, "" without works.
    """

    works: tuple[ListedWork, ...]
    extent: str
    page: Page[Work]

    @property
    def count(self) -> int:
        """How many works there are on all pages."""
        return self.page.paginator.count


@dataclass(frozen=True, slots=True)
class Home:
    """All that the page shows besides conversations, of everyone (``chosen`` is None) or of one creator.

    Only a creator has a ``catalogue`` of works, ``topics``, and what is ``asked`` most; where three questions are asked
    that often, there are no ``examples``.
    """

    people: tuple[Person, ...]
    chosen: Person | None
    examples: tuple[ExampleQuestion, ...]
    sample: SampleQuote | None
    asked: tuple[ExampleQuestion, ...] = ()
    catalogue: Catalogue | None = None
    topics: tuple[Topic, ...] = ()

    @property
    def invented(self) -> int:
        """How many of the people who are shown here are invented: of all, or of the chosen one."""
        shown = (self.chosen,) if self.chosen else self.people
        return sum(person.is_invented for person in shown)


def home_of(slug: str | None) -> Home | None:
    """Return a creator's home, or everyone's for None; None where no creator with this slug is published."""
    rows = Creator.objects.published().select_related("personality").prefetch_related("domains")
    digests = Picture.objects.published().digests()
    people = tuple(_person(row, digests.get(row.slug, "")) for row in rows[:PEOPLE_SHOWN])
    if not slug:
        examples = example_questions(_first_asked(people))
        return Home(people, None, examples=examples, sample=_sample(None, examples))
    chosen = next((person for person in people if person.slug == slug), None)
    if not chosen:
        row = rows.filter(slug=slug).first()
        if row is None:
            return None
        chosen = _person(row, digests.get(slug, ""))
        people = (*people, chosen)
    return _home_of(chosen, people)


def _home_of(chosen: Person, people: tuple[Person, ...]) -> Home:
    asked = conversations.most_asked(chosen.slug)
    examples = example_questions([chosen.slug])
    most = tuple(ExampleQuestion(query, creator_slug=chosen.slug) for query in asked)
    return Home(
        people=people,
        chosen=chosen,
        examples=() if len(most) >= ASKED_ENOUGH else examples,
        sample=_sample(chosen.slug, examples),
        asked=most,
        catalogue=catalogue_of(chosen.slug),
        topics=topics_for(slug=chosen.slug, name=chosen.name),
    )


EXAMPLES_FROM = 12
"""Creators whose questions may stand on the front page."""


def _first_asked(people: Sequence[Person]) -> list[str]:
    return [person.slug for person in people[:EXAMPLES_FROM]]


def _sample(slug: str | None, examples: Sequence[ExampleQuestion]) -> SampleQuote | None:
    """Return a sentence that shows what a source looks like, from a work that answers an example if there is one."""
    chunks = Chunk.objects.visible()
    theirs = chunks.filter(creator__slug=slug) if slug else chunks
    for example in examples[:1]:
        answering = theirs.filter(work__slug__startswith=example.works[0]) if example.works else theirs.none()
        if example.answer and (found := sample_quote(answering, like=f"{example.query} {example.answer}")):
            return found
    return sample_quote(theirs)


def _person(row: Creator, digest: str) -> Person:
    return Person(
        slug=row.slug,
        name=row.name,
        summary=row.summary,
        domains=tuple(domain.name for domain in row.domains.all()),
        links=tuple(_links(row.links)),
        monogram=monogram(slug=row.slug, name=row.name),
        voice=voice_lines(getattr(row, "personality", None)),
        picture=f"{reverse('creator-picture', args=[row.slug])}?v={digest}" if digest else "",
        is_invented=is_invented(row.slug),
    )


def _links(stored: object) -> Iterable[tuple[str, str]]:
    """Yield label and address of the links that are safe to open: the column is free JSON that a person types."""
    for link in stored if isinstance(stored, list) else ():
        url = str(link.get("url", "")) if isinstance(link, dict) else ""
        if url.startswith(("https://", "http://")):
            yield str(link.get("label") or url), url


def voice_lines(voice: Personality | None) -> tuple[str, ...]:
    """Return a line for each of the five stops of the voice, from plain to all theirs; () without words of theirs."""
    if voice is None or not voice.phrases:
        return ()
    phrases: Sequence[str] = voice.phrases
    words = ", ".join(voice.vocabulary[:4])
    return (
        "Plain words; only the facts are theirs.",
        f"Plain words, and now and then one of theirs: {words}." if words else _quoted(phrases[-1:]),
        _quoted(phrases[:1]),
        _quoted(phrases[1:3] or phrases[:1]),
        _quoted(phrases[3:7] or phrases),
    )


def _quoted(phrases: Sequence[str]) -> str:
    """Return phrases in one pair of quotation marks, each as a sentence of its own."""
    sentences = (phrase[:1].upper() + phrase[1:] for phrase in phrases)
    return "“" + " ".join(text if text[-1:] in ".!?…" else f"{text}." for text in sentences if text) + "”"


SIZE = 48
RADIUS = 20.5
"""The monogram's box and its star, in the units of its SVG."""


def monogram(*, slug: str, name: str) -> Monogram:
    """Return the monogram of a creator, always the same for the same slug and name."""
    digest = sha256(slug.encode()).digest()
    points = 5 + digest[0] % 8
    steps = [step for step in range(2, (points + 1) // 2) if gcd(step, points) == 1]
    path = _star(points=points, step=steps[digest[1] % len(steps)] if steps else 1, turn=digest[2] / 256)
    return Monogram(initials=_initials(name), path=path)


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in chosen) or "·"


def _star(*, points: int, step: int, turn: float) -> str:
    corners = []
    for index in range(points):
        angle = 2 * pi * ((index * step) / points + turn / points) - pi / 2
        corners.append(f"{SIZE / 2 + RADIUS * cos(angle):.1f} {SIZE / 2 + RADIUS * sin(angle):.1f}")
    return "M" + "L".join(corners) + "Z"


def catalogue_of(slug: str, *, number: int | str = 1, size: int = WORKS_SHOWN) -> Catalogue:
    """Return a page of a creator's works, counted from 1 and of this size; the first may be empty.

    Raises ``InvalidPage`` where there is no such page.
    """
    works = Work.objects.published().filter(creator__slug=slug).with_lengths()
    page = Paginator(works.newest_first(), size).page(number)
    return Catalogue(works=tuple(_listed(page)), extent=_extent(works, count=page.paginator.count), page=page)


def _listed(works: Iterable[Work]) -> Iterable[ListedWork]:
    before = None
    for work in works:
        year = str(work.published.year) if work.published else "Undated"
        seconds = getattr(work, "seconds", None)
        yield ListedWork(
            slug=work.slug,
            title=work.title,
            kind=work.kind,
            published=work.published,
            length=duration(seconds) if seconds else "",
            year=year if year != before else "",
        )
        before = year


def _extent(works: WorkQuerySet, *, count: int) -> str:
    if not count:
        return ""
    total = works.aggregate(time=Sum("seconds"), first=Min("published"), last=Max("published"))
    years = dict.fromkeys(day.year for day in (total["first"], total["last"]) if day)
    recorded = f"{duration(total['time'])} of recordings" if total["time"] else ""
    facts = (counted(count, "work", "works"), recorded, " to ".join(map(str, years)))
    return " · ".join(fact for fact in facts if fact)
