"""The servers that are visited."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from chrysopedia.embedded.folders import make_folder, socket_folder
from tests.site import Site, running_site


@contextmanager
def both() -> Iterator[tuple[Site, Site]]:
    """Two processes on one database: as shipped, and without modules named ahead."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # started by root, PostgreSQL runs as another user
        first, second = Path(folder, "a"), Path(folder, "b")
        for one in (first, second):
            make_folder(one)
        with running_site(first) as shipped:
            database = f"postgresql://chrysopedia@/chrysopedia?host={quote(str(socket_folder(first)))}"
            with running_site(second, DATABASE_URL=database, DJANGO_SETTINGS_MODULE="bench.page.bare") as bare:
                yield shipped, bare
