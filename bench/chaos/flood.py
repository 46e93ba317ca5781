"""500 questions at once, and 40 clients that search flat out: what everybody else notices of it.

``python -m bench.chaos.flood`` starts the program as it ships, on a folder of its own. The questions come from as many
visitors, each with an address of the loopback network, and then from one; some visitors go on asking, heeding no
``Retry-After``. The seconds are those of the 95th percentile.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import quantiles

import aiohttp

from bench.chaos.house import House, running_house
from bench.chaos.report import HEAD, Row, counted

QUESTION = {"query": "How much pre-delay should a vocal reverb have?", "stream": False}
# The limits of the defaults; those of the tests have none.
SHIPPED = {
    "QUESTIONS_PER_MINUTE": "",
    "SEARCHES_PER_MINUTE": "",
    "ANSWERS_PER_VISITOR": "",
    "READERS_PER_VISITOR": "",
    "QUEUE_SECONDS": "",
}
EVERY = 0.1  # seconds between two probes of the same kind
QUIET = 1.0  # seconds of probing before the flood, and after it

Ask = Callable[[aiohttp.ClientSession], Awaitable[int]]


@dataclass
class Watch:
    """What one kind of request met with: seconds and statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def row(self, name: str) -> Row:
        """Return a row of the report."""
        p95 = quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else float("nan")
        refused, lost = counted(self.statuses)
        worst = f"worst {max(self.seconds, default=float('nan')):.2f} s"
        return Row(name, len(self.seconds), refused=refused, lost=lost, seconds=p95, note=worst)


async def once(ask: Ask, session: aiohttp.ClientSession, watch: Watch) -> None:
    """Ask once and note what came of it; status 0 is no answer at all."""
    began = time.perf_counter()
    try:
        status = await ask(session)
    except (aiohttp.ClientError, TimeoutError, OSError):
        status = 0
    watch.seconds.append(time.perf_counter() - began)
    watch.statuses[status] += 1


def get(url: str) -> Ask:
    """Return a request that reads an address."""

    async def ask(session: aiohttp.ClientSession) -> int:
        async with session.get(url) as answer:
            await answer.read()
            return answer.status

    return ask


def post(url: str) -> Ask:
    """Return a request that asks a question and reads the whole answer."""

    async def ask(session: aiohttp.ClientSession) -> int:
        async with session.post(url, json=QUESTION) as answer:
            await answer.read()
            return answer.status

    return ask


def visitor(address: str) -> aiohttp.ClientSession:
    """Return the session of somebody at an address of the loopback network."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0), limit=0)
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60))


async def probing(ask: Ask, watch: Watch, *, net: int, over: asyncio.Event) -> None:
    """Ask again and again, each time as somebody new, one at a time, until it is over."""
    number = 0
    while not over.is_set():
        async with visitor(address(number, net=net)) as session:
            await once(ask, session, watch)
        await asyncio.sleep(EVERY)
        number += 1


Load = Callable[[Watch], Awaitable[None]]


async def flood(house: House, name: str, load: Load) -> list[Row]:
    """Run a load, and return what it and the others met with."""
    over = asyncio.Event()
    kinds = {
        "front page": get(house.url),
        "normal question": post(house.url + "api/v1/chat"),
        "healthz": get(house.url + "healthz"),
    }
    watches = {kind: Watch() for kind in kinds}
    probes = [
        asyncio.create_task(probing(ask, watches[kind], net=net, over=over))
        for net, (kind, ask) in enumerate(kinds.items(), start=2)
    ]
    await asyncio.sleep(QUIET)
    watch = Watch()
    await load(watch)
    await asyncio.sleep(QUIET)
    over.set()
    await asyncio.gather(*probes)
    return [watch.row(name), *(seen.row(f"  {kind}") for kind, seen in watches.items())]


def at_once(ask: Ask, *, number: int, visitors: int) -> Load:
    """Return a load: so many requests at the same moment, of so many visitors."""

    async def load(watch: Watch) -> None:
        async with AsyncExitStack() as stack:
            sessions = [await stack.enter_async_context(visitor(address(one))) for one in range(visitors)]
            await asyncio.gather(*(once(ask, sessions[one % visitors], watch) for one in range(number)))

    return load


def flat_out(ask: Ask, *, clients: int, seconds: float, visitors: int) -> Load:
    """Return a load: so many clients, of so many visitors, who ask again as soon as they are answered."""

    async def load(watch: Watch) -> None:
        until = time.perf_counter() + seconds

        async def client(session: aiohttp.ClientSession) -> None:
            while time.perf_counter() < until:
                await once(ask, session, watch)

        async with AsyncExitStack() as stack:
            sessions = [await stack.enter_async_context(visitor(address(one))) for one in range(visitors)]
            await asyncio.gather(*(client(sessions[one % visitors]) for one in range(clients)))

    return load


def address(number: int, *, net: int = 1) -> str:
    """Return the address of one of many visitors; those of each net are others."""
    return f"127.{net}.{number // 250 % 250}.{number % 250 + 1}"


async def floods(*, questions: int, clients: int, seconds: float) -> AsyncIterator[Row]:
    """Run all floods on one program, as it ships."""
    async with running_house(environment=SHIPPED) as house:
        chat, search = post(house.url + "api/v1/chat"), get(house.url + "api/v1/search?q=reverb")
        for visitors in (questions, 1):
            load = at_once(chat, number=questions, visitors=visitors)
            for row in await flood(house, f"{questions} questions of {visitors} at once", load):
                yield row
        for kind, ask in (("asking", chat), ("searching", search)):
            for visitors in (clients, 1):
                load = flat_out(ask, clients=clients, seconds=seconds, visitors=visitors)
                for row in await flood(house, f"{clients} clients of {visitors} {kind} flat out", load):
                    yield row


async def main(*, questions: int, clients: int, seconds: float) -> None:
    print(HEAD)
    async for row in floods(questions=questions, clients=clients, seconds=seconds):
        print(row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10.0)
    asyncio.run(main(**vars(parser.parse_args())))
