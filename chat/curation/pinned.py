"""Answers that a curator pinned: tried on what was asked before, found by meaning, shown with their receipts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Q

from chat.curation.groups import AskedQuestion, QuestionGroup
from chat.events.events import Passage
from chat.grounding.citations import citations_of
from chat.grounding.verification.features import sentence_embedder
from chat.models import PinnedAnswer
from chat.models.curation import THRESHOLD, Vectors, packed
from chat.retrieval import sources_of
from chat.retrieval.candidates import NO_OVERLAP, ScoredCandidate, narrowest_tier, scopes_for
from chat.retrieval.passages import passages_from
from chat.understanding.reply import Reply, harmless
from chrysopedia.core.text import folded, written_day
from creators.embeddings import Embedder, get_embedder
from creators.models import Chunk, Creator, Work
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans

MOST_PHRASINGS = 20
"""Ways of asking of a group that a pin knows."""
MOST_NEAR, LEAST_NEAR = 12, 0.3
"""Ways of asking from other groups that a curator may add, and how like the group they are on the mean at least."""
QUOTED = 2
"""Sentences that are quoted where a curator only points at a place."""


def pinned_reply(text: str, *, creator_id: int | None, today: date, revision: str = "") -> Reply | None:
    """Return the answer that is pinned to a question, None where there is none. Synchronous; raises ``EmbeddingError``.

    Where nothing is pinned for whoever is asked, it costs one query, none where that is known of this ``revision`` of
    the pins, and embeds nothing. Of several that match, the one
    that is most alike answers. One whose source is withdrawn, or no longer says it, never does.
    """
    if not (_kept_pinned(creator_id, today, revision) if revision else _is_pinned(creator_id, today)):
        return None
    live = PinnedAnswer.objects.live(today).asked_of(creator_id)
    embedder = get_embedder()
    known = live.with_sources().filter(Q(("is_gone", False)), space=embedder.space.name)
    pins = list(known.select_related("creator", "work"))
    if not pins:
        return None
    vector = embedder.embed_sentences([text])[0]
    likeness = {pin.pk: float((pin.phrasings @ vector).max()) for pin in pins}
    for pin in sorted(pins, key=lambda one: -likeness[one.pk]):
        if likeness[pin.pk] >= pin.threshold and (reply := _reply(pin)):
            return reply
    return None


def _is_pinned(creator_id: int | None, today: date) -> bool:
    """Say whether anything is pinned for whoever is asked."""
    return PinnedAnswer.objects.live(today).asked_of(creator_id).exists()


@lru_cache(maxsize=1024)
def _kept_pinned(creator_id: int | None, today: date, _revision: str) -> bool:
    return _is_pinned(creator_id, today)


def _reply(pin: PinnedAnswer) -> Reply | None:
    """Return a pin as an answer with its receipts, None where its source is gone."""
    signature = _signature(pin)
    scopes = scopes_for(pin.creator_id)
    if not pin.quote:
        return Reply(f"{pin.text}\n\n{signature}", answered_by="pinned", tier=scopes[0].tier)
    passages = _passages(pin)
    if not passages:
        return None
    body = f"{pin.text} [1]"
    return Reply(
        text=f"{body}\n\n{signature}",
        answered_by="pinned",
        tier=passages[0].tier,
        sources=sources_of(passages),
        citations=citations_of(body, passages, embed=sentence_embedder()),
    )


def _signature(pin: PinnedAnswer) -> str:
    when, name = written_day(pin.created.date()), harmless(pin.signed)
    if pin.in_their_name and pin.creator:
        return f"*Said in the name of {harmless(pin.creator.name)}, with their consent; {name}, {when}.*"
    is_quotation = bool(pin.quote) and pin.text.startswith(f"“{' '.join(pin.quote.split())}")
    return f"*{'Chosen' if is_quotation else 'Written'} by {name}, a curator of this site, {when}.*"


def _passages(pin: PinnedAnswer) -> tuple[Passage, ...]:
    """Return the passage that a pin rests on; () where it has gone just now."""
    chunk = Chunk.objects.visible().filter(work=pin.work, text__contains=pin.quote).order_by("position").first()
    if chunk is None:
        return ()
    scopes = scopes_for(pin.creator_id)
    scored = ScoredCandidate(chunk.pk, chunk.creator_id, cosine=1.0, overlap=NO_OVERLAP, relevance=1.0)
    return passages_from([scored], tiers={chunk.pk: narrowest_tier(chunk.creator_id, scopes)}, limit=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a work: its sentence, which a pin is found by again, and what is quoted of it."""

    quote: str
    words: str


_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)|(\d+(?:\.\d+)?)")


def place_in(work: Work, where: str) -> Place | None:
    """Return what a work says at a place: a time like 12:34 or 754, or the first words of a sentence. None for nothing.

    In a text without times only words lead anywhere.
    """
    time = _TIME.fullmatch(where.strip())
    if time is None:
        return _place_of_words(work, where)
    hours, minutes, rest, plain = time.groups()
    seconds = float(plain) if plain else int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)
    chunk = work.chunks.filter(start_seconds__lte=seconds, is_hidden=False).order_by("-position").first()
    if chunk is None or chunk.end_seconds is None or chunk.end_seconds + 1 < seconds:
        return None
    spans = chunk_spans(chunk.text, chunk.timing)
    length = len(chunk.text)
    begun = [at for at, span in enumerate(spans) if (seconds_at(chunk.timing, span[0], length) or 0) <= seconds + 0.5]
    return _place(chunk, spans, begun[-1] if begun else 0)


