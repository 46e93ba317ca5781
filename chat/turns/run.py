"""A turn from question to last event: ``begin`` may refuse it, ``stream`` then never lets an error escape."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal
from uuid import UUID, uuid4

from django.utils import timezone

from chat import conversations, streams
from chat.conversations import memory
from chat.events.events import Done, ErrorCode, Event, Failed, Sources
from chat.events.turn import USUAL, Owner, Question, Terms
from chat.retrieval import SpaceMissing
from chat.streams.run import Stop
from chat.turns.answer import answer
from chat.turns.open import Busy, Opener, abandon, open_from_corpus, open_turn
from chat.turns.sandbox import open_sandbox, stream_sandbox
from chat.turns.state import Turn, TurnState, elapsed
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.errors import unavailable
from chrysopedia.core.limits import Allowance
from creators.embeddings import EmbeddingError

logger = logging.getLogger(__name__)

SEARCH_ERRORS = (*STORAGE_ERRORS, EmbeddingError, SpaceMissing)
MESSAGES: dict[ErrorCode, str] = {
    "retrieval_unavailable": "The sources can't be searched at the moment. Try again in a few seconds.",
    "model_unavailable": "No answer could be written at the moment. Try again in a few seconds.",
    "internal": "Something went wrong here. It has been noted; try again.",
}
NOT_REMEMBERED = "This could not be remembered: what you ask next may not know of it."
GIVING_WAY = 3.0
"""Seconds that a question waits for the end of a run that nobody reads."""


async def ask(
    question: Question,
    *,
    owner: Owner,
    turn_id: UUID | None = None,
    allowance: Allowance | None = None,
    terms: Terms = USUAL,
) -> streams.Run:
    """Accept a question and start the run that answers it; nothing has to be read for it to go on.

    Raises ``Problem`` as ``begin`` does, 429 where the allowance is used up, and 503 where this process writes as many
    answers as it may.
    """
    here = streams.runs_here()
    try:
        with here.place():
            turn = await begin(question, owner=owner, turn_id=turn_id, allowance=allowance, terms=terms)
            stop = Stop()
            return here.start(turn.head, source_for(terms).stream(turn, stop=stop), lock=turn.lock, stop=stop)
    except streams.Full:
        raise unavailable("Too many answers are being written at once. Try again in a few seconds.") from None


async def begin(
    question: Question,
    *,
    owner: Owner,
    turn_id: UUID | None = None,
    allowance: Allowance | None = None,
    terms: Terms = USUAL,
) -> Turn:
    """Accept a question: find the creator, take the conversation's lock, recall what was said.

    A run of the conversation that nobody reads is stopped and gives way. Raises ``Problem``: 404 for an unknown creator
    or replaced turn, 409 while somebody reads another turn of the conversation, 503 where the database or the
    cache doesn't answer.
    """
    began = time.monotonic()
    try:
        while True:
            try:
                named = turn_id or uuid4()
                turn = await _open(question, owner=owner, turn_id=named, began=began, allowance=allowance, terms=terms)
                return replace(turn, terms=terms)
            except Busy as busy:
                is_late = time.monotonic() - began > GIVING_WAY
                is_free = await in_one_hop(_freed, busy.turn_id) or await streams.give_way(busy.turn_id)
                if is_late or not is_free:
                    raise busy.problem() from None
    except STORAGE_ERRORS as error:
        logger.warning("a turn could not begin: %s", type(error).__name__)
        raise unavailable("The corpus can't be reached at the moment. Try again in a few seconds.") from error


def _freed(turn_id: UUID) -> bool:
    """Take the lock from a turn whose process is gone, and say whether that was so."""
    run = streams.abandoned(turn_id)
    if run:
        memory.free(run.head)
    return run is not None


async def stream(turn: Turn, *, stop: Stop | None = None) -> AsyncGenerator[Event, None]:
    """Yield the events of a turn: sources, tokens, and one terminal event, last.

    Once ``stop`` is asked, the connection to the model closes and what was said so far is the answer. Memory and what
    is kept are written and the lock released before the terminal event, and also where the generator is closed early.
    """
    state = TurnState()
    end: Done | Failed | None = None
    settled = False
    try:
        async with aclosing(_events(turn, state, stop or Stop())) as events:
            async for event in events:
                if isinstance(event, Done | Failed):
                    end = _timed(event, turn)
                    break
                yield event
        is_remembered = await _settle(turn, state, end=end)
        settled = True
        if isinstance(end, Done) and not is_remembered:
            end = replace(end, memory_note=NOT_REMEMBERED)
        if end:
            yield end
    finally:
        if not settled:
            await streams.runs_here().settle(_settle(turn, state, end=end))
        _log(turn, state, end)


async def _events(turn: Turn, state: TurnState, stop: Stop) -> AsyncGenerator[Event, None]:
    """Yield what ``answer`` yields and then exactly one terminal event, whatever happens."""
    try:
        with stop.interrupts():
            async with aclosing(answer(turn, state)) as events:
                async for event in events:
                    yield event
        if stop.heeded:
            state.finish = stop.heeded
            if state.retrieval is None:
                yield Sources(())
        yield await asyncio.to_thread(state.done, turn, total=elapsed(turn))
    except SEARCH_ERRORS as error:
        logger.error("retrieval failed: %s: %s", type(error).__name__, error)  # noqa: TRY400 -- expected, no traceback
        yield _failed(turn, "retrieval_unavailable")
    except Exception:
        logger.exception("a turn failed")
        yield _failed(turn, "internal")


async def _open(
    question: Question, *, owner: Owner, turn_id: UUID, began: float, allowance: Allowance | None, terms: Terms
) -> Turn:
    here = streams.runs_here()
    opener = partial(
        source_for(terms).open,
        question,
        owner=owner,
        turn_id=turn_id,
        began=began,
        now=timezone.now(),
        process=here.process,
        tick=here.tick,
    )
    opening = asyncio.ensure_future(in_one_hop(open_turn, opener, allowance=allowance))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread goes on and takes the lock for nobody: give it back as soon as it has it.
        opening.add_done_callback(_give_back)
        raise


def _give_back(opening: "asyncio.Future[Turn]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.get_loop().run_in_executor(None, abandon, opening.result())


@dataclass(frozen=True, slots=True)
class EventSource:
    """Where the events of turns come from: ``open`` makes a turn in a hop, ``stream`` yields what becomes of it."""

    open: Opener
    stream: Callable[..., AsyncGenerator[Event, None]]


CORPUS = EventSource(open_from_corpus, stream)
SANDBOX = EventSource(open_sandbox, stream_sandbox)


def source_for(terms: Terms) -> EventSource:
    """Return where the events of a turn on these terms come from."""
    return SANDBOX if terms.is_sandbox else CORPUS


AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between the tries to keep a turn whose end met with a database that was gone: it is back within a minute."""


