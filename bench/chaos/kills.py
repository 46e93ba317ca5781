"""Kills at random moments under streams and an ingest: ``python -m bench.chaos.kills server`` (or postgres, redis).

Two uvicorn processes share a database, so that one can die while the other serves; a model on loopback writes slowly.
After each kill of a server it is started again, as a service manager does. The table has the streams that were read to
their last event, the characters that readers had been shown and that are kept nowhere (lost), events that came twice or
in a wrong order (doubled), and the most seconds until a question was taken again: after the kill of a server, in a
conversation that it was answering.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp

from bench.chaos.house import FOLDER, House, running_house
from bench.chaos.ingests import ingesting, ingests
from bench.chaos.report import Row, table
from tests.model_server.server import ModelServer
from tests.program import free_port

QUERY = "What ratio and attack does she use on a lead vocal?"
SLOWLY = 0.1  # seconds between two tokens of the model
LONGEST = 60.0
STREAMED = {"Accept": "text/event-stream"}


@dataclass
class Tally:
    """What the kills did."""

    kills: int = 0
    whole: int = 0
    broken: int = 0
    stopped: int = 0
    doubled: int = 0
    lost: int = 0
    seconds: list[float] = field(default_factory=list)

    def row(self, kind: str) -> Row:
        """Return a row of the report."""
        streams = self.whole + self.broken
        note = f"{self.kills} kills; {self.whole} streams whole, {self.broken} told that they were broken off"
        slowest = max(self.seconds, default=0.0)
        return Row(f"killed: {kind}", streams, lost=self.lost, doubled=self.doubled, seconds=slowest, note=note)


@dataclass
class Reader:
    """Somebody who asks and reads on, at whichever process answers, until the last event; ``losses`` counts the
    connections that were cut or refused."""

    houses: list[House]
    tally: Tally
    conversation: str = ""
    turn: str = ""
    last: int = 0
    shown: str = ""
    losses: int = 0
    house: House | None = None
    is_over: bool = False

    async def read(self, session: aiohttp.ClientSession) -> None:
        """Ask one question and come back after each loss, as the page does."""
        body = {"query": QUERY}
        began = time.monotonic()
        while time.monotonic() - began < LONGEST:
            house = random.choice(self.houses)
            try:
                if not self.turn:
                    self.house = house
                    answer = session.post(f"{house.url}api/v1/chat", json=body, headers=STREAMED)
                else:
                    answer = session.get(f"{house.url}api/v1/chat/{self.turn}/events", params={"after": self.last})
                async with answer as response:
                    if response.status == 204 or (self.turn and response.status == 404):
                        return
                    if response.status != 200:
                        self.losses += 1
                        await asyncio.sleep(0.5)
                        continue
                    self.turn = response.headers.get("X-Turn-Id", self.turn)
                    self.conversation = response.headers.get("X-Conversation-Id", self.conversation)
                    if await self._events(response):
                        return
                    self.losses += 1
            except (aiohttp.ClientError, OSError, TimeoutError):
                self.losses += 1
                await asyncio.sleep(0.2)

    async def _events(self, response: aiohttp.ClientResponse) -> bool:
        """Read events, and return whether the last one came."""
        number, name = 0, ""
        async for raw in response.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("id: "):
                number = int(line[4:])
                self.tally.doubled += number <= self.last
                self.last = max(self.last, number)
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: ") and name == "token":
                self.shown += json.loads(line[6:])
            elif line.startswith("data: ") and name in ("done", "error"):
                self.tally.whole += name == "done"
                self.tally.broken += name == "error"
                self.tally.stopped += '"finish": "stopped"' in line or '"finish":"stopped"' in line
                self.is_over = True
                return True
        return False


async def lost_of(reader: Reader, house: House, session: aiohttp.ClientSession) -> int:
    """Return how many characters a reader had been shown that the conversation no longer has."""
    async with session.get(f"{house.url}api/v1/conversations/{reader.conversation}") as response:
        if response.status != 200:
            return len(reader.shown)
        turns = (await response.json())["turns"]
    kept = next((turn.get("answer") or "" for turn in turns if turn["turn_id"] == reader.turn), "")
    return max(len(reader.shown) - len(kept), 0)


async def taken(house: House, session: aiohttp.ClientSession, *, conversation: str = "") -> float:
    """Return the seconds until a question is taken, in a conversation if one is named: until its sources come."""
    began = time.monotonic()
    body = {"query": QUERY} | ({"conversation_id": conversation} if conversation else {})
    while time.monotonic() - began < LONGEST:
        try:
            async with session.post(f"{house.url}api/v1/chat", json=body, headers=STREAMED) as response:
                if response.status == 200 and await has_sources(response):
                    break
        except (aiohttp.ClientError, OSError):
            pass
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def has_sources(response: aiohttp.ClientResponse) -> bool:
    """Read a stream as far as its first event, and tell whether that is what was found."""
    async for line in response.content:
        if line.startswith(b"event: "):
            return line.strip() == b"event: sources"
    return False


class Stage:
    """Two uvicorn processes that share a database, and what may be killed of it; all of it ends with the block."""

    def __init__(self, stack: AsyncExitStack, *, folder: Path = FOLDER, environment: Mapping[str, str]) -> None:
        self.houses: list[House] = []
        self.environment = dict(environment)
        self._stack, self._folder, self._port = stack, folder, free_port()

    async def open(self, *, with_redis: bool = False) -> None:
        """Start everything, and a model that writes slowly."""
        model = self._stack.enter_context(ModelServer(delay=SLOWLY))
        self.environment |= {"LLM_BASE_URL": model.base_url, "LLM_MODEL": "test-model"}
        if with_redis:
            await self._stack.enter_async_context(redis(self._port))
            self.environment["REDIS_URL"] = f"redis://127.0.0.1:{self._port}/0"
        self.houses += await asyncio.gather(self._start(), self._start())

    async def _start(self) -> House:
        house = running_house(server="uvicorn", folder=self._folder, environment=self.environment)
        return await self._stack.enter_async_context(house)

    async def kill(self, kind: str) -> None:
        """Kill the first server, the database or Redis, and start it again where it does not get up by itself."""
        if kind == "server":
            os.kill(self.houses[0].process, signal.SIGKILL)
            self.houses[0] = await self._start()
        elif kind == "postgres":
            os.kill(postmaster(self._folder), signal.SIGKILL)
        else:
            async with asyncio.timeout(30):
                ending = ("redis-cli", "-p", str(self._port), "shutdown", "nosave")
                await (await asyncio.create_subprocess_exec(*ending)).wait()
                await asyncio.sleep(1)
                await self._stack.enter_async_context(redis(self._port))

    async def under_streams(self, kind: str, *, times: int, streams: int) -> Tally:
        """Kill so many times, each at a random moment of so many streams."""
        tally = Tally()
        timeout = aiohttp.ClientTimeout(total=LONGEST)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            for _ in range(times):
                await self._once(kind, tally, session, streams=streams)
        return tally

    async def _once(self, kind: str, tally: Tally, session: aiohttp.ClientSession, *, streams: int) -> None:
        readers = [Reader(self.houses, tally) for _ in range(streams)]
        tasks = [asyncio.create_task(reader.read(session)) for reader in readers]
        await asyncio.sleep(random.uniform(1.0, 3.0))
        first, conversation = self.houses[0], ""
        if kind == "server":  # whose turns have to be given up first
            conversation = next((one.conversation for one in readers if one.house is first and not one.is_over), "")
        killing = asyncio.create_task(self.kill(kind))
        await asyncio.sleep(0)
        tally.kills += 1
        tally.seconds.append(await taken(self.houses[-1], session, conversation=conversation))
        await asyncio.gather(killing, *tasks)
        tally.lost += sum([await lost_of(reader, self.houses[-1], session) for reader in readers if reader.turn])


def postmaster(folder: Path) -> int:
    """Return the process of the embedded PostgreSQL."""
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


@asynccontextmanager
async def redis(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a Redis of our own."""
    server = await asyncio.create_subprocess_exec(
        "redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1", stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield server
    finally:
        if server.returncode is None:
            server.kill()
        await server.wait()


async def kills(kind: str, *, times: int, streams: int) -> Row:
    """Run the kills of one kind under streams and an ingest, and return what came of them."""
    async with AsyncExitStack() as stack:
        async with running_house():  # makes the folder ready, which uvicorn takes as it is
            pass
        stage = Stage(stack, environment={})
        await stage.open(with_redis=kind == "redis")
        over = asyncio.Event()
        ingest = asyncio.create_task(ingesting(over, environment=stage.environment))
        tally = await stage.under_streams(kind, times=times, streams=streams)
        over.set()
        ingested = await ingest
        row = tally.row(kind)
        return replace(row, lost=row.lost + ingested.lost, doubled=row.doubled + ingested.doubled)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["server", "postgres", "redis", "ingest"])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--streams", type=int, default=60)
    options = parser.parse_args()
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    if options.kind == "ingest":
        print(table([asyncio.run(ingests(times=options.times))]))
    else:
        print(table([asyncio.run(kills(options.kind, times=options.times, streams=options.streams))]))


if __name__ == "__main__":
    main()
