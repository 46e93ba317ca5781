"""Runs over scripted events, without a service behind them."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import uuid4

from chat.events.events import Event, Failed, Token
from chat.events.turn import ANYONE, Owner, TurnHead
from chat.streams import Run, runs_here
from chat.streams.run import Stop
from chrysopedia.core.cache import Lock

Step = Event | float | asyncio.Event


def new_turn(owner: Owner = ANYONE) -> TurnHead:
    """A turn of a conversation that nobody else knows."""
    return TurnHead(turn_id=uuid4(), conversation_id=uuid4(), owner=owner, query="Why?")


def end(turn: TurnHead) -> Failed:
    """A terminal event."""
    return Failed(
        code="internal", message="over", retryable=True, conversation_id=turn.conversation_id, turn_id=turn.turn_id
    )


async def played(turn: TurnHead, steps: tuple[Step, ...], stop: Stop) -> AsyncGenerator[Event, None]:
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
    lock = Lock(key=f"turn-lock:{turn.turn_id}", token="t")
    return runs_here().start(turn, played(turn, steps, stop), lock=lock, stop=stop)


def says(*texts: str) -> list[Token]:
    """Tokens with these texts."""
    return [Token(text) for text in texts]


async def whole(run: Run, *, after: int = 0) -> bytes:
    """All that a reader is sent from an event on."""
    return b"".join([part async for part in run.read(after=after)])
