"""In short what bench/chaos does at length: a server and a database are killed under readers, who lose nothing."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from django.conf import settings

from bench.chaos.kills import SLOWLY, Stage
from chrysopedia.embedded.cluster import PostgresConfig
from tests.chrysopedia.conftest import MIGRATIONS, copy, furnish, new_folder
from tests.program import free_port, running
from tests.seed import PROGRAM, QUICK, digest, once

STREAMS = 6
TOKEN = 20
"""Characters that a token has at most."""


@pytest.fixture
def inhabited(cluster: Path, postgres_server: PostgresConfig) -> Iterator[Path]:
    """A folder of data with the demo creators in a PostgreSQL of its own."""

    def first_start(draft: Path) -> None:
        copy(cluster, draft)
        with running({"DATA_DIR": str(furnish(draft, postgres_server)), "PORT": str(free_port()), **QUICK}):
            pass

    kept = once(settings.DATA_DIR / "seeds" / f"inhabited_{digest((*PROGRAM, *MIGRATIONS))}", first_start)
    with new_folder() as folder:
        for part in ("postgres", "static", "models"):
            copy(kept / part, folder)
        yield folder


@pytest.mark.soak
async def test_it_gets_up_and_loses_no_more_than_half_a_second(inhabited: Path) -> None:
    async with AsyncExitStack() as stack:
        stage = Stage(stack, folder=inhabited, environment=QUICK)
        await stage.open()
        server = await stage.under_streams("server", times=1, streams=STREAMS)
        postgres = await stage.under_streams("postgres", times=1, streams=STREAMS)
    print(server.row("server"), postgres.row("postgres"), sep="\n")
    assert server.whole + server.broken == postgres.whole + postgres.broken == STREAMS
    assert server.lost <= server.broken * TOKEN * 0.5 / SLOWLY
    assert (server.doubled, postgres.doubled, postgres.lost) == (0, 0, 0)
