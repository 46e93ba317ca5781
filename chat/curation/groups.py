"""Questions that were asked, in groups of those that mean the same, by the vectors of the embedder that is set."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from chat.models import PinnedAnswer, QuestionVector, Turn, TurnQuerySet
from chat.models.curation import Vectors, unpacked
from creators.embeddings import Embedder, EmbeddingError, get_embedder

logger = logging.getLogger(__name__)

ALIKE = 0.45
"""Mean cosine of the questions of two groups from which on they are one.

Of 30 things asked in eight ways each by hand, and 60 more questions, it holds 45 % of the pairs that mean the same, and
86 % of its pairs rightly. To take along what is like a leader, from .6 on, held 24 %, 87 % rightly.
"""
MOST = 4000
"""Questions that are grouped at once, the newest; their cosines take 64 MB."""
EMBEDDED_AT_ONCE = 256
"""Questions that are embedded while somebody waits for a page: about three seconds."""
TREND = timedelta(days=7)
LATELY = timedelta(days=30)
"""How far back questions need somebody."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it stands at the desk, by its name there; ``creator`` is the slug of who was asked, "" everyone."""

    desk_id: UUID
    text: str
    creator: str
    creator_name: str
    created: datetime
    answered_by: str


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that mean the same, put to one creator; the first is the one that most of them are like."""

    questions: tuple[AskedQuestion, ...]
    vectors: Vectors
    """Theirs, in their order, shape (n, dimensions)."""
    rising: int
    """By how many more were asked in the last seven days than in the seven before."""

    @property
    def title(self) -> str:
        """The question that stands for all of them."""
        return self.questions[0].text

    @property
    def desk_id(self) -> UUID:
        """The name of the question that stands for all of them."""
        return self.questions[0].desk_id

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return max(question.created for question in self.questions)

    @property
    def phrasings(self) -> dict[str, int]:
        """Each way in which it was asked, as first written, with how often, the most frequent first."""
        written: dict[str, str] = {}
        counts: dict[str, int] = {}
        for question in self.questions:
            first = written.setdefault(_folded(question.text), question.text)
            counts[first] = counts.get(first, 0) + 1
        return dict(sorted(counts.items(), key=lambda one: -one[1]))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip("?!. ")


def embed_missing(turns: TurnQuerySet, *, embedder: Embedder, limit: int | None = EMBEDDED_AT_ONCE) -> int:
    """Embed the questions of these turns that have no vector in the embedder's space, the newest first.

    Returns how many are still without one; at most ``limit`` are embedded, None is all. Synchronous, and slow.
    """
    space = embedder.space.name
    missing = turns.exclude(question_vector__space=space).order_by("-created")
    rows = list(missing.values_list("pk", "question")[:limit])
    texts = list(dict.fromkeys(question for _, question in rows))
    if texts:
        places = {text: place for place, text in enumerate(texts)}
        vectors = embedder.embed_passages(texts)
        chosen = vectors[[places[question] for _, question in rows]]
        QuestionVector.objects.keep([pk for pk, _ in rows], chosen, space=space)
    return missing.count()


def embed_lately(*, now: datetime) -> bool:
    """Embed questions of the last weeks, for a worker, so that nobody waits for it; return whether more may be left."""
    waiting = Turn.objects.since(now - LATELY).searched()
    try:
        return bool(embed_missing(waiting, embedder=get_embedder()))
    except EmbeddingError as error:
        logger.warning("questions that were asked wait to be embedded: %s", error)
        return False


def asked_questions(turns: TurnQuerySet, *, embedder: Embedder) -> tuple[tuple[AskedQuestion, ...], Vectors]:
    """Return the newest of these turns that have a vector in the embedder's space, and the vectors in their order."""
    rows = list(
        turns.filter(question_vector__space=embedder.space.name)
        .order_by("-created")
        .values_list(
            "desk_id", "question", "creator_slug", "creator_name", "created", "answered_by", "question_vector__vector"
        )[:MOST]
    )
    asked = tuple(AskedQuestion(*row[:-1]) for row in rows)
    stored = b"".join(bytes(row[-1]) for row in rows)
    return asked, unpacked(stored, dimensions=embedder.space.dimensions)


