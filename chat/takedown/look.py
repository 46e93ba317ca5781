"""Looking for a work that was taken down, wherever a reader could still meet it, and saying where that is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from django.core.cache import cache

from chat.catalogue.people import catalogue_of
from chat.catalogue.questions import example_questions, next_questions
from chat.catalogue.transcript import transcript_of
from chat.models import EvaluationCase, ExpectedPassage, PinnedAnswer, Share, Turn
from chat.retrieval import SearchQuery, dense, lexical, retrieve
from chat.retrieval.candidates import Scope, scopes_for
from chat.takedown.traces import LIVE, cases_saying, logged, remembered, running, sentences_of, turns_about
from chat.turns.second_opinion import review_key
from creators.models import Chunk, Creator, Embedding, Space, Work

PROBES = 12
"""Chunks of the work with whose own words and vectors it is searched for."""
LIMIT = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where the work was looked for, in how many tries or rows, and how often it was there."""

    place: str
    looked: int
    found: int


@dataclass(frozen=True, slots=True)
class _Probe:
    chunk: Chunk
    query: SearchQuery


def look(work: Work, *, space: Space | None, now: datetime) -> Iterator[Finding]:
    """Yield where the work was looked for and what was found: all the legs of a search, then what was kept of it."""
    probes = list(_probes(work, space)) if space else []
    if space:
        for name, leg in (("the dense leg", _dense), ("the lexical leg", _lexical), ("the search", _searched)):
            yield _tried(name, probes, partial(leg, work=work, space=space))
    slug, maker = work.slug, work.creator.slug
    yield Finding("its page, and its creator’s list", 2, _pages(work))
    yield Finding("example questions and suggestions", 2, sum(map(slug.startswith, _suggested(slug, maker))))
    yield Finding("pinned answers", PinnedAnswer.objects.count(), PinnedAnswer.objects.filter(work=work).count())
    expected = ExpectedPassage.objects.filter(work=work).count()
    said = sum(1 for _ in cases_saying(sentences_of(work)))
    yield Finding("test cases", EvaluationCase.objects.count(), expected + said)
    yield Finding("kept conversations", Turn.objects.count(), turns_about(work).count())
    shared = turns_about(work).filter(conversation__share__isnull=False)
    yield Finding("shared conversations", Share.objects.count(), shared.count())
    yield from _cached(work, now=now)


def _cached(work: Work, *, now: datetime) -> Iterator[Finding]:
    """Look through what the cache has of the last hour: memory, logs, second looks, and answers being written."""
    recent = Turn.objects.since(now - LIVE)
    yield Finding("live conversations", recent.filter(ended=None).count(), sum(1 for _ in running(work, now=now)))
    found = set(remembered(sentences_of(work), now=now))
    yield Finding("memory of conversations", len(sentences_of(work)), len(found))
    yield Finding("logs of answers", recent.count(), sum(1 for _ in logged(work, now=now)))
    keys = [review_key(pk) for pk in turns_about(work).values_list("pk", flat=True)]
    yield Finding("second looks", len(keys), len(cache.get_many(keys)))


def _probes(work: Work, space: Space) -> Iterator[_Probe]:
    rows = Embedding.objects.filter(chunk__work=work, space=space).select_related("chunk").order_by("chunk__position")
    for row in rows[:PROBES]:
        vector = np.asarray(row.vector, np.float32)
        yield _Probe(row.chunk, SearchQuery(text=row.chunk.text[:300], vector=vector, space=space.name))


def _tried(name: str, probes: list[_Probe], leg: Callable[[_Probe], bool]) -> Finding:
    return Finding(name, len(probes), sum(map(leg, probes)))


def _scopes(work: Work) -> tuple[Scope, ...]:
    return (*scopes_for(None), *scopes_for(work.creator_id))


def _dense(probe: _Probe, *, work: Work, space: Space) -> bool:
    vector = probe.query.vector
    near = (
        dense.nearest(vector, space=space, scope=scope, exact=exact, limit=LIMIT)
        for scope in _scopes(work)
        for exact in (True, False)
    )
    return any(_is_of(work, {one.chunk_id for one in found}) for found in near)


def _lexical(probe: _Probe, *, work: Work, space: Space) -> bool:
    terms = lexical.query_terms(probe.query.text)
    find = partial(lexical.matching, terms, share=0.3, vector=probe.query.vector, space=space, size=terms.chunks)
    return any(_is_of(work, {one.chunk_id for one in find(scope=scope, limit=LIMIT)}) for scope in _scopes(work))


def _searched(probe: _Probe, *, work: Work, space: Space) -> bool:
    asked = (retrieve(probe.query, creator_id=creator, limit=LIMIT) for creator in (None, work.creator_id))
    return any(
        work.slug in {*(one.work_slug for one in found.passages), *(one.work for one in found.suggestions)}
        for found in asked
    )


def _is_of(work: Work, chunk_ids: set[int]) -> bool:
    return Chunk.objects.filter(pk__in=chunk_ids, work=work).exists()


def _pages(work: Work) -> int:
    listed = Creator.objects.published().filter(pk=work.creator_id).exists() and any(
        one.slug == work.slug for one in catalogue_of(work.creator.slug, size=10_000).works
    )
    return int(transcript_of(work.slug) is not None) + int(listed)


def _suggested(slug: str, maker: str) -> list[str]:
    """Return of which works the questions are that the pages of its creator offer; stems that the slug begins with."""
    offered = (*example_questions([maker]), *next_questions(creator=maker, works=[slug]))
    return [work for one in offered for work in one.works if slug.startswith(work)]
