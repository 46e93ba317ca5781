"""What a calibration is fitted to: labelled questions, and synthetic ones out of the corpus itself."""

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from django.db import transaction

from chat.evaluation.questions import Asking
from chat.evaluation.report import probe_of
from chat.events.events import Tier
from chat.retrieval import Probe, lexical
from chat.retrieval.calibration import Calibration, calibration_for
from chat.retrieval.cascade import rank, scopes_for
from chat.retrieval.query import Scope, Scored
from creators.embeddings import Embedder
from creators.models import Chunk, Creator, Space, Work
from creators.transcripts.sentences import sentence_spans

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is searched for, the works that answer it (none: nothing does) and who made them.

    ``chunks`` are those that hold the answer, where that is known; ``creator`` is None where there are several.
    """

    probe: Probe
    works: frozenset[int]
    creator: int | None
    chunks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What both legs propose, best first: which are of right works, hold the answer, or can be judged at all.

    ``legs`` has a row of cosine and best window for each.

    In a right work of which nobody said where the answer stands, the best candidate is taken to hold it.
    """

    legs: Floats
    of_right_work: Flags
    is_relevant: Flags
    is_judged: Flags


@dataclass(frozen=True, slots=True)
class Trial:
    """A case put to the corpus: asked of everyone, of its own creator, and of another one taken at random."""

    is_answerable: bool
    everyone: Found
    own: Found | None
    other: Found | None


def best(found: Found, calibration: Calibration) -> float:
    """Return the highest score before the logistic; minus infinity where nothing was found."""
    return float(scores(found, calibration).max(initial=-np.inf))


def best_of_others(found: Found, calibration: Calibration) -> float:
    """As ``best``, with the works that answer removed."""
    return float(scores(found, calibration)[~found.of_right_work].max(initial=-np.inf))


def scores(found: Found, calibration: Calibration) -> Floats:
    """Return each candidate's score before the logistic."""
    return np.asarray(found.legs @ np.array([calibration.cosine, calibration.window]) + calibration.intercept)


def cases_asked(askings: Sequence[Asking], *, embedder: Embedder) -> list[Case]:
    """Return a case for each question, which must have been placed in the corpus."""
    slugs = {slug for asking in askings for slug in asking.works}
    works = {work.slug: work for work in Work.objects.published().filter(slug__in=slugs)}
    creators = Creator.objects.published().in_bulk(field_name="slug")
    return [
        _case(
            asking,
            works=[works[slug] for slug in asking.works],
            creator=creators[asking.creator] if asking.creator else None,
            embedder=embedder,
        )
        for asking in askings
    ]


def _case(asking: Asking, *, works: Sequence[Work], creator: Creator | None, embedder: Embedder) -> Case:
    makers = {work.creator_id for work in works}
    return Case(
        probe=probe_of(asking, creator=creator, embedder=embedder),
        works=frozenset(work.pk for work in works),
        creator=makers.pop() if len(makers) == 1 else None,
    )


LEFT_OUT = 0.3
NEAR, FAR = 0.4, 0.2
"""The most that is replaced by words of the chunk, and of another; each question draws its shares from 0 to these."""
WORDS = range(8, 41)
SHORTEST_TELLING = 4
"""Letters from which on a word says something; a figure always does. Rough, but the same in many languages."""


@dataclass(frozen=True, slots=True)
class _Source:
    chunk: Chunk
    sentence: str
    elsewhere: tuple[str, ...]


def cases_made(*, sample: int, embedder: Embedder, chance: random.Random) -> list[Case]:
    """Return a case for each of ``sample`` chunks taken at random, less those without a sentence of fit length."""
    published = Chunk.objects.filter(work__is_withdrawn=False, creator__is_published=True)
    keys = sorted(published.values_list("pk", flat=True))
    chosen = chance.sample(keys, min(sample, len(keys)))
    chunks = list(published.defer("search").filter(pk__in=chosen).order_by("pk"))
    sources = list(_sources(chunks, embedder=embedder))
    texts = [_worn(source, foreign=chance.choice(sources).elsewhere, chance=chance) for source in sources]
    vectors = embedder.embed_questions(texts)
    return [
        Case(
            probe=Probe(text=text, vector=vector, space=embedder.space.name),
            works=frozenset({source.chunk.work_id}),
            creator=source.chunk.creator_id,
            chunks=_holding(source),
        )
        for source, text, vector in zip(sources, texts, vectors, strict=True)
    ]


