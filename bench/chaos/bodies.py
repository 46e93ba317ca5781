"""Bodies that hurt: 1,000 that trickle, and one of 1.5 GB with its length and in chunks, under daphne and uvicorn.

``python -m bench.chaos.bodies`` prints what was refused, as all of them should be, in how many seconds, and how long
``/healthz`` and the front page took meanwhile, 95 in 100.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

from bench.chaos import report
from bench.chaos.flood import Watch, get, probing
from bench.chaos.house import House, running_house
from bench.chaos.report import Row

HEAD = b"POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LARGE = 1_500_000_000
PIECE = b"x" * 65536
CHUNK = f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n"
WAIT = 60.0  # seconds until a connection counts as lost


async def send_large(house: House, *, chunked: bool) -> tuple[bytes, int]:
    """Send a body of 1.5 GB until the server has had enough; return its answer and how much was sent."""
    address = urlsplit(house.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    length = b"Transfer-Encoding: chunked" if chunked else f"Content-Length: {LARGE}".encode()
    writer.write(HEAD + length + b"\r\n\r\n")
    answer = asyncio.create_task(reader.read(65536))
    sent = 0
    try:
        while not answer.done() and sent < LARGE:
            writer.write(CHUNK if chunked else PIECE)
            sent += len(PIECE)
            await writer.drain()
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    try:
        async with asyncio.timeout(WAIT):
            return await answer, sent
    except (ConnectionError, TimeoutError):
        return b"", sent
    finally:
        writer.close()


async def trickle(house: House) -> bytes:
    """Send a byte a second of a small body; return the answer."""
    address = urlsplit(house.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(HEAD + b"Content-Length: 60000\r\n\r\n")
    answer = asyncio.create_task(reader.read(65536))
    try:
        async with asyncio.timeout(WAIT):
            while not answer.done():
                writer.write(b"x")
                await asyncio.wait([answer], timeout=1)
            return await answer
    except (ConnectionError, TimeoutError):
        return b""
    finally:
        writer.close()


async def bodies(*, slow: int, servers: int = 2) -> AsyncIterator[Row]:
    """Send everything to daphne, and then to uvicorn, whose database is that of a daphne which does nothing else."""
    async with running_house() as first:
        for row in await judged("daphne", first, slow=slow):
            yield row
        if servers == 1:
            return
        async with running_house(server="uvicorn") as second:
            for row in await judged("uvicorn", second, slow=slow):
                yield row


async def judged(server: str, house: House, *, slow: int) -> list[Row]:
    """Send all bodies to a server, and return what became of them and of others meanwhile."""
    over = asyncio.Event()
    watches = {"healthz": Watch(), "front page": Watch()}
    asks = {"healthz": get(house.url + "healthz"), "front page": get(house.url)}
    probes = [
        asyncio.create_task(probing(ask, watches[kind], net=net, over=over))
        for net, (kind, ask) in enumerate(asks.items(), start=2)
    ]
    rows = []
    for kind, chunked in (("1.5 GB by its length", False), ("1.5 GB in chunks", True)):
        began = time.perf_counter()
        answer, sent = await send_large(house, chunked=chunked)
        rows.append(_row(f"{server}: {kind}", [answer], 413, began=began, note=f"{sent / 1e6:.1f} MB sent"))
    began = time.perf_counter()
    answers = await asyncio.gather(*(trickle(house) for _ in range(slow)))
    rows.append(_row(f"{server}: bodies that trickle", answers, 408, began=began))
    over.set()
    await asyncio.gather(*probes)
    return [*rows, *(watch.row(f"  {kind}") for kind, watch in watches.items())]


def _row(name: str, answers: Sequence[bytes], status: int, *, began: float, note: str = "") -> Row:
    """Return a row about bodies, all of which should have been refused with one status."""
    refused = sum(f" {status} ".encode() in answer[:20] for answer in answers)
    seconds = time.perf_counter() - began
    return Row(name, len(answers), refused=refused, lost=len(answers) - refused, seconds=seconds, note=note)


async def main(*, slow: int) -> None:
    print(report.HEAD)
    async for row in bodies(slow=slow):
        print(row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=1000)
    asyncio.run(main(**vars(parser.parse_args())))
