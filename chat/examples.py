"""Questions that the corpus can answer and a sentence worth showing, so that a first visitor sees what this is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest

from django.db.models import F, QuerySet
from django.db.models.lookups import IsNull

from chat.words import clock
from creators.models import Chunk
from creators.timing import seconds_at
from creators.transcripts.sentences import sentence_spans

QUESTIONS_SHOWN = 3
TOPIC_WORDS = range(2, 9)
CHUNKS_TRIED = 12
TELLING = range(50, 120)
REFERRING = frozenset("so and but that this these those it he she they then there or no yes same also because".split())

_ASIDE = re.compile(r"\s*(?::|\||,\s+with\b|\s[-–—]\s|\(|\[).*$")
_QUESTION_WORD = re.compile(r"(why|how|what|when|where|who|which|is|are|do|does|can|should)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(episode|part|lesson|chapter|vol|volume|ep|no)\b\.?\s*\d|^[\d\W]+$|#\d", re.IGNORECASE)


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


def specimen(chunks: QuerySet[Chunk]) -> Specimen | None:
    """Return a sentence worth showing from the first chunks that have one, none of a work's opening."""
    timed_first = (IsNull(F("start_seconds"), True), "-work__published", "work__title", "position")
    beyond_opening = chunks.filter(position__gt=1).select_related("work__creator").order_by(*timed_first)
    for chunk in beyond_opening[:CHUNKS_TRIED]:
        for start, end in sentence_spans(chunk.text):
            if (quote := " ".join(chunk.text[start:end].split())) and _is_telling(quote):
                seconds = seconds_at(chunk.timing, start, length=len(chunk.text))
                work = chunk.work
                return Specimen(quote, creator=work.creator.name, title=work.title, work=work.slug, seconds=seconds)
    return None


def _is_telling(sentence: str) -> bool:
    """Tell whether a sentence makes sense by itself: neither a fragment nor a reference to what stands before it."""
    first = sentence.split(maxsplit=1)[0].lower()
    is_whole = sentence[0].isupper() and sentence[-1] == "." and ": " not in sentence
    return is_whole and len(sentence) in TELLING and first not in REFERRING
