"""How many streams of 64 frames, one each 20 ms, a server holds without a stall, as published benchmarks ask.

Their frames are numbers, filled up to 16 bytes with x (GetBusbar/benchmarking, mock/src/main.rs), so that no guard
against loops mistakes them; ``--words`` asks for words that come again instead, as in any answer.
"""

from collections.abc import Iterator, Sequence

from bench.relay.asking import do, warm
from bench.relay.engines import Bench
from bench.relay.figures import Row, Sizes, lost, percentile, shown, spent

FRAMES, RATE = 64, 50
STALL = 2 / RATE
"""Seconds between two receptions that are a stall: twice the pace."""
ROUNDS = 3
"""Answers that each stream's place gives in turn, so that starts are spread as the ends are."""
HOLDS = 0.99
"""Share of streams without a stall from which on a server holds them; all of them, where nothing else runs."""
HEADER = (
    "engine", "streams at once", "holds", "without a stall", "gap p50 ms", "gap p99 ms", "largest", "first p50 ms",
    "server %", "model %", "load %", "lost",
)  # fmt: skip


def measure(bench: Bench, engines: Sequence[str], sizes: Sizes) -> Iterator[Row]:
    """More and more streams at once until some of them stall; ``direct`` says from where on model or load do."""
    for name in engines:
        with bench.engine(name) as engine:
            warm(bench, engine)
            for at_once in sizes.ladder:
                streams = ROUNDS * at_once
                ramp = ROUNDS * FRAMES / RATE
                times = {"ramp": ramp, "stall": STALL, "limit": 60.0}
                question = f"{'paced' if sizes.words else 'filled'}-{RATE}-{FRAMES}"
                result = do(bench, engine, question, tokens=FRAMES, streams=streams, at_once=at_once, **times)
                smooth = 1 - result.stalled / streams
                holds = smooth >= HOLDS and not result.lost and not result.errors
                gaps = [f"{1000 * one:.1f}" for one in (result.gap_p50, result.gap_p99, result.gap_most)]
                first = f"{1000 * percentile(result.firsts, 50):.1f}"
                shares = [100 * spent(result, key) / result.measured for key in ("server", "model", "load")]
                row = [name, at_once, "yes" if holds else "no", f"{100 * smooth:.1f} %", *gaps, first]
                yield [*row, *map(shown, shares), lost(result)]
                if not holds:
                    break
