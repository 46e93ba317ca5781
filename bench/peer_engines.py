"""A third-party engine, built or timed in the environment that has it: ``python -m bench.peer_engines --help``.

``bench.peers`` runs this. It needs no Django, and prints JSON lines.
"""

import argparse
import json
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from bench import peer_chroma, peer_faiss, peer_lance
from bench.peer_data import Data, read
from bench.peer_timing import Engine, measure


class Peer(Protocol):
    """How an engine comes to be: built into a folder, opened from it."""

    def __call__(self, folder: Path, data: Data) -> Engine: ...

    def build(self, folder: Path, data: Data) -> None: ...


PEERS: dict[str, Peer] = {
    "faiss": peer_faiss.Hnsw,
    "faiss-flat": peer_faiss.Flat,
    "chromadb": peer_chroma.Chroma,
    "lancedb": peer_lance.Hnsw,
    "lancedb-ivf": peer_lance.Ivf,
}
STAMP = "made-of.json"


def build(name: str, data: Data, folder: Path, *, reuse: bool) -> dict[str, float]:
    """Build the index into the folder, unless it is there and may be used again, and return how long that took."""
    stamp = folder / STAMP
    if reuse and stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["stamp"] == data.stamp:
            return dict(known["built"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.perf_counter()
    PEERS[name].build(folder, data)
    said = {"seconds": time.perf_counter() - began, "megabytes": _size(folder)}
    stamp.write_text(json.dumps({"stamp": data.stamp, "built": said}), encoding="utf-8")
    return said


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _memory() -> float:
    """Return the most megabytes that this process held; 0 where the system does not tell that of this program alone."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=["build", "time"])
    parser.add_argument("engine", choices=PEERS)
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--recall", type=float, default=0.98)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    data = read(options.file)
    if options.verb == "build":
        print(json.dumps(build(options.engine, data, options.folder, reuse=options.reuse)), flush=True)
        return
    engine = PEERS[options.engine](options.folder, data)
    for measured in measure(options.engine, engine, data, recall=options.recall, seconds=options.seconds):
        print(json.dumps(asdict(measured)), flush=True)
    print(json.dumps({"memory": _memory()}), flush=True)


if __name__ == "__main__":
    main()
