"""Ranking again by an operator's own judge, such as a server with the ``/rerank`` of TEI, Jina, Cohere or vLLM."""

import json
import logging
import math
import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol, cast

import httpx2
from django.conf import settings
from django.utils.module_loading import import_string

from chat import models
from chat.events.events import Coverage, Tier
from chat.retrieval.calibration import Calibration
from chat.retrieval.candidates import ScoredCandidate
from creators.models import Chunk

logger = logging.getLogger(__name__)

JUDGED = 30
"""Candidates that the judge is shown, best first: what is right is hardly ever further down, and each costs it time."""


class RerankError(Exception):
    """The judge gave no scores; the message is one line that may be logged."""


class Reranker(Protocol):
    """Judges how well texts answer a question."""

    @property
    def name(self) -> str:
        """The model, by which a calibration is kept."""
        ...

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the log-odds that each text answers; raises ``RerankError``.

        They may be fewer than the texts, of which the first are the likeliest, but not none.
        """
        ...


def get_reranker(*, timeout: float | None = None) -> Reranker | None:
    """Return this process's judge, as ``settings.RERANKER`` names it; None where none is set.

    ``timeout`` is in the place of the one that is set, for who has time; a judge that has none is as it is.
    """
    chosen = settings.RERANKER
    if not chosen:
        return None
    options = dict(chosen["OPTIONS"])
    if timeout is not None and "timeout" in options:
        options["timeout"] = timeout
    return _make(chosen["BACKEND"], tuple(sorted(options.items())))


@cache
def _make(backend: str, options: tuple[tuple[str, Hashable], ...]) -> Reranker:
    return cast(Reranker, import_string(backend)(**dict(options)))


def judged_space(space: str, reranker: Reranker) -> str:
    """Return the name under which a calibration of this vector space and this judge is kept."""
    return f"{space} + {reranker.name}"


def reranked(
    query: str,
    ranked: list[ScoredCandidate],
    *,
    space: str,
    tier: Tier,
    coverage: Coverage,
    threshold: float | None = None,
) -> tuple[list[ScoredCandidate], Coverage]:
    """Return the candidates in the order of the judge, and whether they answer; unchanged where there is no judge.

    With a calibration of its own the judge decides both. Without one only the order is its: what is relevant stays as
    it was. A judge that fails changes nothing. Synchronous.
    """
    reranker = get_reranker()
    if reranker is None or not ranked:
        return ranked, coverage
    try:
        judged = judged_by(reranker, query, ranked)
    except RerankError as error:
        logger.warning("not ranked again: %s", error)
        return ranked, coverage
    stored = models.Calibration.objects.newest(judged_space(space, reranker))
    if stored is None:
        return _dealt_anew(judged), coverage
    calibration = Calibration.from_values(stored.values, version=stored.version)
    again = sorted((_again(one, calibration) for one in judged), key=lambda one: (-one.relevance, one.chunk_id))
    least = calibration.thresholds[tier] if threshold is None else threshold
    return again, "full" if again[0].relevance >= least else "partly"


def judged_by(reranker: Reranker, query: str, ranked: Sequence[ScoredCandidate]) -> list[ScoredCandidate]:
    """Return the candidates with what the judge makes of the first ``JUDGED``; the others, and those that it
    had no time for, get the least of those."""
    texts = dict(Chunk.objects.filter(pk__in=[one.chunk_id for one in ranked[:JUDGED]]).values_list("pk", "text"))
    shown = [one for one in ranked[:JUDGED] if one.chunk_id in texts]
    if not shown:
        return list(ranked)
    scores = reranker.scores(query, [texts[one.chunk_id] for one in shown])
    given = dict(zip((one.chunk_id for one in shown), scores, strict=False))
    return [replace(one, judged=given.get(one.chunk_id, min(scores))) for one in ranked]


def _again(one: ScoredCandidate, calibration: Calibration) -> ScoredCandidate:
    relevance = calibration.relevance(cosine=one.cosine, overlap=one.overlap, judged=one.judged)
    return replace(one, relevance=relevance)


def _dealt_anew(judged: Sequence[ScoredCandidate]) -> list[ScoredCandidate]:
    """Return the first ``JUDGED`` in the judge's order, with their relevances dealt out anew in that order."""
    first = sorted(judged[:JUDGED], key=lambda one: -one.judged)
    relevances = sorted((one.relevance for one in first), reverse=True)
    dealt = [replace(one, relevance=relevance) for one, relevance in zip(first, relevances, strict=True)]
    return [*dealt, *judged[JUDGED:]]


