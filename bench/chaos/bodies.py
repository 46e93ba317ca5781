"""Bodies that hurt: 1,000 that trickle, and one of 1.5 GB with its length and in chunks, under daphne and uvicorn.

``python -m bench.chaos.bodies`` prints for each: tried, lost (not refused as they should be), seconds, and how long
``/healthz`` and the front page took meanwhile.
"""

import argparse
import asyncio
import time
from urllib.parse import urlsplit

from bench.chaos.flood import Watch, get, probing
from bench.chaos.house import House, running_house

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


async def main(*, slow: int) -> None:
    """Run everything under both servers. Under uvicorn the database is that of a daphne which does nothing else."""
    async with running_house() as first:
        await judged("daphne", first, slow=slow)
        async with running_house(server="uvicorn") as second:
            await judged("uvicorn", second, slow=slow)


async def judged(server: str, house: House, *, slow: int) -> None:
    """Send all bodies to a server, and print what became of them and of others meanwhile."""
    over = asyncio.Event()
    watches = {"healthz": Watch(), "front page": Watch()}
    asks = {"healthz": get(house.url + "healthz"), "front page": get(house.url)}
    probes = [
        asyncio.create_task(probing(ask, watches[kind], net=net, over=over))
        for net, (kind, ask) in enumerate(asks.items(), start=2)
    ]
    for kind, chunked in (("1.5 GB by its length", False), ("1.5 GB in chunks", True)):
        began = time.perf_counter()
        answer, sent = await send_large(house, chunked=chunked)
        row(server, kind, tried=1, lost=int(b" 413 " not in answer[:20]), began=began, more=f"{sent / 1e6:.1f} MB sent")
    began = time.perf_counter()
    answers = await asyncio.gather(*(trickle(house) for _ in range(slow)))
    row(server, "trickling", tried=slow, lost=sum(b" 408 " not in answer[:20] for answer in answers), began=began)
    over.set()
    await asyncio.gather(*probes)
    for kind, watch in watches.items():
        print(f"{server:<8} {watch.line(kind)}")


def row(server: str, kind: str, *, tried: int, lost: int, began: float, more: str = "") -> None:
    """Print a line of the report."""
    took = time.perf_counter() - began
    print(f"{server:<8} {kind:<22} tried {tried:>5}  lost {lost:>5}  {took:6.2f} s  {more}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=1000)
    asyncio.run(main(**vars(parser.parse_args())))
