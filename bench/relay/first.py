"""The time to the first token, one question after the other."""

from collections.abc import Iterator, Sequence

from bench.relay.asking import do, warm
from bench.relay.engines import Bench
from bench.relay.figures import Row, Sizes, lost, percentile
from bench.relay.job import Result

HEADER = ("engine", "p50 ms", "p95 ms", "p99 ms", "added p50", "added p95", "added p99", "of it not retrieval", "lost")


def measure(bench: Bench, engines: Sequence[str], sizes: Sizes) -> Iterator[Row]:
    """The time to the first token, one question after the other, and what of it ``direct`` does not take."""
    direct: list[float] = []
    for name in ("direct", *(one for one in engines if one != "direct")):
        with bench.engine(name) as engine:
            warm(bench, engine)
            result = do(bench, engine, "flat-20", tokens=20, streams=sizes.requests, at_once=1)
        took = _shares(result.firsts)
        direct = direct or took
        added = [one - other for one, other in zip(took, direct, strict=True)]
        less = " / ".join(f"{one:.2f}" for one in _without_retrieval(result, direct)) or "-"
        yield [name, *(f"{one:.2f}" for one in [*took, *added]), less, lost(result)]


def _shares(seconds: Sequence[float]) -> list[float]:
    """Return p50, p95 and p99 in milliseconds."""
    return [1000 * percentile(seconds, share) for share in (50, 95, 99)]


def _without_retrieval(result: Result, direct: Sequence[float]) -> list[float]:
    """Return what is added beside the time that the server says passed until its retrieval was done, if it says so."""
    if len(result.searched) != len(result.firsts):
        return []
    rest = [one - searched for one, searched in zip(result.firsts, result.searched, strict=True)]
    return [one - other for one, other in zip(_shares(rest), direct, strict=True)]
