"""A client that a generator makes of the OpenAPI document, as the document on it says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import CHECKOUT
from tests.site import Site

pytestmark = pytest.mark.soak
UV = Path(sys.executable).with_name("uv")
LOCK = str(CHECKOUT / "requirements-client.txt")
ISOLATED = [str(UV), "run", "--quiet", "--no-project", "--isolated", "--with-requirements", LOCK]
FENCED = re.compile(r"```(?:sh|python)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def examples(site: Site) -> list[str]:
    """The command that generates, and the program that uses the client, for this site."""
    page = (CHECKOUT / "docs/how-to/generated-clients.md").read_text()
    return [example.replace("http://127.0.0.1:8000", site.url) for example in FENCED.findall(page)]


@pytest.fixture(scope="module")
def generated(examples: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of the client, and what its generator said; passes over where the generator can't be installed."""
    folder = tmp_path_factory.mktemp("generated")
    command = shlex.split(examples[0])
    if not UV.exists() or subprocess.run([*ISOLATED, command[0], "--version"], check=False).returncode:
        pytest.skip("openapi-python-client could not be installed")
    done = subprocess.run([*ISOLATED, *command], cwd=folder, capture_output=True, text=True, check=True, timeout=120)
    return folder, done.stdout + done.stderr


def test_it_is_made_of_all_that_is_described(generated: tuple[Path, str]) -> None:
    assert "Unable to parse" not in generated[1]
    models = (generated[0] / "chrysopedia_client/models/__init__.py").read_text()
    assert {"Answer", "ChatBody", "Problem", "AGUIRun", "UIChat"} <= set(
        re.findall(r"import (\w+)$", models, re.MULTILINE)
    )


def test_it_asks_searches_reads_and_is_refused(generated: tuple[Path, str], examples: list[str]) -> None:
    command = [*ISOLATED, "python", "-c", examples[1]]
    done = subprocess.run(command, cwd=generated[0], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    *answer, found, creator, refused = done.stdout.splitlines()
    assert "de-esser" in "".join(answer)
    assert re.search(r"^1 \w+ [\d.]+$", done.stdout, re.MULTILINE)
    assert (found, creator) == ("3 global", "Mara Lindqvist")
    assert refused.startswith("404 ")
