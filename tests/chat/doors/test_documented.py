"""The examples in the documents run as they stand."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.site import Site

FENCED = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("page", "number"), [("openai", 0), ("openai", 1), ("websocket", 0)])
def test_its_example_prints_an_answer(site: Site, page: str, number: int) -> None:
    example = FENCED.findall((settings.BASE_DIR / f"docs/how-to/{page}.md").read_text())[number]
    code = example.replace("http://127.0.0.1:8000", site.url)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, "de-esser" in done.stdout) == ("", True)
