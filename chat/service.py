"""A turn from question to last event: ``begin`` may refuse it, ``stream`` then never lets an error escape."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Literal
from uuid import UUID, uuid4

from django.db import connections

from chat import locks, memory
from chat.answering import answer
from chat.events import Done, ErrorCode, Event, Failed
from chat.owner import Owner
from chat.personality import Voice
from chat.record import Record
from chat.retrieval import SpaceMissing
from chat.turns import Asked, Turn, elapsed
from chat.values import Question
from creators.database import STORAGE_ERRORS, in_one_hop
from creators.embeddings import EmbeddingError
from creators.models import Creator, Personality
from creators.problem import Problem, not_found, unavailable

logger = logging.getLogger(__name__)

SETTLING = "settling"
"""The name of the tasks that write memory and free locks: an end of the process waits for them."""
SEARCH_ERRORS = (*STORAGE_ERRORS, EmbeddingError, SpaceMissing)
MESSAGES: dict[ErrorCode, str] = {
    "retrieval_unavailable": "The sources can't be searched at the moment. Try again in a few seconds.",
    "model_unavailable": "No answer could be written at the moment. Try again in a few seconds.",
    "internal": "Something went wrong here. It has been noted; try again.",
}


async def begin(question: Question, *, owner: Owner, turn_id: UUID | None = None) -> Turn:
    """Accept a question: find the creator, take the conversation's lock, recall what was said.

    Raises ``Problem``: 404 for an unknown creator or replaced turn, 409 while another turn of the conversation
    runs, 503 where the database or the cache doesn't answer.
    """
    began = time.monotonic()
    opening = asyncio.ensure_future(in_one_hop(_open, question, owner=owner, turn_id=turn_id or uuid4(), began=began))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread goes on and takes the lock for nobody: give it back as soon as it has it.
        opening.add_done_callback(_give_back)
        raise
    except STORAGE_ERRORS as error:
        logger.warning("a turn could not begin: %s", type(error).__name__)
        raise unavailable("The corpus can't be reached at the moment. Try again in a few seconds.") from error


async def stream(turn: Turn) -> AsyncGenerator[Event, None]:
    """Yield the events of a turn: sources, tokens, and one terminal event, last.

    Memory is written and the lock released before the terminal event, and also when the reader leaves early:
    close the generator (``contextlib.aclosing``) and what was streamed so far is kept as a stopped turn.
    """
    record = Record()
    renewal = asyncio.create_task(_renew(turn))
    outcome, settled = "stopped", False
    try:
        async with aclosing(_events(turn, record)) as events:
            async for event in events:
                if isinstance(event, Done | Failed):
                    outcome = event.finish if isinstance(event, Done) else event.code
                    break
                yield event
        await _settle(turn, record, renewal, keep=isinstance(event, Done))
        settled = True
        if isinstance(event, Done):
            event = replace(event, timings_ms=replace(event.timings_ms, total=elapsed(turn)))
        yield event
    finally:
        # Not renewal.done(): an end of the process cancels that task as well.
        if not settled:
            await asyncio.shield(asyncio.create_task(_settle(turn, record, renewal, keep=True), name=SETTLING))
        _log(turn, record, outcome)


async def _events(turn: Turn, record: Record) -> AsyncGenerator[Event, None]:
    """Yield what ``answer`` yields and then exactly one terminal event, whatever happens."""
    try:
        async with aclosing(answer(turn, record)) as events:
            async for event in events:
                yield event
        yield await asyncio.to_thread(record.done, turn, total=elapsed(turn))
    except SEARCH_ERRORS as error:
        logger.error("retrieval failed: %s: %s", type(error).__name__, error)  # noqa: TRY400 -- expected, no traceback
        yield _failed(turn, "retrieval_unavailable")
    except Exception:
        logger.exception("a turn failed")
        yield _failed(turn, "internal")


def _give_back(opening: "asyncio.Future[Turn]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.get_loop().run_in_executor(None, abandon, opening.result())


def abandon(turn: Turn) -> None:
    """Free the lock of a turn that nobody will ever stream. Synchronous; a cache that fails frees it in time."""
    try:
        with suppress(*STORAGE_ERRORS):
            turn.lock.release()
    finally:
        connections.close_all()


def _open(question: Question, *, owner: Owner, turn_id: UUID, began: float) -> Turn:
    asked = _asked(question.creator) if question.creator else None
    conversation_id = question.conversation_id or uuid4()
    lock = locks.acquire(owner=owner, conversation_id=conversation_id, turn_id=turn_id)
    if isinstance(lock, UUID):
        raise _busy(lock)
    try:
        history = _history(question, owner=owner, conversation_id=conversation_id)
    except BaseException:
        lock.release()
        raise
    return Turn(
        id=turn_id,
        conversation_id=conversation_id,
        owner=owner,
        question=question,
        asked=asked,
        history=history,
        lock=lock,
        began=began,
    )


def _asked(named: str) -> Asked:
    creator = Creator.objects.published().select_related("personality").named(named)
    if creator is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    own = getattr(creator, "personality", None)
    return Asked(
        id=creator.pk,
        slug=creator.slug,
        name=creator.name,
        names=(creator.name, *creator.aliases),
        voice=_voice(creator.name, own),
    )


def _voice(name: str, own: Personality | None) -> Voice:
    if own is None:
        return Voice(name=name)
    return Voice(
        name=name,
        summary=own.summary,
        tone=tuple(own.tone),
        vocabulary=tuple(own.vocabulary),
        habits=tuple(own.habits),
        phrases=tuple(own.phrases),
        avoid=tuple(own.avoid),
    )


def _history(question: Question, *, owner: Owner, conversation_id: UUID) -> tuple[memory.Exchange, ...]:
    said = memory.recall(owner=owner, conversation_id=conversation_id)
    if question.replaces is None:
        return said
    kept = memory.before(said, question.replaces)
    if kept is None:
        raise not_found("turn to replace in this conversation")
    memory.remember(kept, owner=owner, conversation_id=conversation_id)
    return kept


def _busy(running: UUID) -> Problem:
    return Problem(
        status=409,
        title="A turn is running",
        detail="This conversation is still answering the question before. Wait for its end and ask again.",
        extra={"running_turn_id": str(running)},
    )


async def _renew(turn: Turn) -> None:
    """Hold the lock for as long as the turn lives; where the cache fails it is tried again in time."""
    while True:
        await asyncio.sleep(locks.HOLD / 3)
        with suppress(*STORAGE_ERRORS):
            await in_one_hop(turn.lock.renew)


async def _settle(turn: Turn, record: Record, renewal: "asyncio.Task[None]", *, keep: bool) -> None:
    """Write memory and release the lock, in one hop. A cache that fails costs the memory, never the answer.

    ``keep`` is False for a turn that failed: what was said of it then is no answer to remember.
    """
    renewal.cancel()
    with suppress(asyncio.CancelledError):
        await renewal

    def settle() -> None:
        if keep and record.pieces:
            said = memory.exchange(turn_id=turn.id, question=turn.question.query, answer=record.answer)
            memory.remember([*turn.history, said], owner=turn.owner, conversation_id=turn.conversation_id)
        turn.lock.release()
        record.tell_breakers()

    try:
        await in_one_hop(settle)
    except STORAGE_ERRORS as error:
        logger.warning("turn %s could not be remembered: %s", turn.id, type(error).__name__)


def _failed(turn: Turn, code: Literal["retrieval_unavailable", "internal"]) -> Failed:
    return Failed(
        code=code, message=MESSAGES[code], retryable=True, conversation_id=turn.conversation_id, turn_id=turn.id
    )


def _log(turn: Turn, record: Record, outcome: str) -> None:
    """Write the turn's one line: everything but what was asked and answered."""
    logger.info(
        "turn=%s conversation=%s creator=%s weight=%s voice=%s tier=%s answered_by=%s outcome=%s retrieval_ms=%s "
        "first_token_ms=%s total_ms=%s passages=%s removed_markers=%s",
        turn.id,
        turn.conversation_id,
        turn.asked.slug if turn.asked else "-",
        turn.question.personality_weight,
        record.voice_applied,
        record.tier,
        record.answered_by,
        outcome,
        record.retrieval,
        record.first_token,
        elapsed(turn),
        len(record.passages),
        record.markers_removed,
    )
