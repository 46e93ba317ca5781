"""A work that is taken down from another process while an answer is written from it."""

import threading
from collections.abc import Iterator

import httpx2
import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from tests.chrysopedia.running import manage
from tests.model_server.server import ModelServer
from tests.seed import DEMO, QUICK, copied_database, copied_files, ensure
from tests.site import Site, running_site

SLUG = "reverb-and-space"
ASKED = {"query": "How much pre-delay should a vocal reverb have?", "creator": "mara-lindqvist"}


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def own_site(postgres_server: PostgresConfig, model: ModelServer) -> Iterator[Site]:
    """A site whose works may go."""
    named = {**QUICK, "LLM_BASE_URL": model.base_url, "LLM_MODEL": "test-model"}
    with (
        copied_database(DEMO, postgres_server) as url,
        copied_files(ensure(DEMO, postgres_server)) as folder,
        running_site(folder, url, **named) as site,
    ):
        yield site


def read(client: httpx2.Client, heard: list[str], begun: threading.Event) -> None:
    """Ask, and read to the end."""
    with client.stream("POST", "/api/v1/chat", json=ASKED) as response:
        heard.append(response.headers["X-Turn-Id"])
        for line in response.iter_lines():
            heard.append(line)
            if line == "event: token":
                begun.set()


def test_its_reader_sees_it_stop_and_nobody_reads_it_again(own_site: Site, model: ModelServer) -> None:
    heard: list[str] = []
    begun = threading.Event()
    with own_site.client() as client:
        model.hang_after("Twenty milliseconds is a good beginning [1]. ")
        reader = threading.Thread(target=read, args=(client, heard, begun))
        reader.start()
        assert begun.wait(20)
        environ = {**QUICK, "DATABASE_URL": own_site.database_url}
        done = manage("takedown", SLUG, "--check", data_dir=own_site.data_dir, **environ)
        reader.join(20)
        assert (done.returncode, done.stderr) == (0, "")
        assert "1 running answer was stopped" in done.stdout
        assert '"finish":"stopped"' in "".join(heard).replace(" ", "")
        assert client.get(f"/api/v1/chat/{heard[0]}/events").status_code == 404
        assert client.get(f"/w/{SLUG}").status_code == 404
        found = client.get("/api/v1/search", params={"q": ASKED["query"]}).json()
    assert SLUG not in str(found)
