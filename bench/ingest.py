"""Ingest: what share of the time embedding takes, how memory behaves, and what a second run costs.

Run it on a database of its own: ``DATA_DIR=$(mktemp -d) .venv/bin/python manage.py shell -c "from bench.ingest import
main; main(works=300)"`` after ``manage.py migrate``. ``words=8`` makes works of one short chunk, for many of them.
"""

import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from creators.embeddings import Embedder, SpaceSpec, get_embedder
from creators.ingest import find_sources, ingest
from creators.models import Creator

WORDS = "ratio attack release threshold vocal bass kick reverb delay filter envelope level mix master phase".split()


class Timed:
    """The shipped embedder, adding up the seconds it takes."""

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self.seconds = 0.0

    @property
    def space(self) -> SpaceSpec:
        return self.inner.space

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        began = time.perf_counter()
        vectors = self.inner.embed_passages(texts)
        self.seconds += time.perf_counter() - began
        return vectors

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.inner.embed_sentences(texts)

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.inner.embed_questions(texts)


def make_works(folder: Path, *, works: int, words: int) -> None:
    """Write works of random sentences, each different."""
    chance = random.Random(1)
    for number in range(works):
        sentences = (
            " ".join(chance.choices(WORDS, k=chance.randint(6, 14))).capitalize() + "." for _ in range(words // 10 + 1)
        )
        (folder / f"work-{number:05}.txt").write_text(f"Work {number}. " + " ".join(sentences))


def main(*, works: int = 300, words: int = 900) -> None:
    """Ingest twice and print the figures."""
    embedder = Timed(get_embedder())
    embedder.embed_passages(["warm up"])
    creator, _ = Creator.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    with tempfile.TemporaryDirectory() as name:
        make_works(Path(name), works=works, words=words)
        embedder.seconds = 0.0
        first = timed(creator, Path(name), embedder=embedder, works=works)
        share = embedder.seconds / first
        second = timed(creator, Path(name), embedder=embedder, works=works)
    print(f"first {first:.1f} s, of it embedding {share:.1%}; second {second:.3f} s, {first / second:.0f} times faster")


def timed(creator: Creator, folder: Path, *, embedder: Embedder, works: int) -> float:
    """Ingest a folder, printing the peak of memory at each tenth, and return the seconds."""
    began = time.perf_counter()
    for number, _ in enumerate(ingest(creator, find_sources([folder]), embedder=embedder), start=1):
        if number % max(1, works // 10) == 0:
            print(f"{number:6} works, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return time.perf_counter() - began