def is_telling(word: str) -> bool:
    """Say whether a word says something by itself."""
    letters = [sign for sign in word if sign.isalnum()]
    return len(letters) >= SHORTEST_TELLING or any(sign.isdigit() for sign in letters)


def worn(words: Sequence[str], *, near: Sequence[str], far: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield the words, those that say something thinned out and mixed with some from near and some from far."""
    is_near, is_far = chance.uniform(0, NEAR), chance.uniform(0, FAR)
    for word in words:
        if not is_telling(word):
            yield word
        elif chance.random() >= LEFT_OUT:
            drawn = chance.random()
            if near and drawn < is_near:
                yield chance.choice(near)
            elif far and is_near <= drawn < is_near + is_far:
                yield chance.choice(far)
            else:
                yield word


def _sources(chunks: Sequence[Chunk], *, embedder: Embedder) -> Iterator[_Source]:
    """Yield each chunk with its most telling sentence, the nearest to the chunk as a whole."""
    for chunk in chunks:
        sentences = [chunk.text[start:end] for start, end in sentence_spans(chunk.text)]
        fit = [sentence for sentence in sentences if len(sentence.split()) in WORDS]
        if fit:
            vectors = embedder.embed_passages([chunk.text, *fit])
            sentence = fit[int((vectors[1:] @ vectors[0]).argmax())]
            rest = chunk.text.replace(sentence, " ")
            yield _Source(chunk, sentence, tuple(word for word in rest.split() if is_telling(word)))


def _worn(source: _Source, *, foreign: Sequence[str], chance: random.Random) -> str:
    words = worn(source.sentence.split(), near=source.elsewhere, far=foreign, chance=chance)
    return " ".join(words) or source.sentence


def _holding(source: _Source) -> frozenset[int]:
    # Chunks of a work overlap, so a sentence may stand in two of them.
    siblings = Chunk.objects.filter(work=source.chunk.work_id, text__contains=source.sentence)
    return frozenset(siblings.values_list("pk", flat=True))


def trials_of(cases: Iterable[Case], *, space: Space, chance: random.Random) -> Iterator[Trial]:
    """Yield what each case comes to; ``chance`` takes the wrong creators."""
    creators = list(Creator.objects.published().order_by("pk").values_list("pk", flat=True))
    for case in cases:
        yield _trial(case, space=space, creators=creators, chance=chance)


@transaction.atomic
def _trial(case: Case, *, space: Space, creators: Sequence[int], chance: random.Random) -> Trial:
    words = lexical.lexicon(case.probe.text, context=case.probe.context)
    search = partial(rank, case.probe, words, space=space, calibration=calibration_for(space.name))
    others = [creator for creator in creators if creator != case.creator]

    right = set(Chunk.objects.filter(work__in=case.works).values_list("pk", flat=True))

    def found(scope: Scope) -> Found:
        return _found(search(scope=scope), right=right, holding=case.chunks)

    def of(creator: int) -> Found:
        return found(Scope(Tier.CREATOR, (creator,)))

    return Trial(
        is_answerable=bool(case.works),
        everyone=found(scopes_for(None)[0]),
        own=of(case.creator) if case.creator is not None else None,
        other=of(chance.choice(others)) if case.creator is not None and others else None,
    )


def _found(ranked: Sequence[Scored], *, right: Collection[int], holding: Collection[int]) -> Found:
    relevant = holding or [scored.chunk_id for scored in ranked if scored.chunk_id in right][:1]
    of_right_work = np.array([scored.chunk_id in right for scored in ranked], bool)
    is_relevant = np.array([scored.chunk_id in relevant for scored in ranked], bool)
    legs = [(scored.cosine, scored.words.window) for scored in ranked]
    return Found(
        legs=np.array(legs, np.float64).reshape(-1, 2),
        of_right_work=of_right_work,
        is_relevant=is_relevant,
        is_judged=is_relevant | ~of_right_work | bool(holding),
    )
