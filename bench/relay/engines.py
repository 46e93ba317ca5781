"""The engines: how each server is started, and how it is asked."""

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.relay.processes import free_port, running, wait_for_port
from bench.relay.stores import Stores

ENGINES = ("direct", "ours-daphne", "ours-uvicorn", "ours-granian", "usual", "litellm")
OPENAI = ("direct", "litellm")
"""Engines that are asked as a model is."""
KEY = f"sk-{secrets.token_hex(32)}"
"""LiteLLM does not start without a key of its own; this one lives as long as the run."""
UVICORN = ("--host", "127.0.0.1", "--no-access-log", "--log-level", "warning")


class Asking(Protocol):
    """A door, by which a question is asked; from ``done`` on what it sends repeats tokens."""

    @property
    def path(self) -> str: ...
    @property
    def done(self) -> str: ...
    @property
    def is_socket(self) -> bool: ...
    def body(self, question: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A server that runs: its name, its port and its process."""

    name: str
    port: int
    process: int
    door: "Asking | None" = None
    """Where this program is asked, if not for the events of REST."""

    @property
    def path(self) -> str:
        if self.door:
            return self.door.path
        return "/v1/chat/completions" if self.name in OPENAI else "/api/v1/chat"

    @property
    def headers(self) -> str:
        return f"Authorization: Bearer {KEY}\r\n" if self.name == "litellm" else ""

    def body(self, question: str) -> str:
        """Return the request that has the model asked this, in a conversation of its own."""
        if self.door:
            return self.door.body(question)
        if self.name in OPENAI:
            messages = [{"role": "user", "content": question}]
            options = {"stream": True, "stream_options": {"include_usage": True}}
            return json.dumps({"model": "bench", "messages": messages, **options})
        return json.dumps({"query": question})


@dataclass(frozen=True, slots=True)
class Bench:
    """What every engine is started with."""

    stores: Stores
    model: Engine
    server_core: int
    client_core: int
    peers_python: Path
    servers_path: Path

    @contextlib.contextmanager
    def engine(self, name: str) -> Iterator[Engine]:
        """Run a server until the block ends."""
        if name == "direct":
            yield self.model
            return
        port, log = free_port(), self.stores.folder / f"{name}.log"
        command = [str(part) for part in self._command(name, port)]
        with running(command, core=self.server_core, log=log, env=self._environment(name)) as process:
            wait_for_port(port, process, log)
            yield Engine(name, port, process.pid)

    def _command(self, name: str, port: int) -> list[str | Path | int]:
        ours, usual = "bench.relay.ours:application", "bench.relay.usual:app"
        match name:
            case "ours-daphne":
                return [sys.executable, "-m", "bench.relay.ours", port]
            case "ours-uvicorn":
                fast = ["--loop", "uvloop", "--http", "httptools"]
                return [sys.executable, "-m", "uvicorn", ours, *UVICORN, *fast, "--port", port]
            case "ours-granian":
                one = ["--interface", "asginl", "--workers", "1", "--backlog", "2048", "--log-level", "warning"]
                return [sys.executable, "-m", "granian", ours, *one, "--host", "127.0.0.1", "--port", port]
            case "usual":
                return [self.peers_python, "-m", "uvicorn", usual, *UVICORN, "--port", port]
            case _:
                program = self.peers_python.parent / "litellm"
                return [program, "--config", self._litellm(), "--host", "127.0.0.1", "--port", port]

    def _environment(self, name: str) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        model = {"LLM_BASE_URL": f"http://127.0.0.1:{self.model.port}/v1", "LLM_MODEL": "bench"}
        data = {"DATA_DIR": str(self.stores.folder)}
        if name == "usual":
            return kept | model | data | {"DATABASE_URL": self.stores.database_url}
        if name == "litellm":
            quiet = {"LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}
            return kept | quiet | {"LITELLM_MASTER_KEY": KEY}
        redis = {"REDIS_URL": self.stores.redis_url} if self.stores.redis_url else {}
        found = {"PYTHONPATH": str(self.servers_path)} if name != "ours-daphne" else {}
        settings = {"DJANGO_SETTINGS_MODULE": "bench.relay.settings", "MAX_RUNS": "100000"}
        return kept | model | data | redis | found | settings

    def _litellm(self) -> Path:
        path = self.stores.folder / "litellm.yaml"
        base = f"http://127.0.0.1:{self.model.port}/v1"
        model = {"model": "openai/bench", "api_base": base, "api_key": "none"}
        config = {
            "model_list": [{"model_name": "bench", "litellm_params": model}],
            "litellm_settings": {"num_retries": 0, "request_timeout": 600, "telemetry": False},
        }
        path.write_text(json.dumps(config))  # YAML holds JSON
        return path
