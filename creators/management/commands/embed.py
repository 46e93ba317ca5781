"""The command that embeds what the configured embedder has not embedded yet."""

from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from tqdm import tqdm

from chrysopedia.core import output
from chrysopedia.core.text import without_unseen
from creators.embeddings import Embedder, EmbeddingError, get_embedder
from creators.embeddings.spaces import drop_index, is_index_valid, make_index, space_of
from creators.ingest.pipeline import passage_text
from creators.models import Chunk, Embedding

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
        with tqdm(total=len(missing), desc=without_unseen(space.name), unit="chunk", leave=False) as bar:
            for first in range(0, len(missing), BATCH):
                keys = missing[first : first + BATCH]
                chunks = list(Chunk.objects.filter(pk__in=keys).only("pk", "creator_id", "work_id", "heading", "text"))
                vectors = embedder.embed_passages([passage_text(heading=c.heading, text=c.text) for c in chunks])
                with transaction.atomic():
                    Embedding.objects.bulk_create(
                        (
                            Embedding.of(chunk, space=space, vector=vector)
                            for chunk, vector in zip(chunks, vectors, strict=True)
                        ),
                        ignore_conflicts=True,
                    )
                bar.update(len(chunks))
        if not is_index_valid(space):  # also where an earlier run was stopped
            make_index(space)
        self.stdout.write(f"{len(missing)} chunks embedded by {space.name}.")
