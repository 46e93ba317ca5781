"""Which JavaScript modules a page needs: the imports of its first module, followed to the end."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from posixpath import normpath

from django.contrib.staticfiles import finders

# Comments come first in the alternatives: an example in one imports nothing. A dynamic import() is not wanted at once.
STATIC_IMPORT = re.compile(
    r"""/\*.*?\*/|^\s*(?:import|export)\b(?:[\w\s{},*$]*?\bfrom)?\s*["'](?P<path>\.{1,2}/[^"']+)["']""",
    re.DOTALL | re.MULTILINE,
)


def modules_of(entry: str) -> tuple[str, ...]:
    """Return the module and all that it imports, each once, the nearest first, by their names as static files.

    Raises ``FileNotFoundError`` where one of them isn't there.
    """
    found = [entry]
    for name in found:  # which grows meanwhile
        found += [one for one in _imports(name) if one not in found]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=32)
def modules_known(entry: str) -> tuple[str, ...]:
    """Return the same, read once in the life of this process."""
    return modules_of(entry)


def _imports(name: str) -> Iterator[str]:
    path = finders.find(name)
    if not path:
        raise FileNotFoundError(f"no static file is called {name}")
    for match in STATIC_IMPORT.finditer(Path(path).read_text(encoding="utf-8")):
        if match["path"]:
            yield normpath(str(PurePosixPath(name).parent / match["path"]))
