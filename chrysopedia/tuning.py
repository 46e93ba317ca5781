"""What CPython is told once a process is ready to serve: no thread and no garbage may keep the streams waiting."""

import gc
import sys

YOUNG = 20_000
"""Objects made, less those freed, between two looks at the young ones; CPython's 700 suits scripts."""
SWITCH = 0.0005
"""Seconds that a hop's thread may run while the event loop wants to; CPython's 0.005 let a tick stop every stream."""


def tune_for_streams() -> None:
    """Do it once.

    A full collection of all that Django and the models bring stopped every stream for 60 to 160 ms; what was there at
    the start is set apart, and not looked through again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
    sys.setswitchinterval(SWITCH)
