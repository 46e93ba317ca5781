"""A run as other processes see it: through the cache, on each kind of it."""

import asyncio
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import BaseCache, cache
from django.db import connections, transaction
from pytest_django import Settings

from chat.events.events import Token
from chat.events.turn import ANYONE, Owner, TurnHead
from chat.streams import Full, Run, give_way, reader, runs_here, stop, store
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from tests.chat.streams.scripts import start, whole

# Afterwards no table is emptied but this app's, and it has none that a model names: others count on the demo creators.
pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=["chrysopedia"]),
    pytest.mark.usefixtures("each_cache"),
]


async def read(run: Run, *, after: int = 0) -> bytes:
    """What a reader in another process is sent."""
    parts = reader.read(await known(run), after=after, silence=15)
    return b"".join([part async for part in parts])


async def known(run: Run) -> store.StoredRun:
    """The run as it is stored, once other processes know of it."""
    async with asyncio.timeout(5):
        while not (stored := await in_one_hop(store.stored_run, run.head.turn_id)):  # noqa: ASYNC110 -- written by a thread
            await asyncio.sleep(0.05)
    return stored


async def from_another_process(act: Callable[..., Any], *given: object, **named: object) -> Any:
    """Act as a process would that has no runs of its own."""
    return await asyncio.to_thread(lambda: asyncio.run(act(*given, **named)))


@pytest.mark.parametrize("after", [0, 2, 4])
async def test_it_reads_the_same_while_it_runs(after: int) -> None:
    run = start(Token("a"), 0.3, Token("b"), 0.3, Token("c"))
    await known(run)
    assert await read(run, after=after) == await whole(run, after=after)


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_it_reads_the_same_when_it_is_over(after: int) -> None:
    run = start(Token("a"), 0.01, Token("b"))
    await run.ended.wait()
    await known(run)
    assert await read(run, after=after) == await whole(run, after=after)


async def test_it_is_forgotten_here_once_others_have_it() -> None:
    run = start(Token("a"))
    await known(run)
    await asyncio.sleep(0.1)
    assert runs_here().find(run.head.turn_id) is None


async def test_it_is_stopped_from_elsewhere_within_a_second() -> None:
    run = start(Token("a"), asyncio.Event())
    await known(run)
    began = time.monotonic()
    stopping = asyncio.create_task(from_another_process(stop, run.head.turn_id, owner=ANYONE))
    await run.ended.wait()
    assert time.monotonic() - began < 1
    await stopping


async def test_it_tells_whoever_stops_it_that_it_has_ended() -> None:
    run = start(asyncio.Event())
    await known(run)
    assert await from_another_process(stop, run.head.turn_id, owner=ANYONE)


async def test_it_is_not_there_for_anybody_else() -> None:
    run = start(asyncio.Event(), owner=Owner("mine"))
    await known(run)
    for asked in (stop(run.head.turn_id, owner=ANYONE), from_another_process(stop, run.head.turn_id, owner=ANYONE)):
        with pytest.raises(Problem) as caught:
            await asked
        assert caught.value.status == 404
    run.stop.ask()


async def test_it_gives_way_where_nobody_reads(settings: Settings) -> None:
    run = start(asyncio.Event())
    await asyncio.sleep(2 * settings.CHAT_TICK_SECONDS + 0.2)
    assert await from_another_process(give_way, run.head.turn_id)
    assert run.stop.heeded


async def test_it_does_not_give_way_to_those_who_ask_elsewhere_while_it_is_read() -> None:
    run = start(asyncio.Event())
    reading = asyncio.create_task(whole(run))
    await known(run)
    assert not await from_another_process(give_way, run.head.turn_id)
    run.stop.ask()
    await reading


async def test_it_lives_as_long_as_somebody_reads_elsewhere(settings: Settings) -> None:
    settings.RUN_GRACE_SECONDS = 1
    run = start(Token("a"), 1.6, Token("b"))
    await known(run)
    assert b'"b"' in await read(run)


async def test_it_ends_when_nobody_has_come_back_in_time(settings: Settings) -> None:
    settings.RUN_GRACE_SECONDS = 0.3
    run = start(asyncio.Event())
    async with asyncio.timeout(5):
        await run.ended.wait()


async def of_a_dead_process() -> store.StoredRun:
    run = store.StoredRun(TurnHead(uuid4(), uuid4(), ANYONE, "Why?"), process="gone")
    await in_one_hop(cache.set, store.run_key(run.head.turn_id), asdict(run))
    return run


async def test_it_says_that_its_process_died() -> None:
    run = await of_a_dead_process()
    parts = reader.read(run, after=0, silence=15, patience=0.2)
    assert b"event: error" in b"".join([part async for part in parts])


async def test_it_leaves_nothing_behind(each_cache: BaseCache, settings: Settings) -> None:
    settings.CHAT_REPLAY_SECONDS = 1
    for _ in range(10):
        await asyncio.gather(*(start(Token("a"), 0.01, Token("b")).ended.wait() for _ in range(100)))
    async with asyncio.timeout(10):
        while await in_one_hop(count_keys, each_cache) > 2:  # of the process: its bell, and the number of its last tick
            await asyncio.sleep(0.2)
            await in_one_hop(store.sweep_all)


async def test_it_keeps_a_hanging_cache_from_its_readers(each_cache: BaseCache) -> None:
    hanging = asyncio.create_task(asyncio.to_thread(hang, each_cache, 1.2))
    await whole(start(Token("a"), 0.4, Token("b")))
    assert not hanging.done()
    await hanging


async def test_it_ends_cleanly_with_its_process() -> None:
    run = start(Token("a"), asyncio.Event())
    await asyncio.sleep(0.01)
    await runs_here().close(within=2)
    assert b"event: error" in await read(run)


async def test_it_has_so_many_places_and_no_more(settings: Settings) -> None:
    settings.MAX_RUNS = 2
    run = start(asyncio.Event())
    with runs_here().place(), pytest.raises(Full), runs_here().place():
        pass
    run.stop.ask()


def count_keys(cache: BaseCache) -> int:
    """How many keys there really are, expired or not."""
    if hasattr(cache, "keys"):
        return len(cache.keys("*"))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chrysopedia_cache")
        return int(cursor.fetchone()[0])


def hang(cache: BaseCache, seconds: float) -> None:
    """Have the cache answer nobody for so long."""
    if hasattr(cache, "client"):
        cache.client.get_client().execute_command("CLIENT", "PAUSE", int(seconds * 1000), "ALL")
        time.sleep(seconds)
        return
    with closing(connections["default"]), transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("LOCK TABLE chrysopedia_cache")
        time.sleep(seconds)


async def test_it_never_counts_back_for_a_reader_whose_process_died() -> None:
    run = await of_a_dead_process()
    parts = reader.read(run, after=19, silence=15, patience=0.2)
    assert b"".join([part async for part in parts]).startswith(b"id: 20\n")


async def test_it_knows_a_run_whose_process_died_from_one_that_goes_on() -> None:
    run = start(Token("a"), asyncio.Event())
    await known(run)
    gone = await of_a_dead_process()
    assert await in_one_hop(store.abandoned, run.head.turn_id) is None
    assert await in_one_hop(store.abandoned, gone.head.turn_id) == gone
    run.stop.ask()


async def test_it_counts_as_alive_before_its_first_tick() -> None:
    run = store.StoredRun(TurnHead(uuid4(), uuid4(), ANYONE, "Why?"), process="new")
    await in_one_hop(store.announce, run)
    assert await in_one_hop(store.abandoned, run.head.turn_id) is None
