"""Traces one question over the API, in one process, and counts the repository's files and functions it runs through.

``python -m bench.trace_question``, in a folder of its own and without a language model. It imports nothing of the
program but its ASGI application, so that it runs on older checkouts as well.
"""

import ast
import asyncio
import atexit
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path.cwd()
PACKAGES = tuple(f"{ROOT / name}{os.sep}" for name in ("chat", "creators", "chrysopedia"))
QUESTION = {"query": "What ratio and attack does she use on a lead vocal?", "creator": "mara-lindqvist"}
SHORT = 3
"""Lines below its signature and docstring that a short function has at most."""


class Trace:
    """The calls of the program's own functions while ``is_on``, in every thread that began after this one was made."""

    def __init__(self) -> None:
        self.is_on = False
        self.calls: dict[int, list[CodeType]] = {}
        threading.setprofile(self._see)
        sys.setprofile(self._see)

    def _see(self, frame: FrameType, event: str, _argument: Any) -> None:
        if self.is_on and event == "call" and frame.f_code.co_filename.startswith(PACKAGES):
            self.calls.setdefault(threading.get_ident(), []).append(frame.f_code)

    @property
    def functions(self) -> set[CodeType]:
        """The functions that were called; a comprehension, a lambda and a class's body are part of another."""
        return {code for calls in self.calls.values() for code in calls if not code.co_name.startswith("<")}

    @property
    def files(self) -> set[str]:
        """The files these lie in."""
        return {code.co_filename for code in self.functions}

    @property
    def switches(self) -> int:
        """How often the next call in the same thread lies in another file than the one before."""
        names = ([code.co_filename for code in calls] for calls in self.calls.values())
        return sum(one != other for calls in names for one, other in itertools.pairwise(calls))


def short_functions(file: str) -> Iterator[tuple[str, int]]:
    """Yield the name of each short function of a file, and the line it begins at, that of its first decorator."""
    for node in ast.walk(ast.parse(Path(file).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines <= SHORT:
                yield node.name, min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


async def ask() -> None:
    """Ask over the API and read the answer to its end."""
    from django.test import AsyncClient

    response = await AsyncClient().post("/api/v1/chat", json.dumps(QUESTION), content_type="application/json")
    parts: Any = response
    answer = b"".join([part async for part in parts])
    if b"event: done" not in answer:
        raise SystemExit(f"the question was not answered: {response.status_code} {answer.decode()[:300]}")


async def traced(trace: Trace) -> None:
    """Ask once so that all is loaded, and once more to be traced."""
    await ask()
    trace.is_on = True
    await ask()
    trace.is_on = False


def main() -> None:
    """Make a folder with the demo creators, trace a question in it, and print the figures."""
    for name in [name for name in os.environ if name.startswith(("LLM_", "EMBEDDINGS_"))]:
        del os.environ[name]
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)  # before the database's own end is registered, so that it comes after it
    Path(folder).chmod(0o711)  # for root, PostgreSQL runs as another user, who has to pass through it
    os.environ.update(DATA_DIR=f"{folder}/data", ALLOWED_HOSTS="testserver")
    for command in ("migrate", "demo"):
        subprocess.run([sys.executable, "manage.py", command], check=True, capture_output=True)
    trace = Trace()
    import chrysopedia.asgi  # noqa: F401 -- makes Django ready and starts the database

    asyncio.run(traced(trace))
    short = {(file, *found) for file in trace.files for found in short_functions(file)}
    called = {(code.co_filename, code.co_name, code.co_firstlineno) for code in trace.functions}
    print(f"files {len(trace.files)}")
    print(f"functions {len(called)}, of three lines or less {len(called & short)}")
    print(f"switches between files {trace.switches}")


if __name__ == "__main__":
    main()
