"""Runs: the generation of an answer, owned by no connection, kept in a log that can be read again from anywhere."""

from chat.runs.access import events_after, follow, give_way, stop, whole
from chat.runs.process import Full, runs_here
from chat.runs.run import Run
from chat.runs.stored import Head, announce, ask_to_stop, erase, head_of, retract

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
