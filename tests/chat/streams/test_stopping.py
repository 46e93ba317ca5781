"""Asking an answer to end: what it interrupts, and what it doesn't."""

import asyncio

import pytest

from chat.streams.run import Stop


async def answering(stop: Stop, *, seconds: float = 5.0, then: float = 0.0) -> str:
    """An answer that takes so long, and what comes after it."""
    with stop.interrupts():
        await asyncio.sleep(seconds)
    await asyncio.sleep(then)
    return stop.heeded or "own end"


async def test_it_ends_the_wait_and_goes_on_after_it() -> None:
    stop = Stop()
    task = asyncio.create_task(answering(stop, then=0.01))
    await asyncio.sleep(0)
    stop.ask()
    assert await task == "stopped"


async def test_it_ends_an_answer_that_was_to_begin() -> None:
    stop = Stop()
    stop.ask("length")
    assert await answering(stop) == "length"


async def test_it_changes_nothing_after_the_answer() -> None:
    stop = Stop()
    task = asyncio.create_task(answering(stop, seconds=0, then=0.02))
    await asyncio.sleep(0.01)
    stop.ask()
    assert await task == "own end"


async def test_it_counts_the_first_reason() -> None:
    stop = Stop()
    stop.ask("length")
    stop.ask("stopped")
    assert await answering(stop) == "length"


async def test_it_lets_a_cancellation_pass() -> None:
    stop = Stop()
    task = asyncio.create_task(answering(stop))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_lets_a_cancellation_pass_that_comes_with_it() -> None:
    stop = Stop()
    task = asyncio.create_task(answering(stop))
    await asyncio.sleep(0)
    stop.ask()
    asyncio.get_running_loop().call_soon(task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_may_be_asked_by_the_task_it_ends() -> None:
    stop = Stop()
    with stop.interrupts():
        stop.ask()
        await asyncio.sleep(5)
    await asyncio.sleep(0)
    assert stop.heeded == "stopped"


async def test_it_leaves_the_task_alone_that_asks_at_the_end() -> None:
    stop = Stop()
    with stop.interrupts():
        stop.ask()
    await asyncio.sleep(0.01)
    assert stop.heeded is None
