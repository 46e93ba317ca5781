"""What ``bench.scale`` prints: the quality of both legs, and what a search costs."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from django.db import transaction

from bench.exact import Exact
from chat.events.events import Tier
from chat.retrieval import SearchQuery, dense, lexical, retrieve
from chat.retrieval.calibration import calibration_for
from chat.retrieval.candidates import Scope, scopes_for
from chat.retrieval.cascade import CANDIDATES, rank
from creators.embeddings import get_embedder
from creators.models import Creator, Domain, Space, TermCount

LIMIT = 10
PASSAGES = 6
SAME = 2e-5
"""Scores that differ by less are of equal chunks, whichever comes first."""
ROUNDS = 3


def quality(questions: Sequence[str]) -> None:
    """Print recall of the dense leg and agreement of the final ten, in each scope."""
    space = _space()
    exact, calibration = Exact.load(space), calibration_for(space.name)
    print(f"{'':28} chunks  recall@10  rows  dense p50   p95   final ten")
    for name, scope in _scopes():
        rows = exact.rows(scope)
        hits = wanted = given = due = same = places = 0
        taken = []
        for query in queries(questions):
            with transaction.atomic():
                terms = lexical.query_terms(query.text)
                most = dense.exact_limit(terms.chunks)
                size = dense.scope_size(scope, space=space, most=most)
                began = time.perf_counter()
                near = dense.nearest(query.vector, space=space, scope=scope, exact=size <= most, limit=CANDIDATES)
                taken.append(1000 * (time.perf_counter() - began))
                ranked = rank(query, terms, space=space, scope=scope, calibration=calibration)
            right, _ = exact.nearest(query.vector, rows=rows, limit=LIMIT)
            hits, wanted = hits + len(set(right) & {one.chunk_id for one in near}), wanted + len(right)
            given, due = given + len(near), due + min(CANDIDATES, len(rows))
            best = exact.best(query, terms, rows=rows, calibration=calibration, limit=LIMIT)
            got = [calibration.score_of(cosine=one.cosine, overlap=one.overlap) for one in ranked[:LIMIT]]
            same += sum(any(abs(score - other) < SAME for other in got) for score, _ in best)
            places += len(best)
        p50, p95 = np.percentile(taken, [50, 95])
        print(
            f"{name:26} {len(rows):8}  {hits / wanted:9.4f}  {given / due:4.2f}  {p50:6.1f} ms {p95:5.1f} "
            f"  {same / places:.4f}",
            flush=True,
        )


def latency(questions: Sequence[str]) -> None:
    """Print what ``retrieve`` takes in each scope, and the question's embedding apart."""
    embed = get_embedder().embed_questions
    _print("embedding a question", _times([partial(embed, [text]) for text in questions]))
    asked = queries(questions)
    for name, scope in _scopes():
        creator = scope.creators[0] if scope.creators and len(scope.creators) == 1 else None
        if scope.tier != Tier.DOMAIN:
            _print(f"retrieve, {name}", _times(list(_retrievals(asked, creator))))


def words(*, count: int) -> None:
    """Print what questions of five common words cost, and of five rare ones, in turn."""
    chance = random.Random(1)
    counts = list(TermCount.objects.filter(lexeme__regex="^[a-z]{4,}$").values_list("lexeme", "documents"))
    counts.sort(key=lambda row: -row[1])
    chunks = lexical.query_terms("").chunks
    common = [term for term, _ in counts[:60]]
    rare = [term for term, found in counts if 5 <= found <= max(20, chunks // 20_000)]
    texts = [" ".join(chance.sample(group, 5)) for _ in range(count) for group in (common, rare)]
    taken = _times(list(_retrievals(queries(texts), None)))
    _print("five common words", taken[0::2])
    _print("five rare words", taken[1::2])
    print(f"common to rare, medians: {np.median(taken[0::2]) / np.median(taken[1::2]):.2f}", flush=True)


def cascade(questions: Sequence[str]) -> None:
    """Print what a cascade down to ``none`` costs beside one search of everyone, in turn."""
    asked = queries(questions)
    for name, scope in _scopes():
        if scope.tier != Tier.CREATOR or scope.creators is None:
            continue
        creator = scope.creators[0]
        unanswered = [query for query in asked if retrieve(query, creator_id=creator, limit=PASSAGES).tier == Tier.NONE]
        pairs = [run for query in unanswered for who in (creator, None) for run in _retrievals([query], who)]
        taken = _times(pairs)
        ratio = np.median(taken[0::2]) / np.median(taken[1::2]) if taken else float("nan")
        print(f"none, asked of {name:24} {len(unanswered):3} questions, {ratio:.2f} times everyone", flush=True)


def unanswerable(folder: Path) -> list[str]:
    """Return the questions of the demo creators that stand alone."""
    files = [json.loads(line) for path in sorted(folder.glob("*/questions.jsonl")) for line in path.open("rb")]
    return [one["question"] for one in files if not one.get("history")]


def queries(texts: Sequence[str]) -> list[SearchQuery]:
    """Return the questions as they are searched for."""
    embedder = get_embedder()
    vectors = embedder.embed_questions(list(texts))
    return [SearchQuery(text=t, vector=v, space=embedder.space.name) for t, v in zip(texts, vectors, strict=True)]


def _retrievals(asked: Sequence[SearchQuery], creator: int | None) -> Iterator[Callable[[], object]]:
    for query in asked:
        yield partial(retrieve, query, creator_id=creator, limit=PASSAGES)


def _scopes() -> Iterator[tuple[str, Scope]]:
    """Yield everyone, the domains and a creator of each size, with a name."""
    yield "everyone", scopes_for(None)[0]
    for domain in Domain.objects.all():
        members = tuple(domain.creators.order_by("pk").values_list("pk", flat=True))
        yield f"domain of {len(members)} creators", Scope(Tier.DOMAIN, members)
    firsts = {creator.name.split()[-1]: creator.pk for creator in Creator.objects.order_by("-pk")}
    for size in sorted(firsts, key=int, reverse=True):
        yield f"creator of {size}", Scope(Tier.CREATOR, (firsts[size],))


def _times(runs: Sequence[Callable[[], object]]) -> list[float]:
    """Return the milliseconds that each run takes, the best of a few rounds over all of them."""
    taken: list[list[float]] = []
    for _ in range(ROUNDS):
        taken.append([])
        for run in runs:
            began = time.perf_counter()
            run()
            taken[-1].append(1000 * (time.perf_counter() - began))
    return [float(best) for best in np.min(np.array(taken), axis=0)]


def _print(name: str, taken: Sequence[float]) -> None:
    p50, p95 = np.percentile(taken, [50, 95])
    print(f"{name:36} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms", flush=True)


def _space() -> Space:
    return Space.objects.get(name=get_embedder().space.name)