MOST_BYTES = 1024 * 1024
"""Of a reply: thirty scores have a thousandth of it."""
REST = 30.0
"""Seconds for which a judge that failed is not asked: a question would wait for it each time."""
CERTAIN = 1e-6
"""How near to 0 and 1 a probability is taken at its word."""


class RerankServer:
    """A ``Reranker`` over ``POST {base_url}/rerank``; safe to share between threads. ``timeout`` is in seconds, in all.

    Most servers are sent ``documents``; one that refuses them (TEI) is sent ``texts`` from then on.
    """

    def __init__(self, *, base_url: str, model: str, api_key: str = "", timeout: float = 1.0) -> None:
        self._url = f"{base_url}/rerank"
        self._model = model
        self._timeout = timeout
        self._client = httpx2.Client(
            timeout=timeout,
            follow_redirects=False,  # the texts and the key would go wherever a server says
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
        )
        self._takes_texts = False
        self._rests_until = -math.inf

    @property
    def name(self) -> str:
        """The model's name without the server's: the same model on another machine gives the same scores."""
        return self._model

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the log-odds for each text; raises ``RerankError``, at once while it rests from a failure."""
        if time.monotonic() < self._rests_until:
            raise RerankError("the rerank server failed a moment ago")
        try:
            return log_odds(read_scores(self._ask(query, texts), count=len(texts)))
        except RerankError:
            self._rests_until = time.monotonic() + REST
            raise

    def _ask(self, query: str, texts: Sequence[str]) -> bytes:
        forms: list[Mapping[str, Any]] = [
            {"model": self._model, "query": query, "documents": list(texts)},
            {"query": query, "texts": list(texts), "truncate": True},
        ]
        until = time.monotonic() + self._timeout
        if not self._takes_texts:
            status, body = self._post(forms[0], until)
            if status not in {400, 422}:
                return _whole(status, body)
        status, body = self._post(forms[1], until)
        self._takes_texts = status == 200
        return _whole(status, body)

    def _post(self, form: Mapping[str, Any], until: float) -> tuple[int, bytes]:
        try:
            with self._client.stream("POST", self._url, json=form) as response:
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if time.monotonic() > until:
                        raise RerankError("the rerank server took too long")
                    if len(body) > MOST_BYTES:
                        raise RerankError(f"the rerank server sent more than {MOST_BYTES} bytes")
                return response.status_code, body
        except httpx2.TimeoutException:
            raise RerankError("the rerank server took too long") from None
        except httpx2.HTTPError as error:
            raise RerankError(f"the rerank server can't be reached: {type(error).__name__}") from None


def _whole(status: int, body: bytes) -> bytes:
    if status != 200:
        raise RerankError(f"the rerank server answered {status}")
    return body


def read_scores(body: bytes, *, count: int) -> list[float]:
    """Return the scores of ``count`` texts in their order, from any of the servers' forms; raises ``RerankError``."""
    try:
        reply = json.loads(body)
        rows = reply if isinstance(reply, list) else reply.get("results") or reply["data"]
        found = {int(row["index"]): float(row.get("relevance_score", row.get("score"))) for row in rows}
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise RerankError("the rerank server sent something else than scores") from None
    if found.keys() != set(range(count)) or not all(map(math.isfinite, found.values())):
        raise RerankError("the rerank server sent scores that fit no text")
    return [found[place] for place in range(count)]


def log_odds(scores: Sequence[float]) -> list[float]:
    """Return scores as log-odds: probabilities, as most servers send, are turned into them; others are such already."""
    if any(not 0 <= score <= 1 for score in scores):
        return list(scores)
    within = [min(max(score, CERTAIN), 1 - CERTAIN) for score in scores]
    return [math.log(score / (1 - score)) for score in within]
