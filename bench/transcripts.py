"""The memory that reading takes: ``python -m bench.transcripts`` prints the peak of a process for the largest works.

Each work is read in a process of its own, which is told of the file and nothing else. ``--pieces`` reads so many cues,
lines or segments instead of as many as are taken.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from creators.transcripts import TranscriptError, read_transcript

MOST = {".srt": 250_000, ".vtt": 250_000, ".json": 400_000, ".txt": 350_000, ".md": 149_000}


def piece(suffix: str, number: int) -> str:
    """Return one cue, line, segment or paragraph, at the second of its number."""
    clock, after = (f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in (number, number + 1))
    said = f"Sentence {number} of a long talk."
    match suffix:
        case ".srt":
            return f"{number + 1}\n{clock},000 --> {after},000\n{said}\n\n"
        case ".vtt":
            return f"{clock}.000 --> {after}.000\n{said}\n\n"
        case ".json":
            return f'{"," if number else ""}{{"text": "{said}", "start": {number}, "end": {number + 1}}}'
        case ".txt":
            return f"[{clock}] {said}\n"
        case _:
            return f"{said}\n\n" if number % 2 else ""


def write(path: Path, count: int) -> None:
    """Write a work of so many pieces."""
    around = {".vtt": ("WEBVTT\n\n", ""), ".json": ("[", "]")}.get(path.suffix, ("", ""))
    with path.open("w") as file:
        file.write(around[0])
        file.writelines(piece(path.suffix, number) for number in range(count))
        file.write(around[1])


def measure(path: Path) -> None:
    """Read a work and print what came of it."""
    began = time.perf_counter()
    try:
        told = f"{len(read_transcript(path.read_bytes(), name=path.name).segments):,} segments"
    except TranscriptError as error:
        told = error.reason
    seconds, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{path.suffix:6}{path.stat().st_size / 2**20:6.1f} MiB{seconds:7.1f} s{peak:6} MB at most  {told}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.transcripts", description=__doc__)
    parser.add_argument("--pieces", type=int)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.file:
        measure(options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        for suffix, most in MOST.items():
            path = Path(folder, f"work{suffix}")
            write(path, options.pieces or most)
            subprocess.run([sys.executable, "-m", "bench.transcripts", "--file", str(path)], check=True)


if __name__ == "__main__":
    main()
