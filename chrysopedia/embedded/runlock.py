"""One server for each folder of data."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chrysopedia.embedded.folders import EmbeddedError, make_folder
from chrysopedia.embedded.locks import open_lock, try_lock


@contextmanager
def sole_server(data_dir: Path) -> Iterator[None]:
    """Hold the folder for the time of the block; raise ``EmbeddedError`` if another server does."""
    make_folder(data_dir)
    path = data_dir / "run.lock"
    descriptor = open_lock(path)
    try:
        if not try_lock(descriptor):
            holder = path.read_text().strip() or "unknown"
            raise EmbeddedError(
                f"a server already runs on {data_dir} (process {holder}): stop that one, "
                "or give this one another DATA_DIR and PORT"
            )
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
