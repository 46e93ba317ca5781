"""The page's files as they are served: compressed, and named by their content so that browsers may keep them."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # servestatic ships no types
    """Also follows the imports of JavaScript modules, which Django leaves out unless told to."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 16
    """A new name reaches one module further with each pass; Django's own five are too few for those that import."""
