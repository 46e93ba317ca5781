"""An ingest that is killed, or that goes on while other things are: each work is there once, and none in halves."""

import asyncio
import random
import shutil
import sys
from collections.abc import Mapping
from itertools import count

from bench.chaos.house import FOLDER
from bench.chaos.report import Row
from tests.program import CHECKOUT, inherited

WORKS = 60
TALKS = FOLDER.with_name("chaos-talks")
SAID = "The kick sits under the bass, and number {n} of these is as long as a talk has to be to be found. " * 12
INGEST = ("ingest", "chaos", str(TALKS), "--create", "Chaos", "--quiet")
COUNTS = """
from creators.models import Chunk, Work
works = Work.objects.filter(creator__slug="chaos")
print(works.count(), works.filter(chunks=None).count(), Chunk.objects.filter(work__in=works, embeddings=None).count())
"""


async def ingests(*, times: int) -> Row:
    """Kill an ingest so many times at random moments, and return what is there after the last one."""
    write_talks(0)
    for _ in range(times):
        process = await manage(*INGEST)
        await asyncio.sleep(random.uniform(2.0, 6.0))
        if process.returncode is None:
            process.kill()
        await process.wait()
    return await ingested(note=f"{times} kills")


async def ingesting(over: asyncio.Event, *, environment: Mapping[str, str]) -> Row:
    """Ingest the works, changed each time, again and again until it is over; return what is there in the end."""
    for round_ in count():
        if over.is_set():
            break
        write_talks(round_)
        await (await manage(*INGEST, environment=environment)).wait()
        await asyncio.sleep(1)
    return await ingested(note=f"{round_} rounds")


def write_talks(round_: int) -> None:
    """Write the files of the works, which say something else each round."""
    shutil.rmtree(TALKS, ignore_errors=True)
    TALKS.mkdir(parents=True)
    for number in range(WORKS):
        (TALKS / f"talk-{number:03}.txt").write_text(SAID.format(n=number + WORKS * round_), encoding="utf-8")


async def ingested(*, note: str) -> Row:
    """Ingest once more, undisturbed, and return a row about what is there."""
    await (await manage(*INGEST)).communicate()
    out, _ = await (await manage("shell", "-v", "0", "-c", COUNTS)).communicate()
    there, empty, blind = map(int, out.split())
    lost = max(WORKS - there, 0) + empty + blind
    note += f"; {empty} works without chunks, {blind} chunks without a vector"
    return Row("killed: ingest", WORKS, lost=lost, doubled=max(there - WORKS, 0), note=note)


async def manage(*arguments: str, environment: Mapping[str, str] | None = None) -> asyncio.subprocess.Process:
    """Start a command of the program on the chaos's data."""
    program = (sys.executable, "manage.py", *arguments)
    environ = {**inherited(), "DATA_DIR": str(FOLDER), **(environment or {})}
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*program, cwd=CHECKOUT, env=environ, stdout=pipe, stderr=nowhere)
