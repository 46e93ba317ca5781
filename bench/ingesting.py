"""An upload of many works whose workers are killed, and what searches take meanwhile: ``python -m bench.ingesting``.

The program runs on a folder of its own with the demo, two workers beside it as processes of their own. One job of
``--works`` works waits; whichever worker holds it is killed with SIGKILL ``--kills`` times, at even shares of the job,
and another is started in its place. Searches come five a second, each asked once, before the job and during it. In
the end each work is there once, with its passages, each with its vectors. Without kills the workers are stopped and let
go on in turns of ten seconds, so that searches with and without an ingest are compared at the same time.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import aiohttp

from bench.chaos.house import House, running_house
from tests.program import CHECKOUT, inherited

QUEUE = """
import random
from creators.ingest.uploads import UploadedSource
from creators.jobs.drafts import accept, draft
from creators.models import Creator, IngestJob
chance, words = random.Random(1), {vocabulary!r}.split()
def talk(n):
    said = (" ".join(chance.choices(words, k=chance.randint(6, 14))).capitalize() + "." for _ in range({words} // 10))
    return f"Talk {{n}} is told here. " + " ".join(said)
creator = Creator.objects.create(slug="many", name="Many")
sources = (UploadedSource(f"{{n}}.txt", talk(n).encode()) for n in range({works}))
accept(draft(IngestJob(creator=creator), sources), labels={{}})
"""
VOCABULARY = "ratio attack release threshold vocal bass kick reverb delay filter envelope level mix the a of and"
STATE = """
import json
from creators.embeddings import get_embedder
from creators.embeddings.spaces import space_of
from creators.models import Chunk, IngestJob, JobFile, Work
job, works = IngestJob.objects.get(), Work.objects.filter(creator__slug="many")
told = dict(state=job.state, works=works.count(), empty=works.filter(chunks=None).count())
told["blind"] = Chunk.objects.filter(work__in=works).without_embedding(space_of(get_embedder())).count()
told["chunks"] = Chunk.objects.filter(work__in=works).count()
told["done"] = job.files.filter(state__in=JobFile.DONE).count()
told["failed"] = job.files.filter(state="failed").count()
told["seconds"] = (job.ended - job.created).total_seconds() if job.ended else 0
print(json.dumps(told))
"""
PROGRESS = "SELECT count(*) FILTER (WHERE state NOT IN ('waiting', 'working')) FROM creators_jobfile"
TURN = 10.0
"""Seconds that a worker works, and then stands, where both are compared; less than its lease."""
PACE = 0.2
"""Seconds between two searches."""


async def shell(code: str, environment: Mapping[str, str]) -> str:
    """Run code in the program's shell and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "manage.py", "shell", "-v", "0", "-c", code,
        cwd=CHECKOUT, env=dict(environment), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    out, _ = await process.communicate()
    return out.decode()


class Watch:
    """A view of the job from within one shell that stays open: how many files are done, and which worker holds it."""

    CODE = (
        "import sys\nfrom django.db import connection\n"
        "for line in sys.stdin:\n"
        "    with connection.cursor() as c:\n"
        f'        c.execute("{PROGRESS}"); done = c.fetchone()[0]\n'
        "        c.execute(\"SELECT worker FROM creators_ingestjob WHERE state = 'running'\"); row = c.fetchone()\n"
        "    print(done, row[0] if row else '-', flush=True)\n"
    )

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def opened(cls, environment: Mapping[str, str]) -> "Watch":
        """Start the shell."""
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "manage.py", "shell", "-v", "0", "-c", cls.CODE,
                cwd=CHECKOUT, env=dict(environment), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL,
            )
        )  # fmt: skip

    async def look(self) -> tuple[int, int]:
        """Return how many files are done, and the process of the worker that holds the job, 0 for none."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(b"?\n")
        done, worker = (await self._process.stdout.readline()).decode().split()
        return int(done), int(worker.split(":")[1]) if ":" in worker else 0

    async def close(self) -> None:
        """End the shell."""
        self._process.kill()
        await self._process.wait()


async def worker(environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start a worker."""
    nowhere = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        sys.executable, "manage.py", "worker", cwd=CHECKOUT, env=dict(environment), stdout=nowhere, stderr=nowhere
    )


