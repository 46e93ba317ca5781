"""The heap of a server: what was loaded for its start is set apart, so that looking for garbage stays short."""

import gc

YOUNG = 20_000
"""Objects made, less those freed, between two looks at the young ones; CPython's 700 suits scripts."""


def settle_heap() -> None:
    """Do it once, when a process is ready to serve.

    A full collection of all that Django and the models bring stopped every stream for 60 to 160 ms; without them it is
    a tenth of that (``bench.relay paced``).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
