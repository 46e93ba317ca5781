"""The error of a file that can't be read as a transcript."""

from dataclasses import dataclass


# Not frozen: contextlib sets ``__traceback__`` on an exception that passes through a context manager.
@dataclass(eq=False)
class TranscriptError(Exception):
    """A file that can't be read, with the line where reading stopped and the reason in words.

    ``line`` counts from 1; it is ``None`` where the file as a whole is at fault.
    """

    name: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.name}:{self.line}" if self.line else self.name
        return f"{place}: {self.reason}"
