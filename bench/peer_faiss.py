"""FAISS: an HNSW graph with a selector for the creator, and the creator's own vectors scanned exactly."""

from pathlib import Path
from typing import Any

import numpy as np

from bench.peer_data import WANTED, Data, Vectors, Within
from bench.peer_timing import Search, Setting

M = 32
EF_CONSTRUCTION = 100
EFS = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
FILE = "hnsw.faiss"


class Hnsw:
    """``IndexHNSWFlat`` over inner products of unit vectors, which are cosines; a bitmap selects the creator's rows."""

    def __init__(self, folder: Path, data: Data) -> None:
        import faiss

        self._index = faiss.read_index(str(folder / FILE))
        self._creators = data.creators

    @staticmethod
    def build(folder: Path, data: Data) -> None:
        """Build the graph and write it."""
        import faiss

        vectors = data.vectors
        index = faiss.IndexHNSWFlat(vectors.shape[1], M, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        index.add(vectors)
        faiss.write_index(index, str(folder / FILE))

    def families(self, within: Within) -> list[list[Setting]]:
        """Return growing breadths of the search; a selector is applied to what the search comes by."""
        return [[{"ef": ef} for ef in EFS]]

    def searching(self, within: Within, setting: Setting) -> Search:
        """Return the search; the creator's bitmap is made before, as a server would keep it."""
        import faiss

        chosen: dict[str, Any] = {}
        if within.creator is not None:
            bits = np.packbits(self._creators == within.creator, bitorder="little")
            chosen["sel"] = faiss.IDSelectorBitmap(bits)
        parameters = faiss.SearchParametersHNSW(efSearch=setting["ef"], **chosen)

        def search(vector: Vectors) -> list[int]:
            _, rows = self._index.search(vector[None], WANTED, params=parameters)
            return [int(row) for row in rows[0]]

        return search


class Flat:
    """``IndexFlatIP`` over the vectors of everyone, or of the one creator alone: exact, and nothing to build."""

    def __init__(self, folder: Path, data: Data) -> None:
        self._vectors = data.vectors
        self._creators = data.creators

    @staticmethod
    def build(folder: Path, data: Data) -> None:
        """Do nothing: there is no index to keep."""

    def families(self, within: Within) -> list[list[Setting]]:
        """Return the one way there is."""
        return [[{}]]

    def searching(self, within: Within, setting: Setting) -> Search:
        """Return the search; the creator's vectors are laid together before."""
        import faiss

        everyone = np.arange(len(self._creators))
        rows = everyone if within.creator is None else np.flatnonzero(self._creators == within.creator)
        index = faiss.IndexFlatIP(self._vectors.shape[1])
        index.add(self._vectors if within.creator is None else self._vectors[rows])

        def search(vector: Vectors) -> list[int]:
            _, places = index.search(vector[None], WANTED)
            return [int(rows[place]) for place in places[0] if place >= 0]

        return search
