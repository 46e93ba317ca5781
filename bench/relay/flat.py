"""Tokens as fast as a server relays them, for each CPU second that it takes."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from bench.relay.asking import do, warm
from bench.relay.engines import Bench
from bench.relay.figures import Row, Sizes, lost, shown, spent
from bench.relay.job import Result

COUNTABLE = 0.1
"""CPU seconds below which the kernel's clock, of 10 ms, is too coarse to divide by."""
KINDS = ("server", "others", "model", "load", "stores")
"""Whose CPU time is told; others are those who used the server's core besides."""
HEADER = (
    "engine",
    "tokens per CPU second of the server",
    "tokens/s",
    "server s",
    "others s",
    "model s",
    "load s",
    "stores s",
    "lost",
)


def measure(bench: Bench, engines: Sequence[str], sizes: Sizes) -> Iterator[Row]:
    """Tokens as fast as the server relays them: the median of rounds in which the engines take turns."""
    question = f"flat{'1' if sizes.single else ''}-{sizes.tokens}"
    found: dict[str, list[Result]] = {name: [] for name in engines}
    with ExitStack() as stack:
        started = [stack.enter_context(bench.engine(name)) for name in engines]
        for engine in started:
            warm(bench, engine)
        for number in range(sizes.rounds + 1):
            for engine in started:
                result = do(bench, engine, question, tokens=sizes.tokens, streams=sizes.streams)
                if number:  # the round before the first only warms up
                    found[engine.name].append(result)
    for name, results in found.items():
        yield _flat_row(name, results)


def _flat_row(name: str, results: Sequence[Result]) -> Row:
    counted = [one for one in results if one.cpu["server"] >= COUNTABLE]
    each = f"{statistics.median(one.tokens / one.cpu['server'] for one in counted):,.0f}" if counted else "-"
    wall = statistics.median(one.tokens / one.wall for one in results)
    used = [statistics.median(spent(one, key) for one in results) for key in KINDS]
    return [name, each, f"{wall:,.0f}", *(shown(one, digits=2) for one in used), lost(*results)]
