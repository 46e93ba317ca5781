"""The program as an operator runs it: a process of its own, on a folder and a port of its own."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import urlopen

from django.conf import settings

from tests.program import bound, inherited, wait_for_banner
from tests.seed import QUICK


def manage(*arguments: str, data_dir: Path, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(data_dir, **env),
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(data_dir: Path, **env: str) -> dict[str, str]:
    """Return the environment of a program with a folder of data."""
    return inherited() | {"DATA_DIR": str(data_dir)} | env


@dataclass
class RunningServer:
    """``manage.py run`` from its banner to its end."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            bound(sys.executable, "manage.py", "run", "--no-demo"),
            cwd=settings.BASE_DIR,
            env=environment(self.data_dir, PORT=str(self.port), **QUICK),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_for_banner(self.process)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process and self.process.poll() is None:
            self.stop(signal.SIGTERM)

    def get(self, path: str) -> int:
        """Return the status of an address."""
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return int(response.status)

    def stop(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal and return the exit status and the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode, time.monotonic() - began
