"""The runs of the peers in processes of their own, and the table of all that was measured."""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.peer_timing import Measured

HEADER = "| searched | engine | setting | recall@10 | p50 ms | p95 ms | per second | p50 to ours | asked |"


class Report:
    """What was measured so far."""

    def __init__(self) -> None:
        self._measured: list[Measured] = []
        self._built: list[str] = []

    def add(self, measured: Iterable[Measured]) -> None:
        """Take in figures, and tell how far the run is."""
        for one in measured:
            print(f"{one.engine}: {one.within}, {one.setting}: {one.recall:.3f} {one.p50:.2f} ms", file=sys.stderr)
            self._measured.append(one)

    def add_size(self, engine: str, *, megabytes: float, seconds: float | None = None, memory: float = 0) -> None:
        """Take in what an engine's index took to build and takes up."""
        built = "" if seconds is None else f"built in {seconds:.0f} s, "
        held = f", at most {memory:.0f} MB of memory while timed" if memory else ""
        self._built.append(f"{engine}: {built}{megabytes:.0f} MB on disk{held}")

    def add_peer(self, engine: str, options: argparse.Namespace, *, file: Path, folder: Path) -> None:
        """Build a peer's index in one process and time it in another."""
        program = [str(options.peers_python.absolute()), "-m", "bench.peer_engines"]
        given = [engine, str(file), str(folder)]
        built = next(_lines([*program, "build", *given, *(["--reuse"] if options.reuse else [])]))
        print(f"{engine}: {built}", file=sys.stderr)
        memory = 0.0
        if not options.build_only:
            for line in _lines(
                [*program, "time", *given, "--recall", str(options.recall), "--seconds", str(options.seconds)]
            ):
                if "memory" in line:
                    memory = line["memory"]
                else:
                    self.add([Measured(**line)])
        self.add_size(engine, **built, memory=memory)

    def print(self) -> None:
        """Print the table, scope by scope, and what the indexes took."""
        print(f"{HEADER}\n|{' --- |' * 9}")
        for within in dict.fromkeys(one.within for one in self._measured):
            some = [one for one in self._measured if one.within == within]
            ours = next((one.p50 for one in some if one.engine == "ours"), None)
            for one in some:
                ratio = f"{one.p50 / ours:.3g}" if ours else "-"
                print(
                    f"| {within} | {one.engine} | {one.setting} | {one.recall:.3f} | {one.p50:.2f} | {one.p95:.2f} "
                    f"| {one.per_second:.0f} | {ratio} | {one.questions} |"
                )
        print("\n" + "\n".join(self._built))


def _lines(command: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what a process prints, as it prints it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("{"):
                yield json.loads(line)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
