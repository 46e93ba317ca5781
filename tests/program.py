"""The program in a process of its own, which ends with the test process, even where that is killed."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LIMITS = (
    "QUESTIONS_PER_MINUTE",
    "SEARCHES_PER_MINUTE",
    "FEEDBACK_PER_MINUTE",
    "OPENED_PER_MINUTE",
    "LOGIN_ATTEMPTS",
    "ANSWERS_PER_VISITOR",
    "READERS_PER_VISITOR",
    "QUEUE_SECONDS",
)
UNLIMITED = dict.fromkeys(LIMITS, "0")
Process = subprocess.Popen[str]


def free_port() -> int:
    """Return a port that nobody listens on, of those that the system gives to nobody who doesn't ask for one."""
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def inherited() -> dict[str, str]:
    """Return what a program of ours needs of this process's environment, and no limits: all tests are one visitor."""
    return {**UNLIMITED, **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}}


def bound(*command: str) -> list[str]:
    """Return the command that is sent SIGTERM when its parent dies, where the system can do so (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else list(command)


def python(*arguments: str, environ: Mapping[str, str]) -> None:
    """Run Python to its end; raise ``CalledProcessError`` if it fails."""
    subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={**inherited(), **environ},
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )


@contextmanager
def running(environ: Mapping[str, str], *, arguments: Sequence[str] = ()) -> Iterator[Process]:
    """Run ``manage.py run`` from its banner to the end of the block."""
    process = subprocess.Popen(
        bound(sys.executable, "manage.py", "run", *arguments),
        cwd=CHECKOUT,
        env={**inherited(), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_banner(process)
        # What it logs is read and dropped: a pipe that is full would have it wait in the middle of its work.
        threading.Thread(target=process.communicate, daemon=True).start()
        yield process
    finally:
        end(process)


def wait_for_banner(process: Process) -> None:
    """Wait until the program listens; raise ``AssertionError`` with what it said if it ends before."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.strip().startswith("Stop"):
            return
    raise AssertionError(f"it ended before it listened: {''.join(said)}")


def end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """Have the process end, and wait for it."""
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
