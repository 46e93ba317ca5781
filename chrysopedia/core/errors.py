"""What an operator reads of a failure: one line on stderr, and one line for each log record."""

import json
import logging
import sys
import time
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


STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "server_time", "taskName"}


class LineFormatter(logging.Formatter):
    """Formats ``2026-01-31T12:00:00Z INFO chat.turns.run: message key="value"``; a traceback is folded in."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line: whatever was given as ``extra`` follows as key=value, in JSON."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        extra = {key: value for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info:
            extra["traceback"] = self.formatException(record.exc_info)
        pairs = "".join(f" {key}={json.dumps(value, default=str)}" for key, value in extra.items())
        message = record.getMessage().replace("\n", "\\n")
        return f"{stamp} {record.levelname} {record.name}: {message}{pairs}"
