"""Creators and speakers that a question names, in whatever form people write names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Q

from chat.understanding.titles import alike
from chrysopedia.core.text import folded, folded_name
from creators.glossary.vocabulary import common_words
from creators.models import Creator, Work

MOST_WORDS = 5
"""Words of the longest name that is looked for."""
MOST_CREATORS = 500
"""Creators of whom slugs and single words of names count; of more, only whole names and aliases are looked up."""
LONG_PART = 8
"""Letters of a part of a slug that may be several words run together, such as ``talkpython``."""


@dataclass(frozen=True, slots=True)
class NamedCreator:
    """A creator whom a question names, and where it first does."""

    id: int
    slug: str
    name: str
    summary: str
    at: int


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A question with ``NAME`` in place of each creator's name, as ``text``, and the creators in order."""

    text: str
    creators: tuple[NamedCreator, ...]
    spans: tuple[tuple[int, int], ...] = field(default=())

    def without_names(self, question: str) -> str:
        """Return the question as it was written, but without the names."""
        for start, end in reversed(self.spans):
            question = question[:start] + " " + question[end:]
        return " ".join(question.split())


def find_creators(question: str, *, revision: str = "") -> NamedQuestion:
    """Return the question with its creators found: by name, alias or, with a capital, one word of a name of several.

    Synchronous: it asks the database for every run of up to ``MOST_WORDS`` words at once, or nothing where it was asked
    at this ``revision`` of the creators already.
    """
    words = list(re.finditer(r"[^\W_]+(?:[.'’-][^\W_]+)*", question))
    runs: dict[str, list[tuple[int, int]]] = {}
    for first in range(len(words)):
        for last in range(first, min(first + MOST_WORDS, len(words))):
            start, end = words[first].start(), words[last].end()
            for stop in {end, end - 2} if re.search(r"['’]s$", question[start:end]) else {end}:
                runs.setdefault(folded_name(question[start:stop]), []).append((start, stop))
            if re.search(r"\w\ws$", question[start:end]):
                # "ilses take": a possessive without its apostrophe.
                runs.setdefault(folded_name(question[start : end - 1]), []).append((start, end))
    return named_at(question, _spans(question, runs, revision))


def named_at(question: str, found: Iterable[tuple[int, int, Creator]]) -> NamedQuestion:
    """Return the question with the creators that stand at these places of it; of two that overlap, the longer."""
    kept: list[tuple[int, int, Creator]] = []
    for start, end, creator in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end, creator))
    kept.sort(key=lambda one: one[0])
    text = question
    for start, end, _ in reversed(kept):
        text = f"{text[:start]}NAME{text[end:]}"
    spans = tuple((start, end + 2 * bool(re.match(r"['’]s\b", question[end:]))) for start, end, _ in kept)
    first_of = {creator.pk: (start, creator) for start, _, creator in reversed(kept)}
    ordered = sorted(first_of.values(), key=lambda one: one[0])
    return NamedQuestion(text, tuple(NamedCreator(c.pk, c.slug, c.name, c.summary, at) for at, c in ordered), spans)


def _spans(
    question: str, runs: Mapping[str, Sequence[tuple[int, int]]], revision: str
) -> Iterator[tuple[int, int, Creator]]:
    """Yield where the question has a name, an alias or a slug of a creator, or one word of a name with a capital."""
    known = first_creators(revision)
    if len(known) > MOST_CREATORS:
        published = Creator.objects.published().order_by("pk")
        known = tuple(published.filter(Q(folded_name__in=list(runs)) | Q(folded_aliases__overlap=list(runs))))
    for creator in known:
        names = {creator.folded_name, *creator.folded_aliases, creator.slug.replace("-", " ")}
        words = set(creator.folded_name.split()) - common_words()
        parts = {part for part in creator.slug.split("-") if len(part) >= LONG_PART}
        for run, spans in runs.items():
            is_name = run in names or (" " in run and run.replace(" ", "") in parts)
            is_word = run in words and len(run) > 2 and question[spans[0][0]].isupper()
            if is_name or is_word:
                yield from ((start, end, creator) for start, end in spans)


def first_creators(revision: str) -> tuple[Creator, ...]:
    """Return the published creators, as far as ``MOST_CREATORS`` and one more; kept for a ``revision``."""
    return _kept_creators(revision) if revision else _first_creators()


def _first_creators() -> tuple[Creator, ...]:
    return tuple(Creator.objects.published().order_by("pk")[: MOST_CREATORS + 1])


@lru_cache(maxsize=2)
def _kept_creators(_revision: str) -> tuple[Creator, ...]:
    return _first_creators()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks in a work, by name; ``is_creator`` says that it is the work's own creator."""

    name: str
    work: int
    is_creator: bool


LABELS_SQL = """
    SELECT c.work_id, m ->> 3 AS label
    FROM creators_chunk c, jsonb_array_elements(c.marks) m
    WHERE c.work_id = ANY(%s) AND NOT c.is_hidden AND m ->> 3 <> '' GROUP BY c.work_id, label ORDER BY count(*) DESC
"""
MOST_WORKS_HEARD = 1_000
"""Works, the newest, of which it is known who speaks: that stands with every chunk, not with the work."""


def speakers_in(works: Sequence[Work]) -> tuple[Speaker, ...]:
    """Return who speaks in these works, those who say most first. Synchronous."""
    by_id = {work.pk: work for work in works[:MOST_WORKS_HEARD]}
    found = [(by_id[work].speaker_named(label), by_id[work]) for work, label in labels_in(list(by_id))]
    return tuple(
        dict.fromkeys(Speaker(name, work.pk, is_creator=name == work.creator.name) for name, work in found if name)
    )


def labels_in(works: Sequence[int]) -> list[tuple[int, str]]:
    """Return each label before what is said in these works, with the work's key; whoever says most first."""
    with connection.cursor() as cursor:
        cursor.execute(LABELS_SQL, [list(works)])
        return [(int(work), str(label)) for work, label in cursor.fetchall()]


def speakers_called(words: str, speakers: Iterable[Speaker]) -> tuple[Speaker, ...]:
    """Return the speakers whom all these words name, in any order and spelt about so; one word of a name is enough."""
    wanted = folded(folded_name(words)).split()
    return tuple(
        one
        for one in speakers
        if wanted and all(any(alike(word, own) for own in folded(folded_name(one.name)).split()) for word in wanted)
    )
