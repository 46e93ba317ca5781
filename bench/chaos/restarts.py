"""Restarts while twenty readers are in the middle of an answer: ``python -m bench.chaos.restarts``.

First the program runs by the command for production, with Redis as the cache, and a model on loopback writes slowly.
SIGHUP has uvicorn replace its two workers one after the other, a visitor looking at pages meanwhile. Then ``make run``
is told to end, and started anew.
"""

import argparse
import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from bench.chaos.house import House, running_house
from bench.chaos.kills import Reader, Tally, lost_of, redis
from bench.chaos.report import HEAD, Row
from tests.model_server.server import ModelServer
from tests.program import free_port

SLOWLY = 0.4  # seconds between two tokens of the model: an answer takes some ten seconds
WORKERS = ("--workers", "2", "--timeout-worker-healthcheck", "60", "--timeout-graceful-shutdown")
PATIENCE = 120.0  # seconds that a restart may take
EVERY = 0.2  # seconds between two pages of the visitor


async def restarted(*, grace: float, streams: int) -> Row:
    """Restart the workers once under so many streams; answers may go on for ``grace`` seconds."""
    async with AsyncExitStack() as stack:
        model, port = stack.enter_context(ModelServer(delay=SLOWLY)), free_port()
        await stack.enter_async_context(redis(port))
        environment = {
            "LLM_BASE_URL": model.base_url,
            "LLM_MODEL": "test-model",
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "SHUTDOWN_GRACE_SECONDS": f"{grace:g}",
        }
        async with running_house():  # makes the folder ready, which uvicorn takes as it is
            pass
        options = [*WORKERS, f"{grace + 2:g}"]
        house = await stack.enter_async_context(
            running_house(server="uvicorn", environment=environment, options=options)
        )
        return await _under_streams(house, grace=grace, streams=streams)


async def _under_streams(house: House, *, grace: float, streams: int) -> Row:
    async with patient_session() as session:
        tally, before = Tally(), workers(house)
        readers, reading = await in_the_middle([house], session, tally, streams=streams)
        visits: list[tuple[bool, float]] = []
        over = asyncio.Event()
        visitor = asyncio.create_task(_visit(house, session, visits, over=over))
        began = time.monotonic()
        os.kill(house.process, signal.SIGHUP)
        await asyncio.gather(*reading)
        await until(lambda: not workers(house) & before)
        took = time.monotonic() - began
        over.set()
        await visitor
        tally.lost = sum([await lost_of(reader, house, session) for reader in readers])
    missed = sum(not was_had for was_had, _ in visits)
    longest = max(seconds for _, seconds in visits)
    pages = f"{len(visits)} pages meanwhile, {missed} not had, the longest in {longest:.2f} s"
    return row_of(tally, readers, name=f"restarted: two workers, {grace:g} s of grace", seconds=took, note=pages)


def row_of(tally: Tally, readers: Sequence[Reader], *, name: str, seconds: float, note: str) -> Row:
    """Return a row of the report: a connection that was cut is a loss too."""
    cut = sum(reader.losses for reader in readers)
    ends = (
        f"{tally.whole - tally.stopped} whole, {tally.stopped} told that they were stopped, {tally.broken} broken off"
    )
    lost, doubled = tally.lost + cut + tally.broken, tally.doubled
    return Row(name, len(readers), lost=lost, doubled=doubled, seconds=seconds, note=f"{ends}; {note}")


async def daphne_restarted(*, streams: int) -> Row:
    """End daphne once under so many streams and start it again; the seconds are those until it had ended."""
    async with AsyncExitStack() as stack:
        model = stack.enter_context(ModelServer(delay=SLOWLY))
        environment = {"LLM_BASE_URL": model.base_url, "LLM_MODEL": "test-model"}
        session = await stack.enter_async_context(patient_session())
        tally, houses = Tally(), [await stack.enter_async_context(running_house(environment=environment))]
        readers, reading = await in_the_middle(houses, session, tally, streams=streams)
        began, process = time.monotonic(), houses[0].process
        os.kill(process, signal.SIGTERM)
        await until(lambda: not Path(f"/proc/{process}").exists())
        ended = time.monotonic() - began
        told = sum(task.done() for task in reading)
        houses[0] = await stack.enter_async_context(running_house(environment=environment))
        await asyncio.gather(*reading)
        tally.lost = sum([await lost_of(reader, houses[0], session) for reader in readers])
    note = f"{told} were told before it had ended"
    return row_of(tally, readers, name="restarted: daphne", seconds=ended, note=note)


def patient_session() -> aiohttp.ClientSession:
    """Return a session in which every request has a connection of its own, as different readers have."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90), connector=connector)


async def in_the_middle(
    houses: list[House], session: aiohttp.ClientSession, tally: Tally, *, streams: int
) -> tuple[list[Reader], list["asyncio.Task[None]"]]:
    """Return so many readers, and what they do, as soon as each has been shown the beginning of an answer."""
    readers = [Reader(houses, tally) for _ in range(streams)]
    reading = [asyncio.create_task(reader.read(session)) for reader in readers]
    await until(lambda: all(reader.shown for reader in readers))
    return readers, reading


async def _visit(
    house: House, session: aiohttp.ClientSession, visits: list[tuple[bool, float]], *, over: asyncio.Event
) -> None:
    """Look at the page again and again; note whether it was had, and in how many seconds."""
    while not over.is_set():
        began = time.monotonic()
        try:
            async with session.get(house.url) as response:
                was_had = response.status == 200
        except aiohttp.ClientError:
            was_had = False
        visits.append((was_had, time.monotonic() - began))
        await asyncio.sleep(EVERY)


async def until(is_so: Callable[[], bool]) -> None:
    """Look every tenth of a second."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.1)


def workers(house: House) -> set[str]:
    """Return the processes that uvicorn has started to serve."""
    children = Path(f"/proc/{house.process}/task/{house.process}/children").read_text().split()
    return {child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()}


async def restarts(*, streams: int, graces: Sequence[float] = (3, 30)) -> AsyncIterator[Row]:
    """Restart everything once under so many streams; answers may go on for so many seconds, one after the other."""
    for grace in graces:
        yield await restarted(grace=grace, streams=streams)
    yield await daphne_restarted(streams=streams)


async def main(*, streams: int) -> None:
    print(HEAD)
    async for row in restarts(streams=streams):
        print(row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=20)
    asyncio.run(main(**vars(parser.parse_args())))
