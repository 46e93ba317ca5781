"""What the load does, and what it found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask of whom, and what to measure; times are in seconds from the first start.

    ``tokens`` are those of each answer. Starts are spread over ``ramp``, with at most ``at_once`` open streams. Gaps
    and CPU time are of ``steady`` to ``until``, where those are given, else of everything. With ``hold``, memory is
    measured then and every stream left. ``watched`` names processes, ``core`` the one whose
    busy time is told, -1 for none.
    """

    port: int
    path: str
    body: str
    streams: int
    tokens: int
    headers: str = ""
    done: str = "event: done"
    """From these bytes on the tokens are repeated, in citations."""
    frame: str = ""
    """What is sent, masked, once ``path`` has been upgraded to a WebSocket; "" where ``body`` is posted."""
    stall: float = 0.0
    """Seconds between two receptions of a stream above which it counts as stalled; 0 counts none."""
    at_once: int = 100_000
    ramp: float = 0.0
    steady: float = 0.0
    until: float = 0.0
    hold: float = 0.0
    limit: float = 120.0
    watched: dict[str, int] = field(default_factory=dict)
    core: int = -1


@dataclass(slots=True)
class Result:
    """What was measured; times in seconds, ``memory`` in megabytes.

    ``firsts`` are the times to the first token, ``searched`` what the server says that its retrieval took.
    """

    tokens: int = 0
    lost: int = 0
    firsts: list[float] = field(default_factory=list)
    searched: list[float] = field(default_factory=list)
    stalled: int = 0
    gaps: int = 0
    gap_p50: float = 0.0
    gap_p99: float = 0.0
    gap_most: float = 0.0
    wall: float = 0.0
    measured: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
