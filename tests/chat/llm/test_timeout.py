"""A deadline over many waits."""

import asyncio

import pytest

from chat.llm.base import MovableTimeout


def in_seconds(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_it_ends_a_wait() -> None:
    with pytest.raises(TimeoutError), MovableTimeout(in_seconds(0.01)):
        await asyncio.sleep(5)


async def test_it_lets_shorter_waits_be() -> None:
    deadline = MovableTimeout(in_seconds(5))
    for _ in range(3):
        with deadline:
            await asyncio.sleep(0)
    deadline.close()


async def test_it_can_be_put_off() -> None:
    deadline = MovableTimeout(in_seconds(0.02))
    with pytest.raises(TimeoutError):
        for _ in range(9):
            with deadline:
                await asyncio.sleep(0.01)
            deadline.move(in_seconds(0.02))
        with deadline:
            await asyncio.sleep(5)


async def test_it_can_be_brought_forward() -> None:
    deadline = MovableTimeout(in_seconds(60))
    with deadline:
        await asyncio.sleep(0)
    deadline.move(in_seconds(0.01))
    with pytest.raises(TimeoutError), deadline:
        await asyncio.sleep(5)


async def test_it_does_not_ring_between_waits() -> None:
    deadline = MovableTimeout(in_seconds(0.01))
    with deadline:
        await asyncio.sleep(0)
    await asyncio.sleep(0.03)
    with pytest.raises(TimeoutError), deadline:
        await asyncio.sleep(5)


async def test_it_leaves_other_errors_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), MovableTimeout(in_seconds(5)):
        raise ZeroDivisionError


async def test_it_lets_a_cancellation_pass() -> None:
    async def wait() -> None:
        with MovableTimeout(in_seconds(5)):
            await asyncio.sleep(5)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
