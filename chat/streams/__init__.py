"""Runs: the generation of an answer, owned by no connection, kept in a log that can be read again from anywhere."""

from chat.streams.publisher import Full, runs_here
from chat.streams.reader import events_after, follow, give_way, stop, whole
from chat.streams.run import Run
from chat.streams.store import Head, announce, ask_to_stop, erase, head_of, retract

__all__ = [
    "Full",
    "Head",
    "Run",
    "announce",
    "ask_to_stop",
    "erase",
    "events_after",
    "follow",
    "give_way",
    "head_of",
    "retract",
    "runs_here",
    "stop",
    "whole",
]
