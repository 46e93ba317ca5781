"""The examples in the documents run as they stand."""

import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from tests.site import Site

FENCED = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("page", "number"), [("openai", 0), ("openai", 1), ("websocket", 0), ("agui", 0)])
def test_its_example_prints_an_answer(site: Site, page: str, number: int) -> None:
    example = FENCED.findall((settings.BASE_DIR / f"docs/how-to/{page}.md").read_text())[number]
    code = example.replace("http://127.0.0.1:8000", site.url)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, "de-esser" in done.stdout) == ("", True)


def test_its_example_prints_vectors(site: Site) -> None:
    code = FENCED.findall((settings.BASE_DIR / "docs/how-to/openai.md").read_text())[2]
    code = code.replace("http://127.0.0.1:8000", site.url)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, done.stdout) == ("", "2 384\n")


SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl is installed")
@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (0, '"@type": "Clip", "name": "'),
        (1, "<title>Compressing a lead vocal</title>"),
        (2, "304\n"),
        (3, '"thumbnail_width": 600'),
        (4, "# Chrysopedia\n"),
    ],
)
def test_what_is_found_is_as_documented(site: Site, number: int, printed: str) -> None:
    example = SHELL.findall((settings.BASE_DIR / "docs/how-to/be-found.md").read_text())[number]
    code = example.replace("http://127.0.0.1:8000", site.url)
    done = subprocess.run(["sh", "-ec", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, printed in done.stdout) == ("", True)
