"""The program for the chaos: on the demo corpus in a folder of its own, under daphne or uvicorn, until a block ends."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.program import CHECKOUT, free_port, inherited
from tests.program import running as running_program

FOLDER = CHECKOUT / "var" / "chaos"
LOG = CHECKOUT / "var" / "chaos.log"
"""What the servers say, which is much while they are killed."""
PATIENCE = 120.0  # seconds of a first start, demo corpus included


@dataclass(frozen=True)
class House:
    """A program that listens: its address, which ends in a slash, and the number of its process."""

    url: str
    process: int


@asynccontextmanager
async def running_house(
    *,
    server: str = "daphne",
    folder: Path = FOLDER,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> AsyncIterator[House]:
    """Run the program, uvicorn with these options; the embedded PostgreSQL comes and goes with it."""
    port = free_port()
    environ = {**inherited(), "DATA_DIR": str(folder), "PORT": str(port), **(environment or {})}
    if server == "daphne":
        with running_program(environ) as process:
            yield House(f"http://127.0.0.1:{port}/", process.pid)
        return
    command = ["-m", "uvicorn", "chrysopedia.asgi:application", "--port", str(port), "--no-access-log", *options]
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        running = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=CHECKOUT, env=environ, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        await _until_ready(url)
        yield House(url, running.pid)
    finally:
        with suppress(ProcessLookupError):  # it may have been killed
            running.terminate()
        await running.wait()


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{url}readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
