"""Ten thousand requests made from the OpenAPI document: no 5xx, nothing undocumented, no answer against its schema."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from tests.program import CHECKOUT
from tests.seed import DEMO, QUICK, copied_database, copied_files, ensure
from tests.site import Site, running_site

pytestmark = pytest.mark.soak
UV = Path(sys.executable).with_name("uv")
UNLIMITED = {
    **dict.fromkeys(["QUESTIONS_PER_MINUTE", "SEARCHES_PER_MINUTE", "FEEDBACK_PER_MINUTE"], "0"),
    **dict.fromkeys(["ANSWERS_PER_VISITOR", "READERS_PER_VISITOR"], "0"),
    "QUEUE_SECONDS": "60",
}
ISOLATED = [
    "run",
    "--quiet",
    "--no-project",
    "--isolated",
    "--with-requirements",
    str(CHECKOUT / "requirements-fuzz.txt"),
]
UNSAID = "positive_data_acceptance"
"""A check that is left out: that the last message must be the user's, of 1000 characters, no schema can say."""


@pytest.fixture
def unlimited(postgres_server: PostgresConfig) -> Iterator[Site]:
    with (
        copied_database(DEMO, postgres_server) as url,
        copied_files(ensure(DEMO, postgres_server)) as folder,
        running_site(folder, url, **{**QUICK, **UNLIMITED}) as site,
    ):
        yield site


@pytest.fixture
def known(unlimited: Site, tmp_path: Path) -> Path:
    """The file that names what there is: a turn, a share and a creator, of which nothing is removed."""
    asked = unlimited.ask(stream=False).json()
    with unlimited.client() as client:
        share = client.post(f"/api/v1/conversations/{asked['conversation_id']}/share").json()
    named = f'turn_id = "{asked["turn_id"]}"\n"path.token" = "{share["token"]}"\nslug = "mara-lindqvist"\n'
    off = [
        f'[[operations]]\ninclude-name = "DELETE /api/v1/conversations{rest}"\nenabled = false\n'
        for rest in ("", "/{conversation_id}/share")
    ]
    path = tmp_path / "schemathesis.toml"
    path.write_text("\n".join([f"[parameters]\n{named}", *off]))
    return path


@pytest.fixture(scope="session")
def schemathesis() -> list[str]:
    """The command; passes over where uv is not there or finds no packages."""
    command = [str(UV), *ISOLATED, "schemathesis"]
    if not UV.exists() or subprocess.run([*command, "--version"], cwd=CHECKOUT, check=False).returncode:
        pytest.skip("schemathesis could not be installed")
    return command


def test_it_answers_as_it_says(schemathesis: list[str], unlimited: Site, known: Path) -> None:
    to = [f"{unlimited.url}/api/v1/openapi.json", "--url", unlimited.url, "--exclude-checks", UNSAID]
    how = ["--max-examples", "400", "--workers", "2", "--generation-database", "none", "--continue-on-failure"]
    command = [*schemathesis, "--config-file", str(known), "run", *to, *how, "--no-color"]
    done = subprocess.run(command, cwd=known.parent, capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, done.stdout[done.stdout.find("= FAILURES") :]
