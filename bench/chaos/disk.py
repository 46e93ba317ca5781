"""A disk that is full and free again: ``python -m bench.chaos.disk``, as root, who may mount a small one of memory.

The program runs with its data there. Somebody asks on while a file takes all that is left, and after it is gone. What
was kept before must be there afterwards, and nobody may be left without an answer or a refusal.
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp

from bench.chaos.flood import QUESTION
from bench.chaos.house import FOLDER, House, running_house
from bench.chaos.report import Row, counted, table

ROOM = 64  # megabytes that are left on the disk beside the program's data
LONGEST = 60.0


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a disk of memory that holds a copy of the chaos's data and a little more."""
    disk = FOLDER.with_name("chaos-disk")
    disk.mkdir(parents=True, exist_ok=True)
    size = sum(file.stat().st_blocks * 512 for file in FOLDER.rglob("*") if file.is_file()) // 2**20 + ROOM
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=755", "none", disk], check=True)
    try:
        folder = disk / "data"
        subprocess.run(["cp", "-a", FOLDER, folder], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


async def full_disk(*, seconds: float) -> Row:
    """Fill the disk for so many seconds under questions, and return what became of them."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return Row("disk: full and free again", 0, note="needs root, to mount a small disk")
    async with running_house():  # makes the folder ready
        pass
    with small_disk() as folder:
        async with running_house(folder=folder, environment={"MIN_FREE_DISK_MB": "20"}) as house:
            return await _filled(house, folder, seconds=seconds)


async def _filled(house: House, folder: Path, *, seconds: float) -> Row:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(LONGEST)) as session:
        kept = [await ask(house, session) for _ in range(3)]
        fill(folder.with_name("fills-it"))
        statuses: Counter[int] = Counter()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            statuses[(await ask(house, session))[0]] += 1
            await asyncio.sleep(0.1)
        ready = await status(session, f"{house.url}readyz")
        folder.with_name("fills-it").unlink()
        began = time.monotonic()
        while not await is_kept(house, session, (await ask(house, session))[1]):
            if time.monotonic() - began > LONGEST:
                break
            await asyncio.sleep(0.1)
        back = time.monotonic() - began
        gone = sum([not await is_kept(house, session, conversation) for _, conversation in kept])
    refused, lost = counted(statuses)
    note = f"readyz {ready} meanwhile; of {len(kept)} conversations of before {gone} are gone"
    return Row(
        "disk: full and free again", statuses.total(), refused=refused, lost=lost + gone, seconds=back, note=note
    )


def fill(path: Path) -> None:
    """Write until there is no room left."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(2**16))


async def ask(house: House, session: aiohttp.ClientSession) -> tuple[int, str]:
    """Ask a question; return the status, 0 for no answer, and the conversation's id."""
    try:
        async with session.post(f"{house.url}api/v1/chat", json=QUESTION) as response:
            await response.read()
            return response.status, response.headers.get("X-Conversation-Id", "")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0, ""


async def is_kept(house: House, session: aiohttp.ClientSession, conversation: str) -> bool:
    """Say whether a conversation can be read."""
    return bool(conversation) and await status(session, f"{house.url}api/v1/conversations/{conversation}") == 200


async def status(session: aiohttp.ClientSession, url: str) -> int:
    """Return the status of an address, 0 for no answer."""
    try:
        async with session.get(url) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0


if __name__ == "__main__":
    print(table([asyncio.run(full_disk(seconds=15))]))
