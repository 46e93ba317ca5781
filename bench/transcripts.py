"""The memory that reading takes: ``python -m bench.transcripts`` prints the peak of a process for the largest works.

Each work is read in a process of its own, which is told of the file and nothing else, and beside it stands what such a
process takes for a file of one cue. ``--pieces`` reads so many cues, lines or segments instead of as many as are taken;
``--named`` has a name before each line of captions, ``--wide`` a sign in it that makes the text four bytes wide.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from creators.transcripts import TranscriptError, read_transcript

MOST = {".srt": 1_000_000, ".vtt": 1_000_000, ".json": 1_000_000, ".txt": 350_000, ".md": 149_000}


def piece(suffix: str, number: int, *, said: str) -> str:
    """Return one cue, line, segment or paragraph, at the second of its number."""
    clock, after = (f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in (number, number + 1))
    said = said.format(number)
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


def write(path: Path, count: int, *, said: str = "Sentence {} of a long talk.") -> None:
    """Write a work of so many pieces."""
    around = {".vtt": ("WEBVTT\n\n", ""), ".json": ("[", "]")}.get(path.suffix, ("", ""))
    with path.open("w") as file:
        file.write(around[0])
        file.writelines(piece(path.suffix, number, said=said) for number in range(count))
        file.write(around[1])


def measure(path: Path) -> None:
    """Read a file of one cue, then a work, and print what came of it."""
    read_transcript(b"0:01 --> 0:02\nHi.\n", name="a.srt")
    empty = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.process_time()
    try:
        told = f"{len(read_transcript(path.read_bytes(), name=path.name).segments):,} segments"
    except TranscriptError as error:
        told = error.reason
    seconds, peak = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = path.stat().st_size / 2**20
    print(f"{path.suffix:6}{size:6.1f} MiB{seconds:7.1f} s{peak:6} MB, {peak - empty} above {empty}  {told}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.transcripts", description=__doc__)
    parser.add_argument("--pieces", type=int)
    parser.add_argument("--named", action="store_true")
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.file:
        measure(options.file)
        return
    said = f"{'Nora: ' * options.named}Sentence {{}} of a long talk.{' 🎚' * options.wide}"
    with tempfile.TemporaryDirectory() as folder:
        for suffix, most in MOST.items():
            path = Path(folder, f"work{suffix}")
            write(path, options.pieces or most, said=said)
            subprocess.run([sys.executable, "-m", "bench.transcripts", "--file", str(path)], check=True)


if __name__ == "__main__":
    main()
