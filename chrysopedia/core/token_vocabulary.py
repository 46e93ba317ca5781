"""The vocabulary by which a client of OpenAI's has cut texts into tokens, as ``tiktoken`` publishes it."""

import base64
from collections.abc import Mapping
from pathlib import Path


def read_vocabulary(path: Path) -> Mapping[int, bytes]:
    """Return the bytes of each token, from a file with a token in base64 and its number on each line.

    Raises ``ValueError``, which says in which line, for a file that is none, and ``OSError``.
    """
    found: dict[int, bytes] = {}
    for place, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            token, number = line.split()
            found[int(number)] = base64.b64decode(token, validate=True)
        except ValueError:
            raise ValueError(f"line {place} is no token in base64 and its number") from None
    if not found:
        raise ValueError("it is empty")
    return found
