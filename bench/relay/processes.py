"""Processes of the benchmark: started on one core, waited for, measured with all their children, and ended."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 120.0
"""Seconds until a server listens; the slowest peer takes half a minute."""


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Have what is started in the block run on this core, and this process as well meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def running(
    command: Sequence[str], *, core: int, log: Path, env: Mapping[str, str] | None = None, pipe: bool = False
) -> Iterator["subprocess.Popen[str]"]:
    """Run a process until the block ends; what it says goes to ``log``, or with ``pipe`` its output to the caller."""
    with log.open("w") as said:
        output: IO[str] | int = subprocess.PIPE if pipe else said
        with on_core(core):
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=said, text=True, env=env
            )
        try:
            yield process
        finally:
            _end(process)


def wait_for_port(port: int, process: "subprocess.Popen[str]", log: Path) -> None:
    """Return when it listens; exit with what it said if it ended, or never did."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit(f"{log.stem} does not listen:\n{log.read_text()[-2000:]}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(process: int) -> list[int]:
    """Return a process and all below it."""
    found = [process]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found.extend(map(int, children.read_text().split()))
    return found


def cpu_seconds(process: int) -> float:
    """Return what a process and its children, the ended ones included, have used of processors."""
    return sum(sum(map(int, _status(one)[11:15])) for one in tree(process)) / TICKS


def busy_seconds(core: int) -> float:
    """Return for how long a core has not been idle, whoever used it."""
    line = next(one for one in Path("/proc/stat").read_text().splitlines() if one.startswith(f"cpu{core} "))
    user, nice, system, _idle, _waiting, *more = map(int, line.split()[1:9])
    return (user + nice + system + sum(more)) / TICKS


def megabytes(process: int) -> float:
    """Return the memory of a process and its children; what several share counts once."""
    kilobytes = 0
    for one in tree(process):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def _end(process: "subprocess.Popen[str]") -> None:
    below = {one: _born(one) for one in tree(process.pid)[1:]}
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for one, born in below.items():
        if born and _born(one) == born:  # it has outlived its parent, and its number is still its own
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)


def _born(process: int) -> str:
    """Return when it began, in ticks since the machine did; "" for one that has ended."""
    return "".join(_status(process)[19:20])


def _status(process: int) -> list[str]:
    """Return the fields of its ``stat`` after its name, from the third on; none for one that has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
