"""What a stream costs that is open."""

from collections.abc import Iterator, Sequence

from bench.relay.asking import do, warm
from bench.relay.engines import Bench
from bench.relay.figures import Row, Sizes, errors

HEADER = ("engine", "MB with none", "MB with all open", "streams", "kB a stream", "errors")


def measure(bench: Bench, engines: Sequence[str], sizes: Sizes) -> Iterator[Row]:
    """What open streams of one token a second cost the server."""
    ramp = max(2.0, sizes.opened / 40)
    hold = ramp + 4
    for name in engines:
        with bench.engine(name) as engine:
            warm(bench, engine)
            before = do(bench, engine, "flat-20", tokens=20, streams=8, at_once=1, hold=2.0)
            during = do(bench, engine, "paced-1-60", tokens=60, streams=sizes.opened, ramp=ramp, hold=hold)
        none, some = before.memory["server"], during.memory["server"]
        each = 1024 * (some - none) / sizes.opened
        opened = len(during.firsts)
        yield [name, f"{none:.1f}", f"{some:.1f}", opened, f"{each:.1f}", errors(during)]
