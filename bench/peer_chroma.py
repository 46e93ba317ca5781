"""chromadb in its persistent local mode: its own HNSW index, and ``where`` on the creator."""

from pathlib import Path
from typing import Any

from bench.peer_data import WANTED, Data, Vectors, Within
from bench.peer_timing import Search, Setting

NAME = "chunks"
BATCH = 5_000
EFS = (16, 32, 64, 100, 200, 400, 800, 1600, 3200)
INDEX = {"space": "cosine", "max_neighbors": 16, "ef_construction": 100}
"""Its defaults, with the cosine."""
SYNCS = 20
"""How often the index is written while it is built; by default that is after each thousand vectors."""


class Chroma:
    """A collection on disk, queried in this process."""

    def __init__(self, folder: Path, data: Data) -> None:
        self._folder = folder
        self._client = _client(folder)
        self._collection = self._client.get_collection(NAME)

    @staticmethod
    def build(folder: Path, data: Data) -> None:
        """Add the vectors with their creator and nothing else."""
        vectors, creators = data.vectors, data.creators
        index = {**INDEX, "sync_threshold": max(1_000, len(creators) // SYNCS)}
        client = _client(folder)
        collection = client.create_collection(NAME, configuration={"hnsw": index}, embedding_function=None)
        for first in range(0, len(creators), BATCH):
            rows = range(first, min(first + BATCH, len(creators)))
            collection.add(
                ids=[str(row) for row in rows],
                embeddings=vectors[first : first + BATCH],
                metadatas=[{"creator": int(creators[row])} for row in rows],
            )
        client.close()

    def families(self, within: Within) -> list[list[Setting]]:
        """Return growing breadths of the search."""
        return [[{"ef": ef} for ef in EFS]]

    def searching(self, within: Within, setting: Setting) -> Search:
        """Return the search; the breadth is a property of the collection, read when its index is loaded."""
        self._collection.modify(configuration={"hnsw": {"ef_search": setting["ef"]}})
        self._client.close()
        self._client = _client(self._folder)
        self._collection = self._client.get_collection(NAME)
        where = {"creator": within.creator} if within.creator is not None else None

        def search(vector: Vectors) -> list[int]:
            found = self._collection.query(
                query_embeddings=[vector], n_results=WANTED, where=where, include=["distances"]
            )
            return [int(row) for row in found["ids"][0]]

        return search


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
