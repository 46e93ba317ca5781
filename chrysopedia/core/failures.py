"""Errors that an operator reads: one line on stderr and an exit status, never a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

MISCONFIGURED = 2


class OperatorError(Exception):
    """Something that only the person at the keyboard can put right; the message is one line that says how."""

    def __str__(self) -> str:
        return " ".join(super().__str__().split())


@contextmanager
def one_line_failures() -> Iterator[None]:
    """Turn an ``OperatorError`` into its line on stderr and exit status 2."""
    try:
        yield
    except OperatorError as error:
        sys.stderr.write(f"chrysopedia: {error}\n")
        raise SystemExit(MISCONFIGURED) from None
