"""What goes into a log: one line a record, without anybody's words and without ids that open a door."""

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import Error as DatabaseError
from pydantic import ValidationError

from chrysopedia.core.text import without_unseen

_CAPABILITY = re.compile(
    r"\b([0-9a-f]{8})-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"  # of a conversation or a turn
    r"|\b(k(?=[\w-]*(?-i:[A-Z0-9]))[\w-]{5})[\w-]{17}\b"  # of a share; words have neither capitals nor figures
    r"|(?<=sessionid=)(\w{6})\w{26}\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"(?![a-z_]+")[^"]*"')
"""What an error of the database quotes, but for the names of tables and columns: it may be what somebody wrote."""


def access_handlers() -> list[str]:
    """Return who writes uvicorn's access log: nobody, where uvicorn was told ``--no-access-log``."""
    access = logging.getLogger("uvicorn.access")
    return ["stderr"] if access.handlers or access.propagate else []


def shortened(text: str) -> str:
    """Return a text with the beginning only of each id that lets whoever knows it read on, ask or remove."""
    return _CAPABILITY.sub(lambda match: next(filter(None, match.groups())) + "…", text)


def reason_of(error: BaseException) -> str:
    """Return what an error says, without the values that it was about where it may quote them."""
    if isinstance(error, ValidationError):
        places = (".".join(map(str, one["loc"])) for one in error.errors(include_input=False, include_url=False))
        return f"{error.title}: {', '.join(places)}"
    if isinstance(error, psycopg.Error):
        return _QUOTED.sub("“…”", error.diag.message_primary or str(error).partition("\n")[0])
    if isinstance(error, DatabaseError):
        cause = error.__cause__
        return reason_of(cause) if isinstance(cause, psycopg.Error) else type(error).__name__
    return str(error)


def traceback_of(error: BaseException) -> str:
    """Return the traceback of an error and of those that led to it, each with its reason."""
    return "\n".join(reversed(list(_tracebacks(error))))


def _tracebacks(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        stack = "".join(traceback.format_tb(error.__traceback__))
        yield f"{stack}{type(error).__module__}.{type(error).__qualname__}: {reason_of(error)}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "server_time", "taskName"}


class LineFormatter(logging.Formatter):
    """Formats ``2026-01-31T12:00:00Z INFO chat.turns.run: message key="value"``; a traceback is folded in."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line: whatever was given as ``extra`` follows as key=value, in JSON."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        extra = {key: value for key, value in vars(record).items() if key not in STANDARD}
        # A suspicious request, such as one for another host, is anybody's to send: one line is enough.
        if record.exc_info and record.exc_info[1] and not isinstance(record.exc_info[1], SuspiciousOperation):
            extra["traceback"] = traceback_of(record.exc_info[1])
        pairs = "".join(f" {key}={json.dumps(value, default=str)}" for key, value in extra.items())
        message = without_unseen(_message(record)).replace("\n", "\\n")
        return shortened(f"{stamp} {record.levelname} {record.name}: {message}{pairs}")


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.args, tuple):
        return record.getMessage()
    told = tuple(reason_of(one) if isinstance(one, BaseException) else one for one in record.args)
    return str(record.msg) % told if told else str(record.msg)
