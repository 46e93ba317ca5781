"""What the servers keep things in: an embedded PostgreSQL with the demo creators, and a Redis where one is wanted."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench.relay.processes import free_port, on_core, running, wait_for_port
from bench.relevance import own_database


@dataclass(slots=True)
class Stores:
    """Where they are; ``watched`` names their processes."""

    folder: Path
    database_url: str
    redis_url: str = ""
    watched: dict[str, int] = field(default_factory=dict)


@contextlib.contextmanager
def stores(*, cache: str, core: int) -> Iterator[Stores]:
    """Keep them running until the block ends."""
    with on_core(core):
        found = _database()
    if cache == "database":
        yield found
        return
    port, log = free_port(), found.folder / "redis.log"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", found.folder]
    with running(["redis-server", *map(str, options)], core=core, log=log) as process:
        wait_for_port(port, process, log)
        found.redis_url = f"redis://127.0.0.1:{port}/0"
        found.watched["redis"] = process.pid
        yield found


def _database() -> Stores:
    for name in [name for name in os.environ if name == "REDIS_URL" or name.startswith(("LLM_", "EMBEDDINGS_"))]:
        del os.environ[name]  # nothing but what the benchmark says decides how a server is set up
    own_database("relay")
    from django.conf import settings

    from bench.relay.canned import keep
    from chrysopedia.embedded.cluster import PostgresConfig
    from chrysopedia.embedded.server import close_connections
    from chrysopedia.preparation import prepare_demo, prepare_index, prepare_static

    config = PostgresConfig(settings.DATA_DIR)
    for prepare in (prepare_static, prepare_demo, prepare_index):
        prepare(say=lambda _: None)
    keep(config.data_dir)
    close_connections()
    postmaster = int((config.cluster / "postmaster.pid").read_text().split()[0])
    url = f"postgresql://chrysopedia@/chrysopedia?host={quote(str(config.socket_dir), safe='')}"
    return Stores(folder=config.data_dir, database_url=url, watched={"postgres": postmaster})
