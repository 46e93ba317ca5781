"""The embedder that ships, asked once for each text: its vectors are kept for later test runs, of other clones too."""

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chrysopedia.embedded.folders import copy_folders, make_folder
from creators.embeddings.minilm import MiniLM, Precision, graph_path
from creators.embeddings.weights import Lazy
from tests.seed import digest

Vectors = npt.NDArray[np.float32]
MOST_BYTES = 64 * 1024 * 1024
"""A larger store is begun anew: some tests make up texts that nobody asks for again."""
UNUSED = 30 * 86_400.0
"""Seconds after which the store of another model is removed."""


class KeptMiniLM(MiniLM):
    """MiniLM behind a store of what it has answered before."""

    def __init__(self, *, models_dir: Path | str, precision: Precision = "fp32", threads: int = 0) -> None:
        super().__init__(models_dir=models_dir, precision=precision, threads=threads)
        self._store = Lazy(lambda: _open(kept_path(Path(models_dir), precision=precision)))
        self._using = threading.Lock()

    def prepare(self) -> None:
        """Load nothing: most processes of the tests never meet a text that isn't in the store."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """As MiniLM's."""
        return self._kept(texts, super().embed_passages)

    def embed_sentences(self, texts: Sequence[str]) -> Vectors:
        """As MiniLM's."""
        return self._kept(texts, super().embed_sentences)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """As MiniLM's."""
        return self._kept(texts, super().embed_questions, kind="question")

    def _kept(self, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors], *, kind: str = "") -> Vectors:
        keys = {text: hashlib.sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).digest() for text in texts}
        known = self._known(keys)
        if missing := [text for text in keys if text not in known]:
            made = {text: vector.tobytes() for text, vector in zip(missing, embed(missing), strict=True)}
            with self._using:
                rows = [(keys[text], vector) for text, vector in made.items()]
                self._store().executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
            known |= made
        return np.stack([np.frombuffer(known[text], np.float32) for text in texts]) if texts else embed(texts)

    def _known(self, keys: Mapping[str, bytes]) -> dict[str, bytes]:
        find, known = "SELECT vector FROM kept WHERE key = ?", {}
        with self._using:
            for text, key in keys.items():
                if row := self._store().execute(find, [key]).fetchone():
                    known[text] = bytes(row[0])
        return known


def kept_path(models_dir: Path, *, precision: Precision) -> Path:
    """Return where vectors are kept for all clones; its name changes with the model, and with what runs it."""
    name = graph_path(models_dir, precision=precision).stem
    made_by = digest(("creators/embeddings", "requirements.txt"))
    return copy_folders(models_dir)[0] / "tests" / f"{name}-{made_by}.sqlite"


def _open(path: Path) -> sqlite3.Connection:
    make_folder(path.parent)
    for other in path.parent.glob("*.sqlite"):
        if other.stat().st_mtime < time.time() - UNUSED:
            for leftover in path.parent.glob(f"{other.name}*"):
                leftover.unlink(missing_ok=True)
    if path.exists() and path.stat().st_size > MOST_BYTES:
        path.unlink()
    store = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = OFF")
    os.utime(path)
    store.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    return store
