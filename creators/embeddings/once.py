"""A value that is made when it is first asked for, by whichever thread comes first."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

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
