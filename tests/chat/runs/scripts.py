"""Runs over scripted events, without a service behind them."""

import asyncio
import time
from collections.abc import AsyncGenerator
from uuid import uuid4

from chat.conversations.owner import ANYONE, Owner
from chat.events.events import Event, Failed, Question, Token
from chat.streams import Run, runs_here
from chat.streams.run import Stop
from chat.turns.state import Turn
from chrysopedia.core.locks import Lock

Step = Event | float | asyncio.Event


def new_turn(owner: Owner = ANYONE) -> Turn:
    """A turn of a conversation that nobody else knows."""
    lock = Lock(key=f"turn-lock:{uuid4()}", token="t")
    question = Question("Why?")
    return Turn(
        id=uuid4(),
        conversation_id=uuid4(),
        owner=owner,
        question=question,
        asked=None,
        history=(),
        lock=lock,
        began=time.monotonic(),
    )


def end(turn: Turn) -> Failed:
    """A terminal event."""
    return Failed(
        code="internal", message="over", retryable=True, conversation_id=turn.conversation_id, turn_id=turn.id
    )


async def played(turn: Turn, steps: tuple[Step, ...], stop: Stop) -> AsyncGenerator[Event, None]:
    """Yield events, wait for a number of seconds or for something to be set; and then a terminal event."""
    with stop.interrupts():
        for step in steps:
            if isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, asyncio.Event):
                await step.wait()
            else:
                yield step
    yield end(turn)


def start(*steps: Step, owner: Owner = ANYONE) -> Run:
    """Start a run that goes through these steps."""
    turn, stop = new_turn(owner), Stop()
    return runs_here().start(turn, played(turn, steps, stop), stop=stop)


def says(*texts: str) -> list[Token]:
    """Tokens with these texts."""
    return [Token(text) for text in texts]


async def whole(run: Run, *, after: int = 0) -> bytes:
    """All that a reader is sent from an event on."""
    return b"".join([part async for part in run.read(after=after)])
