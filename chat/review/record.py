"""What an answer said, read back from its events."""

import json
from collections.abc import Iterator
from typing import Any

from chat.review.values import ReviewedCitation

Sources = dict[int, dict[str, Any]]


def receipts_in(data: bytes) -> tuple[list[ReviewedCitation], Sources]:
    """Return the citations of an answer's events and the sources by number; none where it ended in an error."""
    citations: list[ReviewedCitation] = []
    sources: Sources = {}
    for name, value in _events(data):
        if name == "sources":
            sources = {source["number"]: source for source in value}
        elif name == "done":
            citations = [ReviewedCitation(**citation) for citation in value["citations"]]
    return citations, sources


def _events(data: bytes) -> Iterator[tuple[str, Any]]:
    for block in data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if fields.get("event") in {"sources", "done"}:
            yield fields["event"], json.loads(fields["data"])
