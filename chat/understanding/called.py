"""Creators whom a question that compares calls by a part of a name, or by somebody who speaks in their works."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.understanding.names import (
    MOST_CREATORS,
    MOST_WORKS_HEARD,
    NamedQuestion,
    first_creators,
    named_at,
    speakers_in,
)
from chrysopedia.core.text import WORD, folded_name
from creators.glossary.vocabulary import common_words
from creators.models import Creator, Work

SHORTEST, LEAST_TAIL = 3, 4
"""Letters of a part of a name, and of one that ends a word of it, as "muse" ends "metamuse"."""
REGULAR = 0.5
"""Share of a creator's works that name speakers in which somebody speaks whose first or last name is enough."""
_OF_ANY = frozenset("the and for show podcast channel episode talk cast radio blog video videos explained".split())
"""Words that the names of many shows have, which tell none of them."""
_WORDS = re.compile(
    r"\b(?:vs|versus|compar\w+|contrast\w*|both|each|differ\w*|(?:dis)?agree\w*|against|whereas|unlike|opposite|same|"
    r"who says what|where do they stand)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\bNAME\b(?:['’]s)?\W+(?:(?:or|and|but) )?(?:the )?NAME\b|\bNAME\b.*\bbut NAME\b"
    r"|\b(?:do|does|did|is|would) NAME\b.*\b(?:do|does|did|is|would) NAME\b",
    re.IGNORECASE,
)
"""Words that compare, and names that stand side by side."""
_BEFORE = re.compile(
    r"(?:\b(?:vs\.?|versus|between|than|against|compared (?:to|with)|unlike|both|does)|[&/])\s*$", re.IGNORECASE
)
_AFTER = re.compile(r"^(?:['’]s\b|\s*(?:vs\b|versus\b|[/&]))", re.IGNORECASE)
"""What stands before or after a word without a capital that is meant as a name."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A word that may call a creator; ``is_all`` says that it leaves out nothing that tells of the name."""

    creator: int
    is_all: bool = False


def called_creators(question: str, named: NamedQuestion, *, revision: str = "") -> NamedQuestion:
    """Return the question with two or more creators found where it compares them; as it was ``named`` where it doesn't.

    A part of a name that is an everyday word counts with a capital, or beside a word that compares, and only where
    another is called surely; what may mean several creators means none. Synchronous: it reads who speaks.
    """
    creators = first_creators(revision)
    if len(named.creators) > 1 or not 1 < len(creators) <= MOST_CREATORS:
        return named
    by_id = {one.pk: one for one in creators}
    first = by_id.get(named.creators[0].id) if named.creators else None
    found = [(start, end, first) for start, end in named.spans] if first else []
    has_words = bool(_WORDS.search(question))
    for words in (_parts_of, _voices_of) if has_words else (_parts_of,):
        if len({one.pk for *_, one in found}) > 1:
            break
        called = [one for one in _called(question, named, words(creators)) if one[2] in by_id]
        if found or any(is_sure for *_, is_sure in called):
            found += [(start, end, by_id[creator]) for start, end, creator, _ in called]
    both = named_at(question, found)
    is_comparison = len(both.creators) > 1 and (has_words or _BESIDE.search(both.text))
    return both if is_comparison else named


def _called(question: str, named: NamedQuestion, parts: dict[str, list[_Part]]) -> Iterator[tuple[int, int, int, bool]]:
    """Yield where a word calls one creator, and whether it can hardly mean anything else."""
    for match in WORD.finditer(question):
        bare = re.sub(r"['’]s$", "", match[0])
        word, start, end = folded_name(bare), match.start(), match.start() + len(bare)
        creator = _meant(parts.get(word, ()))
        if creator is None or any(start < until and at < end for at, until in named.spans):
            continue
        is_sure = word not in common_words()
        stands_out = match[0][0].isupper() or _BEFORE.search(question[:start]) or _AFTER.match(question[end:])
        if is_sure or stands_out:
            yield start, end, creator, is_sure


def _meant(parts: Sequence[_Part]) -> int | None:
    """Return the one creator whom a word can mean, or whose name it is whole; None where there are several."""
    whole = {one.creator for one in parts if one.is_all}
    few = whole or {one.creator for one in parts}
    return few.pop() if len(few) == 1 else None


def _parts_of(creators: Sequence[Creator]) -> dict[str, list[_Part]]:
    """Return the words of names, and ends of words that are run together, with whom they may mean."""
    parts: dict[str, list[_Part]] = defaultdict(list)
    for creator in creators:
        for name in {creator.folded_name, *creator.folded_aliases, creator.slug}:
            words = {one for one in re.split(r"[\W_]+", name) if len(one) >= SHORTEST} - _OF_ANY
            for word in words:
                parts[word].append(_Part(creator.pk, is_all=len(words) == 1))
                if name == word and word not in common_words():
                    ends = {word[at:] for at in range(SHORTEST, len(word) - LEAST_TAIL + 1)} & common_words()
                    for end in ends - _OF_ANY:
                        parts[end].append(_Part(creator.pk))
    return parts


def _voices_of(creators: Sequence[Creator]) -> dict[str, list[_Part]]:
    """Return the words of the names of those who speak in many works of one of these creators, with whom they mean."""
    published = Work.objects.published().filter(creator__in=creators).select_related("creator")
    newest = list(published.newest_first()[:MOST_WORKS_HEARD])
    works = {work.pk: work.creator_id for work in newest}
    spoken = {
        (one.work, word)
        for one in speakers_in(newest)
        for word in re.split(r"[\W_]+", folded_name(one.name))
        if len(word) >= SHORTEST
    }
    labelled = Counter(works[work] for work in {work for work, _ in spoken})
    often = Counter((works[work], word) for work, word in spoken)
    voices: dict[str, list[_Part]] = defaultdict(list)
    for (creator, word), times in often.items():
        if times >= REGULAR * labelled[creator]:
            voices[word].append(_Part(creator))
    return voices
