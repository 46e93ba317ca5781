"""The end of an answer before its end: asked for by the reader, by its grace time, or by the size of what was said."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Reason = Literal["stopped", "length"]


class Stop:
    """A request to end an answer; whoever streams it waits within ``interrupts``, and goes on after it.

    Only the first request counts, and one that comes too late, when the answer is complete, changes nothing.
    ``heeded`` is why an answer was ended, None for one that came to its own end.
    """

    def __init__(self) -> None:
        self.heeded: Reason | None = None
        self._asked: Reason | None = None
        self._task: asyncio.Task[object] | None = None
        self._is_passed_on = False

    def ask(self, reason: Reason = "stopped") -> None:
        """End the answer at the wait it is in, or else at its next one; call it on the loop of that task."""
        if self._asked is None:
            self._asked = reason
            # Not at once: a task that cancels itself would carry the cancellation out of its block.
            asyncio.get_running_loop().call_soon(self._cancel)

    @contextmanager
    def interrupts(self) -> Iterator[None]:
        """Let a request end this block, and only this block; a cancellation from elsewhere passes through."""
        task = self._task = asyncio.current_task()
        if task is None:
            raise RuntimeError("an answer is streamed by a task")
        others = task.cancelling()
        if self._asked:
            asyncio.get_running_loop().call_soon(self._cancel)
        try:
            yield
        except asyncio.CancelledError:
            if not self._asked or task.uncancel() > others:
                raise
            self.heeded = self._asked
        finally:
            self._task = None

    def _cancel(self) -> None:
        if self._task and not self._is_passed_on:
            self._is_passed_on = True
            self._task.cancel()
