"""Chunks a second through our decoding and through the client's typed stream: ``python -m bench.model_client``."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from openai import AsyncOpenAI

from chat.events.events import Message, Prompt
from chat.llm.openai import OpenAICompatible
from tests.model_server import ModelServer, wire

CHUNKS = 20_000
ROUNDS = 5
PROMPT = Prompt(messages=(Message("user", "Speak."),), temperature=0.0, max_tokens=CHUNKS)


async def ours(server: ModelServer) -> int:
    """Read an answer as the product does."""
    model = OpenAICompatible(base_url=server.base_url, model="m")
    count = sum([delta.tokens async for delta in model.stream(PROMPT)])
    await model.aclose()
    return count


async def typed(server: ModelServer) -> int:
    """Read an answer as the client's documentation does."""
    async with AsyncOpenAI(base_url=server.base_url, api_key="none") as client:
        stream = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Speak."}], stream=True
        )
        return len([chunk async for chunk in stream if chunk.choices and chunk.choices[0].delta.content])


async def rate(server: ModelServer, read: Callable[[ModelServer], Awaitable[int]], per_packet: int) -> float:
    """Chunks a second of CPU time of this thread: the server writes in another one of the same process."""
    server.send(*[wire.text("word ") * per_packet] * (CHUNKS // per_packet), wire.finish(), wire.DONE)
    began = time.thread_time()
    if await read(server) != CHUNKS:
        raise RuntimeError("chunks were lost")
    return CHUNKS / (time.thread_time() - began)


async def measure(*, per_packet: int) -> None:
    """Print both rates: the median of rounds that take turns."""
    with ModelServer() as server:
        pairs = [(await rate(server, ours, per_packet), await rate(server, typed, per_packet)) for _ in range(ROUNDS)]
    here, there = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    print(f"{per_packet:3} chunks a packet: ours {here:,.0f}/s, typed {there:,.0f}/s, ratio {here / there:.1f}")


if __name__ == "__main__":
    for size in (1, 50):
        asyncio.run(measure(per_packet=size))
