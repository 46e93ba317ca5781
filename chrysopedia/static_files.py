"""The page's files as they are served: compressed, and named by their content so that browsers may keep them."""

import os
from pathlib import PurePath
from typing import Any

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
