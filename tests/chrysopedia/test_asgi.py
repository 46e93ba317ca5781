"""The application as other servers load it."""

import os
import subprocess
import sys
from urllib.parse import quote

from django.conf import settings

from chrysopedia.embedded.folders import socket_folder
from tests.site import Site

LOAD = "import asyncio, importlib\nasync def load(): importlib.import_module('chrysopedia.asgi')\nasyncio.run(load())"


def test_it_is_loaded_within_a_running_loop(site: Site) -> None:
    database = f"postgresql://chrysopedia@/chrysopedia?host={quote(str(socket_folder(site.data_dir)))}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = kept | {"DATA_DIR": str(site.data_dir), "DATABASE_URL": database}
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    assert (loaded.returncode, loaded.stderr) == (0, "")
