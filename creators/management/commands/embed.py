"""The command that embeds what the configured embedder has not embedded yet."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from tqdm import tqdm

from chrysopedia.core import output
from chrysopedia.core.text import without_unseen
from creators.embeddings import Embedder, EmbeddingError, get_embedder
from creators.embeddings.spaces import drop_index, is_index_valid, make_index, space_of
from creators.embeddings.windows import embed_chunks, texts_of
from creators.models import Chunk, Embedding, Space

BATCH = 256
LOAD_FIRST = 20_000
"""Chunks from which on the index is built after they are embedded."""


class Command(output.Command):
    """Fill the configured embedder's space, as after a change of model."""

    help = "Embed every chunk that has no vector by the configured embedder."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through what is missing in batches; stopping keeps what is done."""
        try:
            self._embed(get_embedder())
        except EmbeddingError as error:
            raise CommandError(f"The embedder failed, what is done is kept: {error}") from error

    def _embed(self, embedder: Embedder) -> None:
        space = space_of(embedder)
        missing = list(Chunk.objects.without_embedding(space).order_by("pk").values_list("pk", flat=True))
        if len(missing) >= LOAD_FIRST and not Embedding.objects.filter(space=space).exists():
            drop_index(space)
        lacking = list(Embedding.objects.without_windows(space).order_by("pk").values_list("chunk_id", flat=True))
        keys = [*missing, *lacking]
        with tqdm(total=len(keys), desc=without_unseen(space.name), unit="chunk", leave=False) as bar:
            for first in range(0, len(keys), BATCH):
                bar.update(_embed(keys[first : first + BATCH], space=space, embedder=embedder))
        if not is_index_valid(space):  # also where an earlier run was stopped
            make_index(space)
        self.stdout.write(f"{len(keys)} chunks embedded by {space.name}.")


@transaction.atomic
def _embed(keys: Sequence[int], *, space: Space, embedder: Embedder) -> int:
    """Embed these chunks and return how many there still were; those that have a vector keep it."""
    # Locked, so that none is hidden or reworded between its text and its vector.
    searched = Chunk.objects.select_for_update(no_key=True).filter(pk__in=keys, is_hidden=False)
    chunks = list(searched.only("pk", "creator_id", "work_id", "heading", "text", "marks"))
    texts = [texts_of(heading=chunk.heading, text=chunk.text, marks=chunk.timing) for chunk in chunks]
    rows = [
        Embedding.of(chunk, space=space, vector=vectors.whole, windows=vectors.windows)
        for chunk, vectors in zip(chunks, embed_chunks(texts, embedder=embedder), strict=True)
    ]
    Embedding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["chunk", "space"], update_fields=["windows"]
    )
    return len(chunks)
