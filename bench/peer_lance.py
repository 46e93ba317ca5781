"""lancedb in its local mode: a table with a vector index and a bitmap index on the creator, filtered beforehand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.peer_data import WANTED, Data, Vectors, Within
from bench.peer_timing import Search, Setting

NAME = "chunks"
BATCH = 50_000
REFINES = (1, 2, 4)
EFS = (15, 30, 60, 100, 200, 300)
PROBES = (5, 10, 20, 40, 80)


class Hnsw:
    """A table on disk, queried in this process, with one HNSW graph over vectors of a byte a dimension."""

    def __init__(self, folder: Path, data: Data) -> None:
        import lancedb

        self._table = lancedb.connect(folder).open_table(NAME)
        for index in self._table.list_indices():
            self._table.prewarm_index(index.name)

    @classmethod
    def build(cls, folder: Path, data: Data) -> None:
        """Fill the table, then make its two indexes."""
        import lancedb
        from lancedb.index import Bitmap

        table = lancedb.connect(folder).create_table(NAME, _batches(data), schema=_schema(data))
        table.create_index("vector", config=cls._config())
        table.create_index("creator", config=Bitmap())

    def families(self, within: Within) -> list[list[Setting]]:
        """Return growing efforts, with the vectors themselves compared among more and more of what was found.

        ``exact`` is a scan of what the filter leaves, without the vector index: for one creator it may be cheaper.
        """
        broader: list[list[Setting]] = [self._efforts(refine) for refine in REFINES]
        return broader if within.creator is None else [*broader, [{"exact": 1}]]

    def searching(self, within: Within, setting: Setting) -> Search:
        """Return the search."""

        def search(vector: Vectors) -> list[int]:
            query = self._table.search(vector, vector_column_name="vector").distance_type("cosine")
            if within.creator is not None:
                query = query.where(f"creator = {within.creator}", prefilter=True)
            query = query.bypass_vector_index() if "exact" in setting else _with(query, setting)
            found = query.select(["row", "_distance"]).limit(WANTED).to_arrow()
            return [int(row) for row in found["row"].to_pylist()]

        return search

    @staticmethod
    def _config() -> Any:
        from lancedb.index import HnswSq

        return HnswSq(distance_type="cosine")

    @staticmethod
    def _efforts(refine: int) -> list[Setting]:
        return [{"refine_factor": refine, "ef": ef} for ef in EFS if ef >= refine * WANTED]


class Ivf(Hnsw):
    """The same with vectors of a byte a dimension in partitions, the nearest of which are scanned."""

    @staticmethod
    def _config() -> Any:
        from lancedb.index import IvfSq

        return IvfSq(distance_type="cosine")

    @staticmethod
    def _efforts(refine: int) -> list[Setting]:
        return [{"refine_factor": refine, "nprobes": probes} for probes in PROBES]


def _with(query: Any, setting: Setting) -> Any:
    for name, value in setting.items():
        query = getattr(query, name)(value)
    return query


def _schema(data: Data) -> Any:
    import pyarrow as pa

    vector = pa.list_(pa.float32(), data.questions.shape[1])
    return pa.schema([("row", pa.int64()), ("creator", pa.int64()), ("vector", vector)])


def _batches(data: Data) -> Iterator[Any]:
    import pyarrow as pa

    vectors, creators = data.vectors, data.creators
    for first in range(0, len(creators), BATCH):
        some = vectors[first : first + BATCH]
        columns = [
            pa.array(range(first, first + len(some)), pa.int64()),
            pa.array(creators[first : first + BATCH], pa.int64()),
            pa.FixedSizeListArray.from_arrays(pa.array(some.ravel()), some.shape[1]),
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=_schema(data))