def _place_of_words(work: Work, words: str) -> Place | None:
    wanted = folded(words)
    for chunk in work.chunks.filter(is_hidden=False).order_by("position") if wanted else ():
        spans = chunk_spans(chunk.text, chunk.timing)
        at = next((at for at, span in enumerate(spans) if folded(chunk.text[slice(*span)]).startswith(wanted)), None)
        if at is not None:
            return _place(chunk, spans, at)
    return None


def _place(chunk: Chunk, spans: Sequence[tuple[int, int]], at: int) -> Place | None:
    said = [chunk.text[start:end] for start, end in spans[at : at + QUOTED]]
    return Place(quote=said[0], words=" ".join(" ".join(said).split())) if said else None


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways of asking for the same: a question for each, and their vectors in their order."""

    questions: tuple[AskedQuestion, ...]
    vectors: Vectors

    def only(self, keys: Collection[str]) -> "Ways":
        """Return those whose question has one of these names at the desk."""
        chosen = [at for at, one in enumerate(self.questions) if str(one.desk_id) in keys]
        return Ways(tuple(self.questions[at] for at in chosen), self.vectors[chosen])

    def __add__(self, other: "Ways") -> "Ways":
        return Ways((*self.questions, *other.questions), np.concatenate([self.vectors, other.vectors]))


def ways_of(group: QuestionGroup) -> Ways:
    """Return the ways in which a group was asked, the most frequent first.

    Each by the question that was asked so first, so that a form goes on to know it where it is asked again meanwhile.
    """
    newest_first = sorted(range(len(group.questions)), key=lambda at: group.questions[at].created, reverse=True)
    oldest = {folded(group.questions[at].text): at for at in newest_first}
    texts = list(dict.fromkeys(folded(text) for text in group.phrasings))[:MOST_PHRASINGS]
    places = [oldest[text] for text in texts]
    return Ways(tuple(group.questions[at] for at in places), group.vectors[places])


def ways_near(group: QuestionGroup, *, asked: Sequence[AskedQuestion], vectors: Vectors) -> Ways:
    """Return ways in which the same creator was asked something near to a group, the nearest first.

    ``asked`` is what was asked, the newest first; each way is known by the question that was asked so first.
    """
    own = group.questions[0].creator
    oldest = {folded(one.text): at for at, one in enumerate(asked) if one.creator == own}
    nearness = (vectors @ group.vectors.T).mean(axis=1) if len(asked) else np.zeros(0)
    known = {folded(one.text) for one in group.questions}
    places: list[int] = []
    for at in np.argsort(-nearness, kind="stable"):
        text = folded(asked[at].text)
        if nearness[at] < LEAST_NEAR or len(places) == MOST_NEAR:
            break
        if oldest.get(text) == at and text not in known:
            places.append(int(at))
    return Ways(tuple(asked[at] for at in places), vectors[places])


@dataclass(frozen=True, slots=True)
class Trial:
    """What a pin would have answered: questions that it is for, how many there are, and other questions.

    Of its ``ways`` of asking, ``anew`` would have been answered had the pin not known them, but only the others: about
    that share of those who ask in words of their own it is likely to answer.
    """

    own: int
    of: int
    others: tuple[AskedQuestion, ...]
    anew: int = 0
    ways: int = 0


def try_on(ways: Ways, *, asked: Sequence[AskedQuestion], vectors: Vectors, threshold: float) -> Trial:
    """Say which of all that was asked of the same creator a pin for these ways of asking would have answered."""
    texts = {folded(one.text) for one in ways.questions}
    near = (vectors @ ways.vectors.T).max(axis=1) >= threshold if len(asked) else np.zeros(0, dtype=bool)
    of = sum(one.creator == ways.questions[0].creator and folded(one.text) in texts for one in asked)
    matched = [
        one for one, is_near in zip(asked, near, strict=True) if is_near and one.creator == ways.questions[0].creator
    ]
    others = tuple(one for one in matched if folded(one.text) not in texts)
    anew = int((_nearest_other(ways.vectors) >= threshold).sum())
    return Trial(len(matched) - len(others), of, others, anew=anew, ways=len(ways.questions))


def _nearest_other(phrasings: Vectors) -> Vectors:
    """Return for each way of asking the cosine of the one that is most like it."""
    cosines = phrasings @ phrasings.T
    np.fill_diagonal(cosines, -1)
    nearest: Vectors = cosines.max(axis=1)
    return nearest


PROPOSED = (0.65, 0.7, 0.75, THRESHOLD, 0.85, 0.9)
ALL_BUT_THE_SAME = 0.95


def propose(ways: Ways, *, asked: Sequence[AskedQuestion], vectors: Vectors) -> float:
    """Return a threshold for ways of asking: the least with which nothing else that was asked would be answered."""
    for threshold in PROPOSED:
        if not try_on(ways, asked=asked, vectors=vectors, threshold=threshold).others:
            return threshold
    return ALL_BUT_THE_SAME


def pin(
    ways: Ways, *, creator: Creator | None, curator_id: int | None, embedder: Embedder, now: datetime, **said: Any
) -> PinnedAnswer:
    """Pin an answer to ways of asking; ``said`` are the fields of ``PinnedAnswer`` that the curator filled in."""
    return PinnedAnswer.objects.create(
        creator=creator,
        curator_id=curator_id,
        questions=[one.text for one in ways.questions],
        vectors=packed(ways.vectors),
        space=embedder.space.name,
        created=now,
        **said,
    )
