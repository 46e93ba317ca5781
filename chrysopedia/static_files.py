"""Static files as they are delivered: fingerprinted, minified, and the import map of the page's modules."""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from posixpath import normpath
from typing import Any

from django.contrib.staticfiles import finders
from servestatic.compress import Compressor
from servestatic.storage import CompressedManifestStaticFilesStorage

OURS = "chrysopedia"


class OursBest(Compressor):  # type: ignore[misc]  # servestatic ships no types
    """Takes its time for the files of our pages: Brotli, without comments and spaces. The others get gzip only.

    Brotli takes seconds for the large bundle of the docs of the API, and that one, minified already, breaks when its
    spaces are taken out once more.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, use_brotli=False, minify=False)
        self.best = Compressor(**options, use_brotli=True, minify=True)

    def compress(self, path: str | os.PathLike[str]) -> list[str]:
        """Write the compressed forms of a file beside it and return their paths."""
        is_ours = PurePath(path).parent.name == OURS
        written: list[str] = self.best.compress(path) if is_ours else super().compress(path)
        return written


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # servestatic ships no types
    """Also follows the imports of JavaScript modules, which Django leaves out unless told to."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 16
    """A new name reaches one module further with each pass; Django's own five are too few for those that import."""

    def create_compressor(self, **options: Any) -> OursBest:
        """Return what compresses the files, under servestatic's other settings."""
        decided = {"use_brotli", "minify"}
        return OursBest(**{name: value for name, value in options.items() if name not in decided})


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
