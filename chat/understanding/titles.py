"""Works that words of a message name: by all of a title, by the telling words of one or of its file, by a number."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from pathlib import PurePosixPath

from rapidfuzz.fuzz import ratio

from chrysopedia.core.text import stems
from creators.models import Work

MOST_TITLES = 5_000
"""Works, the newest, whose titles and speakers are looked through."""
LIKE = 86
"""Likeness, of 100, from which on two words of a name are the same word."""
MOST_OF_TITLE = 0.6
MOST_SHARE, FEW_WORKS = 0.7, 4
"""Share of a creator's works from which on a word of their titles tells none apart, and works from which that counts:
"Transcripts 152 ast and me"."""
TOLD = 0.5
"""Share of the words, weighed by how rare they are in titles, that a work must have to be meant by them."""
AS_GOOD = 0.85
"""Share of the best that another work must have to be meant as well."""
MOST_WORDS = 24
"""Words of their own by which somebody names a work; a whole message of them would be compared for seconds."""
MOST_MEANT = 6
"""Works that may be meant together; words that fit more of them tell none."""

_EMPTY = frozenset(
    "a an the of on in at to for with by from and or is are was were my your his her their our its it this that "
    "about what how who "
    "why when which do does did you i we they he she me us part episode video".split()
)


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's words without those that any title may have."""
    return [stem for stem in stems(text) if stem not in _EMPTY]


def alike(one: str, other: str) -> bool:
    """Say whether two words are the same, spelt about so."""
    return one == other or (min(len(one), len(other)) > 3 and ratio(one, other) >= LIKE)


@dataclass(frozen=True)
class _Titled:
    """A work with the words by which it may be named."""

    work: Work

    @cached_property
    def parts(self) -> tuple[list[str], ...]:
        """The stems of the title, and of its part before a colon."""
        return tuple(map(content_stems, dict.fromkeys((self.work.title, self.work.title.partition(":")[0]))))

    @cached_property
    def all(self) -> frozenset[str]:
        """The stems of the title and of the file's name, and the initials of neighbours: "ast" of "abstract …"."""
        initials = "".join(word[0] for word in re.findall(r"\w+", self.work.title.casefold()))
        runs = {initials[at : at + 2] for at in range(len(initials) - 1) if initials[at : at + 2].isalpha()}
        return frozenset((*self.parts[0], *content_stems(_file_words(self.work)), *runs))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers by which the title or the file counts it."""
        return frozenset(int(one) for one in _COUNTED.findall(f"{_file_words(self.work)} {self.work.title}"))


_COUNTED = re.compile(r"(?<![\w.])(?:e|ep|s\d+e)?0*(\d{1,4})(?![\w])", re.IGNORECASE)


def _file_words(work: Work) -> str:
    return re.sub(r"[^\w.]+|_+", " ", PurePosixPath(work.source).stem)


def titled_works(creators: Sequence[int]) -> list[Work]:
    """Return the works of these creators, of everyone for none, newest first, ``MOST_TITLES`` at most."""
    works = Work.objects.published().select_related("creator").with_lengths().newest_first()
    return list((works.filter(creator_id__in=creators) if creators else works)[:MOST_TITLES])


def works_titled(
    words: str, *, creators: Sequence[int], is_whole: bool = False, least: float = 1.0, with_files: bool = True
) -> list[Work]:
    """Return the works in whose titles all these words stand, spelt about so, the newest first.

    ``with_files`` counts the names of their files too. With ``is_whole`` the words must be most of the title, or of its
    part before a colon. A share of ``least`` of the words is enough. ``creators`` are primary keys, none for everyone.
    Synchronous.
    """
    wanted = content_stems(words)
    if not 0 < len(wanted) <= MOST_WORDS:
        return []
    titles = [_Titled(work) for work in titled_works(creators)]
    shared = _shared(titles) if is_whole else {}
    found = []
    for one in titles:
        common = shared.get(one.work.creator_id, frozenset())
        parts = [[word for word in part if word not in common] for part in one.parts]
        names = parts if is_whole or not with_files else [*parts, one.all]
        if any(_has(own, wanted, is_whole=is_whole, least=least) for own in names):
            found.append(one.work)
    return found


def _has(own: Collection[str], wanted: Sequence[str], *, is_whole: bool, least: float) -> bool:
    hits = sum(any(alike(word, other) for other in own) for word in wanted)
    return bool(hits) and hits >= least * len(wanted) and (not is_whole or len(wanted) >= MOST_OF_TITLE * len(own))


def _shared(titles: Iterable[_Titled]) -> Mapping[int, frozenset[str]]:
    """Return the words that most works of a creator have in their titles or files, by the creator's key."""
    by_creator: dict[int, list[_Titled]] = {}
    for one in titles:
        by_creator.setdefault(one.work.creator_id, []).append(one)
    found = {}
    for creator, own in by_creator.items():
        often = Counter(word for one in own for word in one.all)
        least = MOST_SHARE * len(own) if len(own) >= FEW_WORKS else len(own) + 1
        found[creator] = frozenset(word for word, times in often.items() if times >= least)
    return found


def works_called(words: str, *, creators: Sequence[int]) -> list[Work]:
    """Return the work, or the few of them alike, whose telling words stand among these; [] where they are too few.

    "The egg timer one, is it really 20 min" is "A beat in twenty minutes, with my mother's egg timer". Synchronous.
    """
    wanted = list(dict.fromkeys(content_stems(words)))
    titles = [_Titled(work) for work in titled_works(creators)] if 0 < len(wanted) <= MOST_WORDS else []
    if not titles:
        return []
    shared = _shared(titles)
    hits = {
        one: {word for word in wanted if any(alike(word, own) for own in one.all - shared[one.work.creator_id])}
        for one in titles
    }
    often = Counter(word for words_of in hits.values() for word in words_of)
    # What no title has weighs half of what one has: it may be chat.
    rare = {word: log(1 + len(titles) / often[word]) if often[word] else log(1 + len(titles)) / 2 for word in wanted}
    scores = {one.work: sum(rare[word] for word in found) for one, found in hits.items() if found}
    best = max(scores.values(), default=0.0)
    meant = [work for work, score in scores.items() if score >= AS_GOOD * best]
    return meant if best >= TOLD * sum(rare.values()) and len(meant) <= MOST_MEANT else []


_NUMBERED = re.compile(
    r"(?:\b(?:episodes?|eps?|number|numbers|no|nr|shows?|chapters?|tutorials?|lessons?|lectures?|scripts?|videos?|"
    r"talks?)\.? ?#? ?|#)0*(?P<number>\d{1,4})(?![\w.:]*\d)(?! ?(?:minutes?|mins?|hours?|seconds?|h|s)\b)",
    re.IGNORECASE,
)


def number_in(text: str) -> int | None:
    """Return the number by which a message names a work: "episode 45"; None where it names none so."""
    found = _NUMBERED.search(text)
    return int(found["number"]) if found else None


def number_of(work: Work) -> int | None:
    """Return the number by which a work's title or file counts it, None where it has none or several."""
    numbers = _Titled(work).numbers
    return next(iter(numbers)) if len(numbers) == 1 else None


def works_numbered(number: int, *, creators: Sequence[int]) -> list[Work]:
    """Return the works whose titles or files are counted by this number, newest first. Synchronous."""
    return [work for work in titled_works(creators) if number in _Titled(work).numbers]


def without_number(text: str) -> str:
    """Return a message without the number by which it names a work, and the word before it."""
    return _NUMBERED.sub(" ", text)
