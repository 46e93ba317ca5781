"""500 questions at once, and 40 clients that search flat out: what everybody else notices of it.

``python -m bench.chaos.flood`` starts the program on a folder of its own, without limits, as if each
question came from a visitor of their own, and then with them. Prints for each part: tried, lost, seconds.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import quantiles

import aiohttp

from bench.chaos.house import House, running_house

QUESTION = {"query": "How much pre-delay should a vocal reverb have?", "stream": False}
# The limits of the defaults; those of the tests have none.
SHIPPED = {
    "QUESTIONS_PER_MINUTE": "",
    "SEARCHES_PER_MINUTE": "",
    "ANSWERS_PER_VISITOR": "",
}
EVERY = 0.1  # seconds between two probes of the same kind
QUIET = 1.0  # seconds of probing before the flood, and after it

Ask = Callable[[aiohttp.ClientSession], Awaitable[int]]


@dataclass
class Watch:
    """What one kind of request met with: seconds and statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def line(self, name: str) -> str:
        """Return a row of the report."""
        p95 = quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else float("nan")
        lost = sum(number for status, number in self.statuses.items() if status != 200)
        worst = max(self.seconds, default=float("nan"))
        statuses = " ".join(f"{status}:{number}" for status, number in sorted(self.statuses.items()))
        counts = f"{name:<22} tried {len(self.seconds):>5}  lost {lost:>5}"
        return f"{counts}  p95 {p95:6.2f} s  worst {worst:6.2f} s  {statuses}"


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


async def probing(ask: Ask, watch: Watch, *, address: str, over: asyncio.Event) -> None:
    """Ask again and again from another address, one at a time, until it is over."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0))
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(30)) as session:
        while not over.is_set():
            await once(ask, session, watch)
            await asyncio.sleep(EVERY)


async def flood(house: House, name: str, load: Callable[[aiohttp.ClientSession, Watch], Awaitable[None]]) -> None:
    """Run a load, and print what it and the others met with."""
    over = asyncio.Event()
    kinds = {
        "front page": get(house.url),
        "normal question": post(house.url + "api/v1/chat"),
        "healthz": get(house.url + "healthz"),
    }
    watches = {kind: Watch() for kind in kinds}
    probes = [
        asyncio.create_task(probing(ask, watches[kind], address=f"127.0.0.{number}", over=over))
        for number, (kind, ask) in enumerate(kinds.items(), start=11)
    ]
    await asyncio.sleep(QUIET)
    watch, began = Watch(), time.perf_counter()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as session:
        await load(session, watch)
    took = time.perf_counter() - began
    await asyncio.sleep(QUIET)
    over.set()
    await asyncio.gather(*probes)
    print(f"-- {name}, {took:.1f} s")
    print(watch.line("the flood"))
    for kind, seen in watches.items():
        print("  " + seen.line(kind))


async def main(*, questions: int, clients: int, seconds: float) -> None:
    """Run both floods, without limits for each visitor and with them."""
    for named, limits in (("no limits", {}), ("as shipped", SHIPPED)):
        async with running_house(environment=limits) as house:

            async def asking(session: aiohttp.ClientSession, watch: Watch) -> None:
                ask = post(house.url + "api/v1/chat")
                await asyncio.gather(*(once(ask, session, watch) for _ in range(questions)))

            async def searching(session: aiohttp.ClientSession, watch: Watch) -> None:
                ask, until = get(house.url + "api/v1/search?q=reverb"), time.perf_counter() + seconds

                async def client() -> None:
                    while time.perf_counter() < until:
                        await once(ask, session, watch)

                await asyncio.gather(*(client() for _ in range(clients)))

            await flood(house, f"{questions} questions at once, {named}", asking)
            await flood(house, f"{clients} clients searching flat out, {named}", searching)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10.0)
    asyncio.run(main(**vars(parser.parse_args())))
