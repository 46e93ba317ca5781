"""In which order test files run where processes share them: one alone starts servers and browsers.

Each process begins with its share, by number, and takes over from the end of another's when it has done its own.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

import pytest

ATTACKED = frozenset({"hostile", "ask_about"})
SERVED = frozenset({"site", "model_site", "under_uvicorn", "chromium"}) | ATTACKED
STORED = frozenset({"db", "transactional_db", "django_db_setup", "postgres_server"})

Files = list[list[pytest.Item]]


def uses(names: frozenset[str]) -> Callable[[list[pytest.Item]], bool]:
    """Return whether a file's tests use one of these fixtures."""
    return lambda file: any(names & set(getattr(one, "fixturenames", ())) for one in file)


def is_stored(file: list[pytest.Item]) -> bool:
    """Tell whether a file's tests use the database."""
    return uses(STORED)(file) or any(one.get_closest_marker("django_db") for one in file)


def split(files: Files, is_first: Callable[[list[pytest.Item]], bool]) -> tuple[Files, Files]:
    """Return the files of which something is so, and the others."""
    return [file for file in files if is_first(file)], [file for file in files if not is_first(file)]


def is_in_browser(file: list[pytest.Item]) -> bool:
    """Tell whether a file needs the browser, which is closed between packages."""
    return Path(file[0].path).parent.name == "browser"


def count(files: Files) -> int:
    """Return how many tests these are."""
    return sum(map(len, files))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what is served first, and at the beginning of the other shares what needs no database, which is made then.

    Each share has as many tests as the others. That of the servers is filled up with what is soon done, or others would
    take over tests that are served, and start servers and a browser of their own for them.
    """
    if not hasattr(config, "workerinput"):
        return
    files = [list(file) for _, file in groupby(items, key=lambda one: one.path)]
    served, others = split(files, uses(SERVED))
    attacked, served = split(served, uses(ATTACKED))
    attacked.sort(key=is_in_browser)
    served.sort(key=is_in_browser, reverse=True)
    stored, free = split(others, is_stored)
    free.sort(key=len)
    shares: list[Files] = [attacked + served, *([] for _ in range(config.workerinput["workercount"] - 1))]
    while free and count(shares[0]) + len(free[-1]) <= len(items) / len(shares):
        shares[0].append(free.pop())  # files of many tests have small ones
    for file in [*free, *stored]:
        min(shares[1:] or shares, key=count).append(file)
    items[:] = flat([file for share in shares for file in share])


def flat(files: Files) -> Iterable[pytest.Item]:
    """Return the tests of these files."""
    return (one for file in files for one in file)
