"""Reading Server-Sent Events in tests, as the standard says."""

import json
from typing import Any


def events_in(body: str) -> list[tuple[int, str, Any]]:
    """Return id, type and data of each event in a body."""
    return [_event(block) for block in body.split("\n\n") if block and not block.startswith(":")]


def _event(block: str) -> tuple[int, str, Any]:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    return int(fields["id"]), fields["event"], json.loads(fields["data"])
