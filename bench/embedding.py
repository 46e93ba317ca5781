"""How fast the embedded model is, and what an ingest costs a question: ``python -m bench.embedding passages.txt``.

The file holds one passage a line. Both precisions, and both ways of running questions, are taken in one run, because
only the ratios between them mean anything on another machine.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from creators.embeddings.minilm import MiniLM, Precision

QUESTION = "How do I stop the kick and the bass from fighting?"
ROUNDS = 3


def passages_per_second(model: MiniLM, passages: list[str]) -> float:
    model.embed_passages(passages[:8])
    speeds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        model.embed_passages(passages)
        speeds.append(len(passages) / (time.perf_counter() - start))
    return max(speeds)


def milliseconds(ask: Callable[[list[str]], object], *, asked: int = 200) -> str:
    taken = []
    for _ in range(asked):
        start = time.perf_counter()
        ask([QUESTION])
        taken.append(1000 * (time.perf_counter() - start))
        time.sleep(0.005)
    cuts = statistics.quantiles(taken, n=20)
    return f"p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms"


def under_load(model: MiniLM, passages: list[str], ask: Callable[[list[str]], object]) -> str:
    stop = threading.Event()

    def ingest() -> None:
        while not stop.is_set():
            model.embed_passages(passages[:32])

    worker = threading.Thread(target=ingest)
    worker.start()
    try:
        return milliseconds(ask)
    finally:
        stop.set()
        worker.join()


def report(precision: Precision, passages: list[str], models_dir: Path) -> None:
    model = MiniLM(models_dir=models_dir, precision=precision)
    start = time.perf_counter()
    model.prepare()
    built = time.perf_counter() - start
    model = MiniLM(models_dir=models_dir, precision=precision)
    start = time.perf_counter()
    model.prepare()
    print(f"{precision}: built and loaded in {built:.1f} s, loaded in {time.perf_counter() - start:.1f} s")
    print(f"  passages                    {passages_per_second(model, passages):6.1f}/s")
    print(f"  question, idle              {milliseconds(model.embed_questions)}")
    print(f"  during ingest, own session  {under_load(model, passages, model.embed_questions)}")
    print(f"  during ingest, shared       {under_load(model, passages, model.embed_passages)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=Path)
    passages = parser.parse_args().passages.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        for precision in ("fp32", "int8"):
            report(precision, passages, Path(folder))


if __name__ == "__main__":
    main()
