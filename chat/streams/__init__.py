"""Runs: the generation of an answer, owned by no connection, kept in a log that can be read again from anywhere."""

from chat.streams.publisher import Full, runs_here
from chat.streams.reader import StoredReader, events_after, follow, give_way, reader_of, stop, whole
from chat.streams.run import Run
from chat.streams.store import (
    StoredRun,
    abandoned,
    announce,
    ask_to_stop,
    bury,
    erase,
    is_buried,
    remains,
    retract,
    stored_run,
    written,
)

__all__ = [
    "Full",
    "Run",
    "StoredReader",
    "StoredRun",
    "abandoned",
    "announce",
    "ask_to_stop",
    "bury",
    "erase",
    "events_after",
    "follow",
    "give_way",
    "is_buried",
    "reader_of",
    "remains",
    "retract",
    "runs_here",
    "stop",
    "stored_run",
    "whole",
    "written",
]
