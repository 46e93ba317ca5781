"""Runs: the generation of an answer, owned by no connection, kept in a log that can be read again from anywhere."""

from chat.runs.access import events_after, follow, give_way, stop, whole
from chat.runs.process import Full, runs_here
from chat.runs.run import Run
from chat.runs.stored import Head, announce, retract

__all__ = [
    "Full",
    "Head",
    "Run",
    "announce",
    "events_after",
    "follow",
    "give_way",
    "retract",
    "runs_here",
    "stop",
    "whole",
]
