"""Everything that the program is put through, in one table: ``python -m bench.chaos``; with ``--short`` in two minutes.

Kills of servers, databases and caches under streams and an ingest, restarts, floods, bodies that hurt, a full disk.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bench.chaos.bodies import bodies
from bench.chaos.disk import full_disk
from bench.chaos.flood import floods
from bench.chaos.ingests import ingests
from bench.chaos.kills import kills
from bench.chaos.report import HEAD, Row
from bench.chaos.restarts import restarts


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: kills of each kind, streams under them, questions at once, slow bodies, and seconds."""

    kills: int
    streams: int
    questions: int
    clients: int
    slow: int
    seconds: float


WHOLE = Size(kills=20, streams=60, questions=500, clients=40, slow=1000, seconds=10)
SHORT = Size(kills=1, streams=10, questions=100, clients=20, slow=100, seconds=2)


async def chaos(size: Size) -> AsyncIterator[Row]:
    """Yield the rows of the table, as they come."""
    is_whole = size is WHOLE
    for kind in ("server", "postgres", "redis") if is_whole else ("server", "postgres"):
        yield await kills(kind, times=size.kills, streams=size.streams)
    if is_whole:
        yield await ingests(times=size.kills)
    async for row in restarts(streams=20) if is_whole else restarts(streams=size.streams, graces=(30,)):
        yield row
    async for row in floods(questions=size.questions, clients=size.clients, seconds=size.seconds):
        yield row
    async for row in bodies(slow=size.slow, servers=2 if is_whole else 1):
        yield row
    yield await full_disk(seconds=size.seconds)


async def main(size: Size) -> None:
    print(HEAD)
    async for row in chaos(size):
        print(row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    asyncio.run(main(SHORT if parser.parse_args().short else WHOLE))