def group_questions(
    asked: Sequence[AskedQuestion], vectors: Vectors, *, now: datetime, pins: Iterable[PinnedAnswer] = ()
) -> list[QuestionGroup]:
    """Return the questions in groups, the most asked first and of equals the last asked.

    Groups that are most like each other, on the mean over their questions, become one, and so on; nobody's questions
    stand with another creator's. What was asked before a pin that answers it is left out: of whom it was
    asked is known by ``creator``.
    """
    groups: list[QuestionGroup] = []
    known = _settled(asked, vectors, pins)
    for creator in dict.fromkeys(question.creator for question in asked):
        places = np.array([at for at, one in enumerate(asked) if one.creator == creator and at not in known], dtype=int)
        groups += [_group(asked, vectors, [int(at) for at in places[some]], now) for some in _alike(vectors[places])]
    return sorted(groups, key=lambda group: (-len(group.questions), -group.last.timestamp()))


def _settled(asked: Sequence[AskedQuestion], vectors: Vectors, pins: Iterable[PinnedAnswer]) -> set[int]:
    """Return the places of the questions that a pin answers which was made since."""
    settled: set[int] = set()
    for pin in pins:
        if len(asked):
            matched, slug = pin.matches(vectors), pin.creator.slug if pin.creator else ""
            settled |= {
                at for at, one in enumerate(asked) if matched[at] and one.creator == slug and one.created <= pin.created
            }
    return settled


def _alike(vectors: Vectors) -> Iterable[list[int]]:
    """Yield the places of vectors that are alike, in each group the one first that is most like all of it."""
    for places in _joined(vectors @ vectors.T):
        own = vectors[places]
        yield [places[at] for at in np.argsort(-(own @ own.mean(axis=0)), kind="stable")]


def _joined(cosines: Vectors) -> Iterable[list[int]]:
    """Yield the places that average linkage joins, by a chain of nearest neighbours: quadratic in time. Overwrites.

    Two that are nearest to each other are joined at once: by what else is joined they come no nearer to a third.
    """
    members = [[at] for at in range(len(cosines))]
    np.fill_diagonal(cosines, -1)
    for begin in range(len(cosines)):
        chain = [begin] if members[begin] else []
        while chain:
            top = chain[-1]
            nearest = int(np.argmax(cosines[top]))
            if len(chain) > 1 and cosines[top, chain[-2]] >= cosines[top, nearest]:
                nearest = chain[-2]
            if cosines[top, nearest] < ALIKE:
                chain.pop()
                yield members[top]
                members[top] = []
                cosines[:, top] = -1
            elif len(chain) > 1 and nearest == chain[-2]:
                del chain[-2:]
                _join(cosines, members, keep=min(top, nearest), drop=max(top, nearest))
                chain = chain or [min(top, nearest)]
            else:
                chain.append(nearest)


def _join(cosines: Vectors, members: list[list[int]], *, keep: int, drop: int) -> None:
    sizes = len(members[keep]), len(members[drop])
    mean = np.average(cosines[[keep, drop]], axis=0, weights=sizes)
    cosines[keep], cosines[:, keep] = mean, mean
    cosines[keep, keep] = -1
    cosines[drop], cosines[:, drop] = -1, -1
    members[keep] += members[drop]
    members[drop] = []


def _group(asked: Sequence[AskedQuestion], vectors: Vectors, places: Sequence[int], now: datetime) -> QuestionGroup:
    questions = tuple(asked[at] for at in places)
    ages = [now - question.created for question in questions]
    rising = sum(age <= TREND for age in ages) - sum(TREND < age <= 2 * TREND for age in ages)
    return QuestionGroup(questions, vectors[list(places)], rising=rising)
