"""A run: read by anybody, at any time, or by nobody."""

import asyncio
from contextlib import aclosing

import pytest

from chat.events.events import Failed, Token
from chat.events.serialize import HEARTBEAT
from chat.streams import runs_here
from chat.streams.run import MOST_BYTES
from tests.chat.sse import events_in
from tests.chat.streams.scripts import says, start, whole

pytestmark = pytest.mark.django_db


def texts(body: bytes) -> list[str]:
    return [data for _, kind, data in events_in(body.decode()) if kind == "token"]


async def test_it_joins_what_waits_together() -> None:
    assert texts(await whole(start(*says("a", "b", "c")))) == ["abc"]


async def test_it_keeps_apart_what_comes_apart() -> None:
    assert texts(await whole(start(Token("a"), 0.01, Token("b")))) == ["a", "b"]


async def test_it_holds_nothing_back() -> None:
    gate = asyncio.Event()
    async with aclosing(start(Token("a"), gate).read()) as parts:
        assert texts(await anext(parts)) == ["a"]


async def test_it_shows_every_reader_the_same() -> None:
    run = start(Token("a"), 0.01, Token("b"), 0.01, Token("c"))
    early, late = await asyncio.gather(whole(run), whole(run))
    assert early == late == await whole(run)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
async def test_it_goes_on_where_a_reader_was(after: int) -> None:
    run = start(Token("a"), 0.01, Token("b"))
    numbers = [number for number, *_ in events_in((await whole(run, after=after)).decode())]
    assert numbers == list(range(after + 1, 4))


async def test_it_goes_on_without_its_reader() -> None:
    gate = asyncio.Event()
    run = start(Token("a"), gate, Token("b"))
    async with aclosing(run.read()) as parts:
        await anext(parts)
    assert not run.is_read
    gate.set()
    assert texts(await whole(run)) == ["a", "b"]


async def test_it_breaks_silence_with_a_comment() -> None:
    async with aclosing(start(asyncio.Event()).read(silence=0.01)) as parts:
        assert [await anext(parts), await anext(parts)] == [HEARTBEAT] * 2


async def test_it_ends_with_a_terminal_event_when_it_is_stopped() -> None:
    run = start(Token("a"), asyncio.Event(), Token("never"))
    await asyncio.sleep(0.01)
    run.stop.ask()
    found = events_in((await whole(run)).decode())
    assert [kind for _, kind, _ in found] == ["token", "error"]


async def test_it_ends_an_answer_that_does_not_end() -> None:
    run = start(*[step for _ in range(8) for step in (Token("x" * (MOST_BYTES // 4)), 0.001)])
    await run.ended.wait()
    assert (run.stop.heeded, run.log.last) == ("length", 5)


async def test_it_gives_events_as_values() -> None:
    run = start(*says("a", "b"), 0.01, Token("c"))
    *tokens, last = [event async for event in run.events()]
    assert tokens == says("ab", "c")
    assert isinstance(last, Failed)


async def test_it_counts_a_reader_before_the_first_event_is_asked_for() -> None:
    run = start(asyncio.Event())
    parts = run.read()
    assert run.is_read
    del parts  # it left before it was sent anything
    assert not run.is_read


async def test_it_counts_how_long_nobody_reads() -> None:
    run = start(asyncio.Event())
    now = asyncio.get_running_loop().time()
    async with aclosing(run.read(silence=0.01)) as parts:
        await anext(parts)
        assert run.unread_for(now + 9) == 0
    assert 8 < run.unread_for(now + 9) < 10


async def test_it_waits_at_the_end_for_what_is_still_written() -> None:
    runs, free, written = runs_here(), asyncio.Event(), []

    async def write() -> None:
        await free.wait()
        written.append(True)

    caller = asyncio.create_task(runs.settle(write()))
    await asyncio.sleep(0)
    caller.cancel()
    free.set()
    await runs.settled(within=5)
    assert written == [True]
