"""What turns text into vectors: the seam, its two backends, and the one that the settings choose."""

import threading
from collections.abc import Hashable
from functools import cache
from typing import cast

from creators.embeddings.base import Embedder, EmbeddingError, SpaceSpec, WeightsError

__all__ = ["Embedder", "EmbeddingError", "SpaceSpec", "WeightsError", "get_embedder"]

# functools.cache alone lets two threads that come first build two.
_building = threading.Lock()


def get_embedder() -> Embedder:
    """Return this process's embedder, as ``settings.EMBEDDER`` names it.

    ``{"BACKEND": dotted path of a class, "OPTIONS": its keyword arguments}``, like an entry of ``CACHES``.
    """
    from django.conf import settings

    chosen = settings.EMBEDDER
    with _building:
        return _make(chosen["BACKEND"], tuple(sorted(chosen.get("OPTIONS", {}).items())))


@cache
def _make(backend: str, options: tuple[tuple[str, Hashable], ...]) -> Embedder:
    from django.utils.module_loading import import_string

    return cast(Embedder, import_string(backend)(**dict(options)))
