"""Jobs for the load, done in a process of its own on the clients' core."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.relay.engines import Bench, Engine
from bench.relay.job import Job, Result
from bench.relay.processes import on_core, running


@contextlib.contextmanager
def model(folder: Path, *, core: int) -> Iterator[Engine]:
    """Run the model until the block ends."""
    command = [sys.executable, "-m", "bench.relay.model"]
    with running(command, core=core, log=folder / "model.log", pipe=True) as process:
        assert process.stdout is not None
        yield Engine("direct", int(process.stdout.readline()), process.pid)


def job(engine: Engine, question: str, *, tokens: int, streams: int, **more: Any) -> Job:
    """Return a job that asks the engine for so many answers of so many tokens."""
    body = engine.body(f"{question} please?")
    asked: dict[str, Any] = {"port": engine.port, "path": engine.path, "headers": engine.headers, "body": body}
    if engine.door:
        asked["done"] = engine.door.done
        asked["frame"] = body if engine.door.is_socket else ""
    return Job(**asked, streams=streams, tokens=tokens, **more)


def do(bench: Bench, engine: Engine, question: str, *, tokens: int, streams: int, **more: Any) -> Result:
    """Do a job, with the CPU time of the engine, the model, and the stores counted."""
    watched = {"server": engine.process, "model": bench.model.process, **bench.stores.watched}
    core = -1 if engine is bench.model else bench.server_core
    wanted = job(engine, question, tokens=tokens, streams=streams, watched=watched, core=core, **more)
    with on_core(bench.client_core):
        done = subprocess.run(
            [sys.executable, "-m", "bench.relay.load"],
            input=json.dumps(asdict(wanted)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return Result(**json.loads(done.stdout))


def warm(bench: Bench, engine: Engine) -> None:
    """Have the engine answer a little; exit if it can't."""
    result = do(bench, engine, "flat-50", tokens=50, streams=8, at_once=4)
    if result.errors or result.lost:
        raise SystemExit(f"{engine.name} does not relay: {result.errors}, {result.lost} tokens lost")
