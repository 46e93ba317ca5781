"""Lanes: who is let in, who is told to come later, and in which order they are served."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event

import pytest
from pytest_django import Settings

from chrysopedia.core.errors import Problem
from chrysopedia.core.lanes import Lane


@pytest.fixture(autouse=True)
def short(settings: Settings) -> None:
    settings.QUEUE_SECONDS = 0.5


@pytest.fixture
def lane() -> Lane:
    return Lane("test", threads=1)


@pytest.fixture
def gate() -> Iterator[Event]:
    gate = Event()
    yield gate
    gate.set()


def let_in(lane: Lane, stack: ExitStack, visitor: str, *, times: int) -> int:
    """Take so many seats, and return how many were given."""
    for number in range(times):
        try:
            stack.enter_context(lane.seat(visitor))
        except Problem:
            return number
    return times


async def served(lane: Lane, gate: Event, *visitors: str) -> list[str]:
    """Return in which order a busy lane serves what these visitors ask for."""
    order: list[str] = []

    async def ask(visitor: str) -> None:
        with lane.seat(visitor):
            await lane.hop(order.append, visitor)

    busy = asyncio.ensure_future(lane.hop(gate.wait))
    asking = [asyncio.ensure_future(ask(visitor)) for visitor in visitors]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(busy, *asking)
    return order


async def test_it_serves_visitors_in_turn(lane: Lane, gate: Event) -> None:
    assert await served(lane, gate, "a", "a", "a", "b", "c") == ["a", "b", "c", "a", "a"]


def test_it_lets_in_what_it_can_serve_soon(lane: Lane) -> None:
    with ExitStack() as stack:
        given = sum(let_in(lane, stack, f"visitor {number}", times=1) for number in range(50))
    assert 2 <= given <= 10


def test_it_names_appointments_one_after_the_other(lane: Lane) -> None:
    told = []
    with ExitStack() as stack:
        for number in range(50):
            try:
                stack.enter_context(lane.seat(f"visitor {number}"))
            except Problem as problem:
                told.append(int(problem.headers["Retry-After"]))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (1, 5)


def test_one_visitor_takes_no_seat_from_others(lane: Lane) -> None:
    with ExitStack() as stack:
        assert let_in(lane, stack, "greedy", times=50) < 50
        assert let_in(lane, stack, "another", times=1) == 1


def test_a_seat_that_nobody_used_is_free_again(lane: Lane) -> None:
    for _ in range(50):
        with ExitStack() as stack:
            assert let_in(lane, stack, "visitor", times=2) == 2


def test_it_lets_everybody_in_without_a_limit(lane: Lane, settings: Settings) -> None:
    settings.QUEUE_SECONDS = 0
    with ExitStack() as stack:
        assert let_in(lane, stack, "visitor", times=50) == 50


async def test_it_goes_on_with_what_has_begun_first(lane: Lane, gate: Event) -> None:
    order: list[str] = []

    async def other() -> None:
        with lane.seat("b"):
            await lane.hop(order.append, "b")

    with lane.seat("a"):
        await lane.hop(order.append, "a")
        hops = [asyncio.ensure_future(lane.hop(gate.wait)), asyncio.ensure_future(other())]
        await asyncio.sleep(0)
        hops.append(asyncio.ensure_future(lane.hop(order.append, "a again")))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*hops)
    assert order == ["a", "a again", "b"]


async def test_it_measures_how_long_work_takes(lane: Lane) -> None:
    for _ in range(30):
        with lane.seat("a"):
            await lane.hop(int)
    with ExitStack() as stack:
        assert let_in(lane, stack, "a", times=50) == 50


async def test_it_ends_at_once_where_work_found_no_next(lane: Lane) -> None:
    async with asyncio.timeout(2):
        with pytest.raises(RuntimeError):
            await lane.hop(next, iter(()))