async def _settle(turn: Turn, state: TurnState, *, end: Done | Failed | None) -> bool:
    """Write memory and what is kept, and release the lock, in one hop; return whether that could be done.

    A storage that fails never costs the answer: what is kept is then written later. ``end`` is None where the turn was
    closed early. What was said of one that failed is no answer to remember.
    """
    now = timezone.now()

    def keep() -> bool:
        answer, sources, charge = state.answer, state.sources, state.charge()
        return conversations.settle(turn.head, answer=answer, sources=sources, end=end, now=now, charge=charge)

    def settle() -> bool:
        # First, because a question that replaces this turn may come as soon as the lock is free.
        is_kept = keep()
        is_loop = state.reason == "repetition" and state.quoted_from is None
        if state.pieces and not isinstance(end, Failed) and not is_loop:
            said = memory.exchange(
                turn_id=turn.head.turn_id,
                question=turn.head.query,
                answer=state.answer,
                quoted_from=state.quoted_from,
            )
            before = turn.history if turn.remembered is None else turn.remembered
            memory.remember([*before, said], owner=turn.head.owner, conversation_id=turn.head.conversation_id)
        turn.release()
        state.tell_breakers()
        state.pay(turn, now=now)
        return is_kept

    def settle_again() -> bool:
        is_kept = keep()
        turn.release()
        state.pay(turn, now=now)
        return is_kept

    try:
        is_kept, is_remembered = await in_one_hop(settle), True
    except STORAGE_ERRORS as error:
        logger.warning("turn %s could not be remembered: %s", turn.head.turn_id, type(error).__name__)
        is_kept = is_remembered = False
    if not is_kept:
        streams.runs_here().settle_later(_retried(settle_again))
    return is_remembered


async def _retried(settle: Callable[[], bool]) -> None:
    """Try again and again until it is done; by then memory has gone on, or is made from what is kept."""
    for pause in AGAIN:
        await asyncio.sleep(pause)
        with suppress(*STORAGE_ERRORS):
            if await in_one_hop(settle):
                return


def _failed(turn: Turn, code: Literal["retrieval_unavailable", "internal"]) -> Failed:
    return Failed(
        code=code,
        message=MESSAGES[code],
        retryable=True,
        conversation_id=turn.head.conversation_id,
        turn_id=turn.head.turn_id,
    )


def _timed(end: Done | Failed, turn: Turn) -> Done | Failed:
    """Return the end with the whole time of the turn, up to now."""
    if isinstance(end, Failed):
        return end
    return replace(end, timings_ms=replace(end.timings_ms, total=elapsed(turn)))


def _log(turn: Turn, state: TurnState, end: Done | Failed | None) -> None:
    """Write the turn's one line: everything but what was asked and answered."""
    outcome = "closed" if end is None else end.finish if isinstance(end, Done) else end.code
    logger.info(
        "turn=%s conversation=%s creator=%s weight=%s voice=%s tier=%s answered_by=%s outcome=%s retrieval_ms=%s "
        "first_token_ms=%s total_ms=%s passages=%s removed_markers=%s",
        turn.head.turn_id,
        turn.head.conversation_id,
        turn.head.creator or "-",
        turn.head.weight,
        state.voice_applied,
        state.tier,
        state.answered_by,
        outcome,
        state.retrieval,
        state.first_token,
        elapsed(turn),
        len(state.passages),
        state.markers.removed,
    )
