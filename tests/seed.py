"""What test databases and servers begin with: built once for each content, kept in the data folder, and copied."""

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from psycopg import sql

from chrysopedia.embedded.cluster import ROLE, PostgresConfig, connect
from chrysopedia.embedded.folders import exclusive, make_folder
from tests.program import CHECKOUT, free_port, running

PROGRAM = ("chrysopedia", "creators", "chat/migrations", "chat/static", "static", "requirements.txt")
"""What decides how the tables, the vectors and the collected files look."""
QUICK = {"DJANGO_SETTINGS_MODULE": "tests.site_settings"}
PATIENCE = 600.0  # seconds that another test process may take to build
UNUSED = 3600.0  # seconds after which another run at the same time surely has no use for an older one

Environ = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seed:
    """A database to copy and a folder of data; ``build`` fills both, given an environment that names them."""

    name: str
    sources: tuple[str, ...]
    build: Callable[[Environ], None]

    @property
    def database(self) -> str:
        """The database that copies are made of; its name changes with the content of the sources."""
        return f"seed_{self.name}_{digest(self.sources)}"


def ensure(seed: Seed, config: PostgresConfig) -> Path:
    """Return the seed's folder, built first where there is none for this content; older ones are removed."""
    folder = config.data_dir / "seeds" / seed.database
    return once(folder, lambda draft: _build(seed, config, draft), forget=lambda older: _forget(older, config))


def once(folder: Path, build: Callable[[Path], None], *, forget: Callable[[Path], None] = shutil.rmtree) -> Path:
    """Return a folder named ``<kind>_<digest>``, which ``build`` fills first where there is none for this content.

    It fills a draft, so a half-made one is never taken for one. Those of the kind that were left are forgotten then.
    """
    kind = folder.name.rpartition("_")[0]
    draft = folder.with_suffix(".making")
    make_folder(folder.parent)
    with exclusive(folder.parent / f"{kind}.lock", patience=PATIENCE):
        if not folder.is_dir():
            for older in [one for one in folder.parent.glob(f"{kind}_*") if one.stat().st_mtime < time.time() - UNUSED]:
                forget(older)
            shutil.rmtree(draft, ignore_errors=True)
            make_folder(draft)
            build(draft)
            draft.rename(folder)
        os.utime(folder)
    return folder


@cache
def digest(sources: tuple[str, ...]) -> str:
    """Return twelve characters that change with the content of the sources, paths below the checkout."""
    found = hashlib.sha256()
    for source in sources:
        root = CHECKOUT / source
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix != ".pyc":
                found.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


@contextmanager
def copied_database(seed: Seed, config: PostgresConfig) -> Iterator[str]:
    """Lend the URL of a copy of the seed's database until the block ends."""
    name = f"site_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    ensure(seed, config)
    with connect(config, "postgres") as connection:
        connection.execute(_statement("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, seed.database, ROLE))
        try:
            yield database_url(config, name)
        finally:
            connection.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


@contextmanager
def copied_files(folder: Path) -> Iterator[Path]:
    """Lend a folder with the model and the page's files of another one, which take no room, until the block ends."""
    copy = settings.DATA_DIR / f"site-{uuid.uuid4().hex[:8]}"
    try:
        make_folder(copy)
        shutil.copytree(folder / "static", copy / "static", copy_function=os.link)
        (copy / "models").symlink_to(settings.DATA_DIR / "models")
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def database_url(config: PostgresConfig, name: str) -> str:
    """Return the DATABASE_URL of a database on the server of the tests."""
    return f"postgresql://{ROLE}@/{name}?host={quote(str(config.socket_dir))}"


def first_start(environ: Environ) -> None:
    """Start the program for the first time, which brings in the demo creators, and stop it."""
    with running({**environ, **QUICK, "PORT": str(free_port())}):
        pass


DEMO = Seed("demo", PROGRAM, first_start)


def _build(seed: Seed, config: PostgresConfig, draft: Path) -> None:
    database = f"{seed.database}_making"
    make_folder(config.data_dir / "models")
    (draft / "models").symlink_to(config.data_dir / "models")
    with connect(config, "postgres") as connection:
        for leftover in (database, seed.database):
            connection.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", leftover))
        connection.execute(_statement("CREATE DATABASE {} OWNER {}", database, ROLE))
        seed.build({"DATA_DIR": str(draft), "DATABASE_URL": database_url(config, database)})
        connection.execute(_statement("ALTER DATABASE {} RENAME TO {}", database, seed.database))
        # So that nobody, the server's own vacuum included, keeps it busy while it is being copied.
        connection.execute(_statement("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", seed.database))


def _forget(folder: Path, config: PostgresConfig) -> None:
    with connect(config, "postgres") as connection:
        connection.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", folder.name))
    shutil.rmtree(folder)


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))
