"""What the measurements have in common: how much is measured, and figures of results."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from bench.relay.job import Result

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    streams: int
    tokens: int
    single: bool
    rounds: int
    ladder: Sequence[int]
    seconds: float
    requests: int
    opened: int
    words: bool = False


def spent(result: Result, key: str) -> float:
    """Return the CPU seconds of a process, of the stores together, or of others on the server's core, where known."""
    if key == "others":
        return result.cpu.get("core", float("nan")) - result.cpu["server"]
    if key == "stores":
        return sum(seconds for name, seconds in result.cpu.items() if name in ("postgres", "redis"))
    return result.cpu[key]


def shown(value: float, *, digits: int = 0) -> str:
    """Return a figure for a table."""
    return "-" if isnan(value) else f"{max(value, 0.0):.{digits}f}"


def percentile(values: Sequence[float], share: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)] if values else float("nan")


def lost(*results: Result) -> str:
    said = ", ".join(one for one in map(errors, results) if one != "0")
    return f"{sum(one.lost for one in results)}{f' ({said})' if said else ''}"


def errors(result: Result) -> str:
    return ", ".join(f"{count} {error}" for error, count in result.errors.items()) or "0"
