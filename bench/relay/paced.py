"""How many streams of 20 tokens a second a server holds."""

from collections.abc import Iterator, Sequence

from bench.relay.asking import do, warm
from bench.relay.engines import Bench, Engine
from bench.relay.figures import Row, Sizes, lost, percentile, shown, spent

RATE = 20
"""Tokens a second of each stream."""
LARGEST_GAP = 2 / RATE
STARTS = 40
"""Streams that are started in a second: what a start costs is not measured here, and must not pile up."""
SETTLING = 2.0
"""Seconds between the last start and the first gap that counts."""
PATIENCE = 20.0
"""Seconds that the last answers may be late, until they count as unfinished."""
KINDS = ("server", "others", "model", "load", "stores")
"""Whose CPU time is told; others are those who used the server's core besides."""
HEADER = (
    "engine",
    "streams",
    "holds",
    "gap p50 ms",
    "gap p99 ms",
    "largest",
    "first p50 ms",
    "server %",
    "others %",
    "model %",
    "load %",
    "stores %",
    "lost",
)


def measure(bench: Bench, engines: Sequence[str], sizes: Sizes) -> Iterator[Row]:
    """Streams at 20 tokens a second, more and more until the p99 of the gaps is twice the model's own.

    Of ``direct`` only the most of them: it says that model and load hold as many.
    """
    for name in engines:
        with bench.engine(name) as engine:
            warm(bench, engine)
            for streams in sizes.ladder if name != "direct" else sizes.ladder[-1:]:
                row, holds = _step(bench, engine, streams, sizes.seconds)
                yield row
                if not holds:
                    break


def _step(bench: Bench, engine: Engine, streams: int, seconds: float) -> tuple[Row, bool]:
    ramp = max(2.0, streams / STARTS)
    steady = ramp + SETTLING
    tokens = round(RATE * (steady + seconds + 1))
    times = {"ramp": ramp, "steady": steady, "until": steady + seconds, "limit": ramp + tokens / RATE + PATIENCE}
    result = do(bench, engine, f"paced-{RATE}-{tokens}", tokens=tokens, streams=streams, **times)
    holds = result.gap_p99 < LARGEST_GAP and not result.lost and not result.errors
    gaps = [f"{1000 * one:.1f}" for one in (result.gap_p50, result.gap_p99, result.gap_most)]
    first = f"{1000 * percentile(result.firsts, 50):.1f}"
    shares = [100 * spent(result, key) / result.measured for key in KINDS]
    row = [engine.name, streams, "yes" if holds else "no", *gaps, first, *map(shown, shares)]
    return [*row, lost(result)], holds
