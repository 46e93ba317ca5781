"""The application as other servers load it."""

import subprocess
import sys

from django.conf import settings

from tests.program import inherited
from tests.site import Site

LOAD = "import asyncio, importlib\nasync def load(): importlib.import_module('chrysopedia.asgi')\nasyncio.run(load())"


def test_it_is_loaded_within_a_running_loop(site: Site) -> None:
    env = inherited() | site.environ
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    assert (loaded.returncode, loaded.stderr) == (0, "")
