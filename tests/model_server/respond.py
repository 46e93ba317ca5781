"""A script being played to a client that may leave at any step."""

import asyncio

from tests.model_server.http import WatchedReader, framed
from tests.model_server.script import Script, Step


class ClientLeft(ConnectionError):
    """The client closed its connection in the middle of an answer."""


async def respond(script: Script, reader: WatchedReader, writer: asyncio.StreamWriter, *, delay: float) -> None:
    """Play the script; ``ConnectionError`` when the connection is over, from either side."""
    if script.status:
        writer.write(script.head())
    for step in script.steps:
        match step:
            case Step.HANG:
                await reader.gone.wait()
            case Step.CUT:
                await writer.drain()
                raise ConnectionAbortedError
            case float():
                await asyncio.sleep(step)
            case bytes():
                await _send(step, writer, delay)
        if reader.gone.is_set():
            raise ClientLeft
    writer.write(framed(b""))
    await writer.drain()


async def _send(packet: bytes, writer: asyncio.StreamWriter, delay: float) -> None:
    try:
        writer.write(framed(packet))
        await writer.drain()
    except ConnectionError as error:
        raise ClientLeft from error
    await asyncio.sleep(delay)  # with 0 too: the loop gets its turn, and the packet goes out alone
