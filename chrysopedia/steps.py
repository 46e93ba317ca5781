"""One short line for a step that takes long, none for one that does not."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

NOTICEABLE = 1.0  # seconds


@contextmanager
def step(label: str, *, say: Callable[[str], object]) -> Iterator[None]:
    """Say the label if the block takes longer than one notices, and how long it took once it has ended."""
    began = time.monotonic()
    timer = threading.Timer(NOTICEABLE, say, [f"{label} …"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    took = time.monotonic() - began
    if took > NOTICEABLE:
        say(f"{label}: done in {took:.1f} s")
