"""Withdrawing a work, and removing what was made of it: answers, receipts, pins, memory, logs, suggestions."""

import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from chat import streams
from chat.catalogue.questions import forget_examples
from chat.conversations import memory
from chat.conversations.stored import most_asked_key
from chat.events.events import NOT_GROUNDED, Tier
from chat.events.messages import MESSAGES
from chat.events.turn import Owner
from chat.models import Conversation, EvaluationCase, ExpectedPassage, PinnedAnswer, Turn
from chat.takedown.traces import (
    cases_saying,
    is_any_searching,
    logged,
    remembered,
    running,
    says,
    sentences_of,
    turns_about,
)
from chat.turns.second_opinion import review_key
from creators.models import PersonalityDraft, Work
from creators.models.feeds import Episode

TICKS = 4
"""For how many of a process's ticks runs are watched at least: what is written comes into the cache by and by."""
AT_MOST = 15.0
"""Seconds for which they are watched at most: a stopped one has to end."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was removed with a work."""

    answers: int
    sources: int
    pins: int
    passages: int
    stopped: int


def take_down(work: Work, *, clock: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep) -> Taken:
    """Withdraw a work at once, and remove what was made of it. Idempotent; synchronous, and takes some seconds.

    From the first commit on no search finds it. Answers that cite it lose their words, those that only consulted it the
    source. Runs that have named it are stopped, and then it is looked for once more.
    """
    with transaction.atomic():
        Work.objects.filter(pk=work.pk).update(is_withdrawn=True, taken_down=clock())
        # So that the feed doesn't bring it back, as it does what it had withdrawn itself.
        Episode.objects.filter(feed__creator=work.creator_id, source=work.source).update(is_withdrawn=False)
        pins, _ = PinnedAnswer.objects.filter(work=work).delete()
        passages, _ = ExpectedPassage.objects.filter(work=work).delete()
        PersonalityDraft.objects.filter(creator=work.creator_id).forget_works({work.slug})
    forget_examples(work.creator.slug)
    told: set[int] = set()
    answers, sources = _purge(work, told, now=clock())
    stopped = _stop_runs(work, told, clock=clock, sleep=sleep)
    late_answers, late_sources = _purge(work, told, now=clock())
    return Taken(answers + late_answers, sources + late_sources, pins, passages, stopped)


def _purge(work: Work, told: set[int], *, now: datetime) -> tuple[int, int]:
    """Remove the work from what is kept and cached; return how many answers went, and from how many a source did.

    The conversations in which that was are added to ``told``, and what is remembered of these all is forgotten.
    """
    answers = sources = 0
    gone: set[str] = set()
    for row in turns_about(work).select_related("conversation").iterator(chunk_size=200):
        if row.ended is None and row.ending is None and not row.answer:
            continue  # it runs, and is settled at its end
        is_gone = _rests_on(row, work)
        changes = _emptied(row) if is_gone else _without_source(row, work.slug)
        Turn.objects.filter(pk=row.pk).update(**changes)
        answers, sources = answers + is_gone, sources + (not is_gone)
        told.add(row.conversation_id)
        gone |= {row.answer} if is_gone and row.answer else set()
        streams.erase([row.pk])
        cache.delete_many([review_key(row.pk), most_asked_key(row.creator_slug)])
    rows = Conversation.objects.filter(pk__in=told).values_list("owner", "public_id")
    memory.forget([(Owner(key), public_id) for key, public_id in rows])
    sentences = sentences_of(work)
    memory.forget(remembered(sentences, now=now))
    _clean_cases(sentences, gone)
    live = {run.head.turn_id for run in running(work, now=now)}
    streams.erase([turn_id for turn_id in logged(work, now=now) if turn_id not in live])
    return answers, sources


def _clean_cases(sentences: frozenset[str], gone: Collection[str]) -> None:
    """Take out of test cases what was said before them, where that is a sentence of the work or an answer that went."""
    for case in cases_saying(sentences, answers=gone):
        earlier = [
            {**one, "answer": MESSAGES["taken_down"] if _tells(one["answer"], sentences, gone) else one["answer"]}
            for one in case.earlier
        ]
        EvaluationCase.objects.filter(pk=case.pk).update(earlier=earlier)


def _tells(answer: str, sentences: frozenset[str], gone: Collection[str]) -> bool:
    return answer in gone or says(answer, sentences)


def _rests_on(row: Turn, work: Work) -> bool:
    """Tell whether the words of an answer may be the work's: it is cited or quoted, or never came to an end."""
    ending = row.ending or {}
    numbers = {source["number"] for source in row.sources if source["work"] == work.slug}
    settings_of = (one for dispute in ending.get("disagreements", ()) for one in dispute["settings"])
    is_disputed = any(one["work"] == work.slug for one in settings_of)
    is_cited = bool(numbers & set(ending.get("cited", ())))
    is_listed = row.answered_by in {"catalogue", "pinned"}
    return is_cited or is_disputed or is_listed or not ending


def _emptied(row: Turn) -> dict[str, Any]:
    """Return the columns of a turn without its answer: for its reader, and for the desk, nothing here answers it."""
    changes: dict[str, Any] = {"answer": MESSAGES["taken_down"], "sources": [], "tier": Tier.NONE.value}
    if row.ending is None:
        return changes
    empty: dict[str, Any] = {"cited": [], "citations": [], "disagreements": [], "suggestions": [], "quoted_from": None}
    none = {"coverage": "none", "cascade_tier": Tier.NONE.value, "answered_by": "none", "voice_applied": 0.0}
    ending = {**row.ending, **empty, **none, "grounding": asdict(NOT_GROUNDED)}
    return {**changes, "answered_by": "none", "ending": ending}


def _without_source(row: Turn, slug: str) -> dict[str, Any]:
    """Return the columns of a turn whose answer says nothing of the work, without it among what was consulted."""
    kept = [source for source in row.sources if source["work"] != slug]
    for source in kept:
        if source.get("also"):
            source["also"] = [one for one in source["also"] if one["work"] != slug]
    ending = row.ending or {}
    suggestions = [one for one in ending.get("suggestions", ()) if one["work"] != slug]
    return {"sources": kept, "ending": {**ending, "suggestions": suggestions} if row.ending else None}


def _stop_runs(
    work: Work, told: Collection[int], *, clock: Callable[[], datetime], sleep: Callable[[float], None]
) -> int:
    """Stop the runs that have named the work, and those of conversations in which it was told, as they remember it.

    Waits for their ends and returns how many there were. One that is still searching may have begun before the work was
    withdrawn, so its sources are waited for.
    """
    began, asked = clock(), set()
    at_least = TICKS * settings.CHAT_TICK_SECONDS
    while True:
        found = list(running(work, told=told, now=clock()))
        for run in found:
            asked.add(run.head.turn_id)
            streams.ask_to_stop(run)
        passed = (clock() - began).total_seconds()
        is_quiet = not found and passed >= at_least and not is_any_searching(before=began)
        if is_quiet or passed >= AT_MOST:
            return len(asked)
        sleep(settings.CHAT_TICK_SECONDS / 2)