def memory_of(process: int) -> int:
    """Return the MiB that a process holds, 0 for one that is gone."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024
    return 0


async def searching(house: House, took: list[float], *, over: asyncio.Event, most: int = 100_000) -> None:
    """Search at an even pace until it is over, each question once; add the milliseconds of each."""
    rows = (Path(__file__).parent / "questions" / "demo.jsonl").read_text().splitlines()
    questions = [json.loads(row)["question"] for row in rows]
    async with aiohttp.ClientSession() as session:
        for number in range(most):
            if over.is_set():
                return
            asked = f"{questions[number % len(questions)]} ({len(took)}, {time.time():.3f})"
            began = time.perf_counter()
            async with session.get(f"{house.url}api/v1/search", params={"q": asked}) as answer:
                await answer.read()
                if answer.status != 200:
                    print(f"a search gave {answer.status}")
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PACE)


def told(name: str, took: list[float]) -> str:
    """Return a line of figures."""
    cuts = quantiles(took, n=20)
    return f"{name}: {len(took)} searches, p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


async def main(folder: Path, *, works: int, words: int, kills: int, minutes: float) -> None:
    """Do it and print the figures."""
    environment = {**inherited(), "DATA_DIR": str(folder), "INGEST_WORKER": "0"}
    async with running_house(folder=folder, environment={"INGEST_WORKER": "0"}) as house:
        before, after = list[float](), list[float]()
        await searching(house, [], over=asyncio.Event(), most=20)
        await searching(house, before, over=asyncio.Event(), most=200)
        print(told("before", before), flush=True)
        await shell(QUEUE.format(vocabulary=VOCABULARY, words=words, works=works), environment)
        if not kills:
            await turn_about(house, environment, works=works, minutes=minutes)
            return
        during, memory = await job(house, environment, works=works, kills=kills)
        print(told("while ingesting", during))
        await searching(house, after, over=asyncio.Event(), most=200)
        print(told("after", after))
        print("memory of the workers, MiB, at each tenth:", *memory)
        print(await shell(STATE, environment))


async def turn_about(house: House, environment: Mapping[str, str], *, works: int, minutes: float) -> None:
    """Stop the worker and let it go on in turns, and print what searches take meanwhile; its start is left out.

    It ends with the job, or with the first two turns after so many ``minutes``.
    """
    one, watch = await worker(environment), await Watch.opened(environment)
    while (await watch.look())[0] < 1:  # noqa: ASYNC110 -- it is another process that begins
        await asyncio.sleep(0.2)
    took: dict[int, list[float]] = {signal.SIGCONT: [], signal.SIGSTOP: []}
    over_at = time.monotonic() + 60 * minutes
    while (await watch.look())[0] < works and time.monotonic() < over_at:
        for what, times in took.items():
            one.send_signal(what)
            over = asyncio.Event()
            asyncio.get_running_loop().call_later(TURN, over.set)
            await searching(house, times, over=over)
    one.send_signal(signal.SIGCONT)
    one.kill()
    await one.wait()
    await watch.close()
    print(told("worker stopped", took[signal.SIGSTOP]))
    print(told("while ingesting", took[signal.SIGCONT]))


async def job(house: House, environment: Mapping[str, str], *, works: int, kills: int) -> tuple[list[float], list[int]]:
    """See the job through its kills, and return what searches took and the memory that was seen."""
    over, took, memory = asyncio.Event(), list[float](), list[int]()
    workers = {one.pid: one for one in [await worker(environment), await worker(environment)]}
    watch, search = await Watch.opened(environment), asyncio.create_task(searching(house, took, over=over))
    killed = 0
    while (state := await watch.look())[0] < works:
        done, holder = state
        if killed < kills and holder in workers and done >= works * (killed + 1) // (kills + 1):
            workers[holder].send_signal(signal.SIGKILL)
            await workers.pop(holder).wait()
            killed, began = killed + 1, time.perf_counter()
            other = await worker(environment)
            workers[other.pid] = other
            while (await watch.look())[0] <= done + 1:  # noqa: ASYNC110 -- it is another process that goes on
                await asyncio.sleep(0.2)
            print(f"killed at {done}; the next work was done {time.perf_counter() - began:.1f} s later", flush=True)
        if done >= works * (len(memory) + 1) // 10:
            memory.append(max(map(memory_of, workers)))
        await asyncio.sleep(0.2)
    over.set()
    await search
    await watch.close()
    for one in workers.values():
        one.terminate()
        await one.wait()
    return took, memory


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=1000)
    parser.add_argument("--words", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=60, help="after which turns end, without kills")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="ingesting-") as name:
        Path(name).chmod(0o711)  # PostgreSQL may run as another user and has to get through
        told_how = {"works": given.works, "words": given.words, "kills": given.kills, "minutes": given.minutes}
        asyncio.run(main(Path(name) / "data", **told_how))
