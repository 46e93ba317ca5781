"""Creators, works and speakers that a question names, in whatever form people write names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Q
from rapidfuzz.fuzz import ratio

from chrysopedia.core.text import folded, folded_name, stems
from creators.glossary.vocabulary import common_words
from creators.models import Creator, Work

MOST_WORDS = 5
"""Words of the longest name that is looked for."""
MOST_CREATORS = 500
"""Creators of whom slugs and single words of names count; of more, only whole names and aliases are looked up."""
LONG_PART = 8
"""Letters of a part of a slug that may be several words run together, such as ``talkpython``."""
LIKE = 86
"""Likeness, of 100, from which on two words of a name are the same word."""
MOST_TITLES = 5_000
"""Works, the newest, whose titles and speakers are looked through."""


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
    found = _spans(question, runs, revision)
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
    known = _kept_creators(revision) if revision else _first_creators()
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


def _first_creators() -> tuple[Creator, ...]:
    return tuple(Creator.objects.published().order_by("pk")[: MOST_CREATORS + 1])


@lru_cache(maxsize=2)
def _kept_creators(_revision: str) -> tuple[Creator, ...]:
    return _first_creators()


def works_titled(words: str, *, creators: Sequence[int], is_whole: bool = False, least: float = 1.0) -> list[Work]:
    """Return the works in whose titles all these words stand, spelt about so, the newest first; [] without words.

    With ``is_whole`` the words must be most of the title, or of its part before a colon. Of the words, a share of
    ``least`` is enough. ``creators`` are primary keys, none for everyone. Synchronous.
    """
    wanted = content_stems(words)
    if not wanted:
        return []
    return [work for work in titled_works(creators) if _is_titled(work.title, wanted, is_whole=is_whole, least=least)]


def titled_works(creators: Sequence[int]) -> list[Work]:
    """Return the works of these creators, of everyone for none, newest first, ``MOST_TITLES`` at most."""
    works = Work.objects.published().select_related("creator").newest_first()
    return list((works.filter(creator_id__in=creators) if creators else works)[:MOST_TITLES])


MOST_OF_TITLE = 0.6


def _is_titled(title: str, wanted: Sequence[str], *, is_whole: bool, least: float) -> bool:
    for part in {title, title.partition(":")[0]}:
        own = content_stems(part)
        hits = sum(any(one == other or _alike(one, other) for other in own) for one in wanted)
        if hits and hits >= least * len(wanted) and (not is_whole or len(wanted) >= MOST_OF_TITLE * len(own)):
            return True
    return False


def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 3 and ratio(one, other) >= LIKE


_EMPTY = frozenset(
    "a an the of on in at to for with by from and or is are was were my your his her their our its it this that "
    "about what how who "
    "why when which do does did you i we they he she me us part episode video".split()
)


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's words without those that any title may have."""
    return [stem for stem in stems(text) if stem not in _EMPTY]


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
        if wanted and all(any(_same(word, own) for own in folded(folded_name(one.name)).split()) for word in wanted)
    )


def _same(word: str, own: str) -> bool:
    return word == own or _alike(word, own)
