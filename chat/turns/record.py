"""What an answer said, read back from its events."""

from collections.abc import Mapping

from chat.events.events import Source
from chat.events.events_part import Done, Sources
from chat.events.serialize import members
from chat.rendering.event_reader import EventReader
from chat.turns.values import ReviewedCitation


def receipts_in(data: bytes) -> tuple[list[ReviewedCitation], Mapping[int, Source]]:
    """Return the citations of an answer's events and the sources by number; none where it ended in an error."""
    citations: list[ReviewedCitation] = []
    sources: Mapping[int, Source] = {}
    for _, event in EventReader().feed(data):
        if isinstance(event, Sources):
            sources = {source.number: source for source in event.sources}
        elif isinstance(event, Done):
            citations = [ReviewedCitation(**members(citation)) for citation in event.citations]
    return citations, sources
