"""What invites a visitor to ask: questions and topics that the corpus answers, and a sample of a quote."""

import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import chain, islice, zip_longest
from pathlib import Path

from django.core.cache import cache
from django.db.models import F, QuerySet
from django.db.models.lookups import IsNull

import creators
from chat.events.events import Tier
from chat.events.messages import clock
from chat.retrieval import SpaceMissing, build_query, retrieve
from chrysopedia.core.links import link_to
from chrysopedia.core.text import folded, stems, without_unseen
from creators.embeddings import EmbeddingError, get_embedder
from creators.models import Chunk, Creator, GlossaryEntry
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans

EXAMPLES_SHOWN = 3
CANDIDATES_TRIED = 6
"""Questions of one creator that are tried for each that is shown; each costs a search."""
CHECKED_FOR = 3600
"""Seconds that it stands whether the corpus answers a question."""
DEMO = Path(creators.__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question that the corpus can answer, and whom to ask.

    ``works`` are the beginnings of the slugs of the works that answer it, () where that isn't known, and ``answer`` is
    what they say, "" likewise; ``is_shown_first`` marks those that show best what the program does.
    """

    query: str
    creator_slug: str
    works: tuple[str, ...] = ()
    is_shown_first: bool = False
    answer: str = ""


@lru_cache(maxsize=1)
def demo_questions() -> Mapping[str, tuple[ExampleQuestion, ...]]:
    """Return the questions that come with the demo creators, by whom they go to, the best examples first."""
    found: dict[str, tuple[ExampleQuestion, ...]] = {}
    for file in sorted(DEMO.glob("*/questions.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        plain = [
            ExampleQuestion(
                row["question"],
                creator_slug=row["creator"],
                works=tuple(row["works"]),
                is_shown_first=row.get("example", False),
                answer=row["answer"],
            )
            for row in rows
            if row["kind"] == "plain"
        ]
        found[file.parent.name] = tuple(sorted(plain, key=lambda one: not one.is_shown_first))
    return found


def is_invented(creator_slug: str) -> bool:
    """Tell whether a creator is one of those that come with the program to try it."""
    return creator_slug in demo_questions()


def example_questions(slugs: Iterable[str]) -> tuple[ExampleQuestion, ...]:
    """Return up to three questions that the creators' own works answer; creators take turns."""
    return tuple(islice(_round_robin([_answered(_candidates_of(slug)) for slug in slugs]), EXAMPLES_SHOWN))


def next_questions(
    *, creator: str, works: Collection[str], asked: Iterable[str] = (), limit: int = EXAMPLES_SHOWN
) -> tuple[ExampleQuestion, ...]:
    """Return questions to go on with that the consulted works answer, or else others of the same creators.

    ``creator`` is who was asked, "" for everyone: then whoever made the works, as far as it is answered in full where
    everyone is asked; ``asked`` is not asked again.
    """
    known = {folded(question) for question in asked}
    makers = Creator.objects.published().filter(works__slug__in=works).distinct().values_list("slug", flat=True)
    lists = []
    for slug in [creator] if creator else list(makers[:EXAMPLES_SHOWN]):
        fresh = [one for one in _candidates_of(slug, works) if folded(one.query) not in known]
        lists.append(_answered(sorted(fresh, key=lambda one: not _is_of(one, works)), by_all=not creator))
    found = islice(_round_robin(lists), limit)
    return tuple(replace(one, creator_slug=creator) for one in found)


def _is_of(example: ExampleQuestion, works: Collection[str]) -> bool:
    return any(work.startswith(example.works) for work in works) if example.works else False


def _candidates_of(slug: str, works: Collection[str] = ()) -> list[ExampleQuestion]:
    """Return questions for a creator: those of the demo, or else those that are asked and answered in their works."""
    return list(demo_questions().get(slug, ())) or list(islice(_spoken_questions(slug, works), CANDIDATES_TRIED))


def _answered(questions: Iterable[ExampleQuestion], *, by_all: bool = False) -> Iterator[ExampleQuestion]:
    """Yield the questions that the corpus answers, of the first few; a question is tried when its turn comes."""
    return (one for one in islice(questions, CANDIDATES_TRIED) if is_answered(one, by_all=by_all))


def _round_robin(lists: Sequence[Iterator[ExampleQuestion]]) -> Iterator[ExampleQuestion]:
    """Yield the first of each iterator, then the second of each; an item is computed only when its turn comes."""
    waiting = deque(lists)
    while waiting:
        own = waiting.popleft()
        if (example := next(own, None)) is not None:
            yield example
            waiting.append(own)


def is_answered(example: ExampleQuestion, *, by_all: bool = False) -> bool:
    """Tell whether the creator's own works answer a question, the expected ones first; known for an hour.

    With ``by_all`` it is put to everyone, of whom more is asked before it counts as an answer. False where the embedder
    fails.
    """
    key = _answered_key(example, by_all=by_all)
    known: bool | None = cache.get(key)
    if known is None:
        known = _is_answered(example, by_all=by_all)
        cache.set(key, known, CHECKED_FOR)
    return known


def forget_examples(slug: str) -> None:
    """Have the questions of a creator tried anew, as their works have changed."""
    known = [*demo_questions().get(slug, ()), *_spoken_questions(slug)]
    cache.delete_many([_answered_key(example, by_all=by_all) for example in known for by_all in (False, True)])


def _answered_key(example: ExampleQuestion, *, by_all: bool) -> str:
    return "answered:" + sha256(repr((example, by_all)).encode()).hexdigest()


def _is_answered(example: ExampleQuestion, *, by_all: bool) -> bool:
    creator = Creator.objects.published().named(example.creator_slug)
    if creator is None:
        return False
    asked, names = (None, ()) if by_all else (creator.pk, (creator.name, *creator.aliases))
    try:
        search_query = build_query(example.query, creator_id=asked, names=names, embedder=get_embedder())
        found = retrieve(search_query, creator_id=asked, limit=1)
    except (EmbeddingError, SpaceMissing):
        return False
    is_theirs = found.coverage == "full" and found.passages[0].creator_slug == creator.slug
    is_within = by_all or found.tier == Tier.CREATOR
    return is_theirs and is_within and (not example.works or found.passages[0].work_slug.startswith(example.works))


QUESTION_WORDS = range(5, 15)
QUESTION_CHUNKS = 80
"""Chunks with a question mark that are read for questions."""
SHORTEST_ANSWER = 80
"""Characters that follow a question in its chunk where it is answered there."""
LONG_WORD = 5
_ASKS = re.compile(r"(how(?! about)|what(?! if| about)|why|when|which|where|should)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"\b(it|its|that|this|these|those|they|them|their|he|him|his|she|her|there|then|so|one|ones|we|us|my|me|i|right|okay"
    r"|thing|things|stuff|happens?|going|mean|today|again|next|video|episode|doing|think|want|talking|mind|say|said"
    r"|exactly|specifically|other|others|else|your|yours|have been|has been|was|were|did)\b|['’,]",
    re.IGNORECASE,
)
"""Words by which a question leans on what was said before, is put to a guest, or asks what no stranger would."""


def _spoken_questions(slug: str, works: Collection[str] = ()) -> Iterator[ExampleQuestion]:
    """Yield questions that are asked, and gone into, in a creator's works, or in some of these; none twice."""
    chunks = Chunk.objects.visible().filter(creator__slug=slug, text__contains="?")
    if works:
        chunks = chunks.filter(work__slug__in=works)
    seen: set[str] = set()
    for chunk in chunks.select_related("work").order_by("-work__published", "position")[:QUESTION_CHUNKS]:
        for start, end in chunk_spans(chunk.text, chunk.timing):
            said = " ".join(without_unseen(chunk.text[start:end]).split())
            if is_strangers_question(said) and len(chunk.text) - end >= SHORTEST_ANSWER and folded(said) not in seen:
                seen.add(folded(said))
                yield ExampleQuestion(said, slug, (chunk.work.slug,))


def is_strangers_question(sentence: str) -> bool:
    """Tell whether a sentence asks what somebody might ask who has heard nothing of what goes before it."""
    words = sentence.rstrip("?").split()
    named = [word for word in words if len(word) >= LONG_WORD and not _ASKS.match(word)]
    asks = sentence.endswith("?") and bool(_ASKS.match(sentence)) and sentence[0].isupper()
    return asks and len(words) in QUESTION_WORDS and len(named) > 1 and not _LEANS.search(sentence)


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
    """Return up to eight subjects that this creator's own works answer questions about; their titles are none."""
    asked = (
        Topic(topic, f"What does {without_unseen(name)} say about {topic}?")
        for topic in islice(_candidates(slug), TOPICS_TRIED)
    )
    return tuple(islice((one for one in asked if is_answered(ExampleQuestion(one.query, slug))), TOPICS_SHOWN))


def _candidates(slug: str) -> Iterator[str]:
    """Yield possible subjects, alternating between the creator's glossary and headings, none twice."""
    terms = GlossaryEntry.objects.reviewed().filter(creator__slug=slug).values_list("term", flat=True)
    headings = Chunk.objects.visible().filter(creator__slug=slug).exclude(heading="").order_by("-work__published")
    named = headings.values_list("heading", flat=True)[: 4 * CANDIDATES_READ]
    lists = (
        (without_unseen(term) for term in terms[:CANDIDATES_READ]),
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
CHUNKS_ALIKE = 60
"""Chunks that are read for any sentence that will do, and for the one that answers an example."""
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
    published: date | None = None

    @property
    def label(self) -> str:
        """The time as a player shows it, "" in a text."""
        return "" if self.seconds is None else clock(self.seconds)

    @property
    def url(self) -> str:
        """The address of the sentence on the work's page here."""
        return link_to(url="", work=self.work, seconds=self.seconds, quote=self.quote)


def sample_quote(chunks: QuerySet[Chunk], *, like: str = "") -> SampleQuote | None:
    """Return a sentence that makes sense alone, of a timed work if possible, from beyond its beginning; or None.

    It is the first, or the one that shares most words and figures with ``like``.
    """
    timed_first = (IsNull(F("start_seconds"), True), "-work__published", "work__title", "position")
    beyond_opening = chunks.filter(position__gt=1).select_related("work__creator").order_by(*timed_first)
    wanted = set(stems(like))
    best: tuple[float, SampleQuote] | None = None
    for chunk in beyond_opening[: CHUNKS_ALIKE if wanted else CHUNKS_TRIED]:
        for start, end in chunk_spans(chunk.text, chunk.timing):
            if (said := " ".join(chunk.text[start:end].split())) and _stands_alone(said):
                own = set(stems(said))
                alike = len(wanted & own) / len(own) ** 0.5 if own else 0.0
                if best is None or alike > best[0]:
                    best = alike, _sampled(chunk, start, said)
        if best and not wanted:
            break
    return best[1] if best else None


def _sampled(chunk: Chunk, start: int, said: str) -> SampleQuote:
    work = chunk.work
    return SampleQuote(
        without_unseen(said),
        creator=work.creator.name,
        title=work.title,
        work=work.slug,
        seconds=seconds_at(chunk.timing, start, length=len(chunk.text)),
        published=work.published,
    )


def _stands_alone(sentence: str) -> bool:
    """Tell whether a sentence makes sense alone: whole, of a fair length, and not referring to the one before it."""
    first = sentence.split(maxsplit=1)[0].lower()
    is_whole = sentence[0].isupper() and sentence[-1] == "." and ": " not in sentence
    return is_whole and len(sentence) in QUOTE_CHARACTERS and first not in REFERRING_WORDS
