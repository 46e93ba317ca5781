"""A corpus of a million chunks made from real ones: ``python -m bench.million dump|make``.

``dump squad real-squad.npz`` writes texts, vectors and windows of a database that ``bench.relevance`` loaded (or of
another, by ``DATA_DIR``). ``make real-squad.npz real-mtrag.npz --chunks 1000000`` makes a database of its own under
``var/bench`` of them: first the real chunks, then made ones. A made text is half of the sentences of a real one and of
one near it. Its vector is a random mix of those two, a third one near them and any fourth, perturbed: so dense that the
local intrinsic dimension (the maximum likelihood estimate of Levina and Bickel, 2005, from the 20 and the 100 nearest)
stays that of the real vectors, 13 to 16, which is what makes neighbours as hard to find as among real ones. Each of its
windows lies from it as a window of one of the two real ones lies from that; ``--bare`` makes none. No two are the same.
Rows are loaded first, without indexes and triggers, which are made afterwards. ``size`` prints what a corpus takes.
"""

import argparse
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.relevance import own_database

SIZES = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5)
"""Chunks of the first creators, as far as none has more than a tenth of all; the rest belongs to 200 equal ones."""
REST = 200
DOMAINS = {"made-wide": range(0, 10_000, 3), "made-narrow": range(10, 10_000, 20)}
"""Which creators share a domain, by their numbers: about a third of all chunks, and a twentieth."""
NEAR = 200
"""How many of a real chunk's nearest count as near it."""
NOISE = 0.4
"""Length of the random vector added to a mix of real ones; both are unit vectors."""
BATCH = 20_000
COLUMNS = "id, work_id, creator_id, position, text, heading, marks, corrections, text_hash, words"

Vectors = npt.NDArray[np.float32]
Sources = npt.NDArray[np.int64]
"""Two real chunks for each made one, by their numbers."""


@dataclass(frozen=True)
class Real:
    """Real chunks: their texts, the sentences of each, their vectors, and the packed windows of each."""

    texts: Sequence[str]
    sentences: Sequence[Sequence[str]]
    vectors: Vectors
    windows: Sequence[bytes]
    near: npt.NDArray[np.int32]


def dump(path: Path) -> None:
    """Write the texts, vectors and windows of this database's corpus to a file."""
    from creators.embeddings import get_embedder
    from creators.embeddings.spaces import space_of
    from creators.models import Embedding

    rows = Embedding.objects.filter(space=space_of(get_embedder())).order_by("pk")
    texts, vectors, windows = zip(*rows.values_list("chunk__text", "vector", "windows"), strict=True)
    lengths = [len(one) for one in windows]
    packed = np.frombuffer(b"".join(windows), np.int8)
    np.savez(path, texts=np.array(texts), vectors=np.array(vectors, np.float32), windows=packed, lengths=lengths)


def read(paths: Sequence[Path]) -> Real:
    """Return what was dumped, all files together."""
    from creators.transcripts.sentences import sentence_spans

    files = [np.load(path) for path in paths]
    texts = [str(text) for file in files for text in file["texts"]]
    sentences = [[text[a:b] for a, b in sentence_spans(text)] or [text] for text in texts]
    vectors = np.vstack([file["vectors"] for file in files])
    windows = [part.tobytes() for file in files for part in np.split(file["windows"], np.cumsum(file["lengths"])[:-1])]
    return Real(texts, sentences, vectors, windows, _near(vectors))


def _near(vectors: Vectors) -> npt.NDArray[np.int32]:
    parts = np.array_split(vectors, max(1, len(vectors) // 1000))
    return np.vstack([np.argpartition(-(part @ vectors.T), NEAR, axis=1)[:, :NEAR] for part in parts]).astype(np.int32)


def make(real: Real, *, chunks: int, is_bare: bool) -> None:
    """Make the corpus and print how long each part took."""
    from django.db import connection

    from creators.embeddings import get_embedder
    from creators.embeddings.spaces import drop_index, make_index, space_of

    space = space_of(get_embedder())
    owners = _owners(chunks)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE creators_chunk DISABLE TRIGGER USER")
        cursor.execute("DROP INDEX IF EXISTS chunk_search, embedding_scope")
        drop_index(space)
        _timed("rows", lambda: _copy(owners, real, space_id=space.pk, is_bare=is_bare))
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET max_parallel_maintenance_workers = 2")
        _timed("GIN", lambda: cursor.execute("CREATE INDEX chunk_search ON creators_chunk USING gin (search)"))
        cursor.execute("CREATE INDEX embedding_scope ON creators_embedding (space_id, creator_id)")
        _timed("HNSW", lambda: make_index(space))
        cursor.execute("ALTER TABLE creators_chunk ENABLE TRIGGER USER")
        _timed("terms", _count_terms)
        _timed("analyze", lambda: cursor.execute("VACUUM ANALYZE"))


def sizes_of(chunks: int) -> list[int]:
    """Return how many chunks each creator has."""
    first = [size for size in SIZES if size <= chunks // 10]
    each = math.ceil((chunks - sum(first)) / REST)
    return [*first, *(min(each, chunks - sum(first) - each * n) for n in range(REST) if chunks - sum(first) > each * n)]


def _owners(chunks: int) -> npt.NDArray[np.int64]:
    """Return work and creator of each chunk, in random order."""
    from creators.models import Creator, Domain, Work

    owners = []
    for number, size in enumerate(sizes_of(chunks)):
        creator = Creator.objects.create(slug=f"made-{number}", name=f"Made {number} of {size}")
        work = Work.objects.create(creator=creator, slug=f"made-{number}", title=f"Made {number}", source="made")
        owners += [(work.pk, creator.pk)] * size
    for slug, numbers in DOMAINS.items():
        members = Creator.objects.filter(slug__in=[f"made-{number}" for number in numbers])
        Domain.objects.create(slug=slug, name=slug).creators.set(members)
    return np.random.default_rng(1).permutation(np.array(owners))


def _copy(owners: npt.NDArray[np.int64], real: Real, *, space_id: int, is_bare: bool) -> None:
    from django.db import connection
    from pgvector.psycopg import register_vector

    chance, noise = random.Random(1), np.random.default_rng(1)
    connection.ensure_connection()
    register_vector(connection.connection)
    with connection.connection.cursor() as cursor:  # made after the registration, which it copies
        for first in range(0, len(owners), BATCH):
            rows = [(first + place + 1, *map(int, owner)) for place, owner in enumerate(owners[first : first + BATCH])]
            numbers = range(first, first + len(rows))
            texts, vectors, sources = _made(real, numbers, chance=chance, noise=noise)
            windows = [b""] * len(rows) if is_bare else _windows(real, vectors, sources, texts=texts, noise=noise)
            with cursor.copy(f"COPY creators_chunk ({COLUMNS}) FROM STDIN") as copy:
                for (key, work, creator), text in zip(rows, texts, strict=True):
                    copy.write_row((key, work, creator, key, text, "", "[]", "[]", str(key), len(text.split())))
            with cursor.copy(
                "COPY creators_embedding (chunk_id, space_id, creator_id, work_id, vector, windows) "
                "FROM STDIN (FORMAT BINARY)"
            ) as copy:
                copy.set_types(["int8", "int8", "int8", "int8", "vector", "bytea"])
                for (key, work, creator), vector, packs in zip(rows, vectors, windows, strict=True):
                    copy.write_row((key, space_id, creator, work, vector, packs))
        cursor.execute("SELECT setval(pg_get_serial_sequence('creators_chunk', 'id'), %s)", [len(owners)])


def _made(
    real: Real, numbers: range, *, chance: random.Random, noise: np.random.Generator
) -> tuple[list[str], Vectors, Sources]:
    """Return texts, vectors and the two real chunks that each is of: the real ones first, made ones from there on."""
    count = len(numbers)
    one = noise.integers(0, len(real.texts), count)
    two, three = (real.near[one, noise.integers(0, NEAR, count)] for _ in range(2))
    mixed = np.stack([one, two, three, noise.integers(0, len(real.texts), count)], axis=1)
    weights = noise.dirichlet([1.0] * mixed.shape[1], count).astype(np.float32)
    vectors = _unit(np.einsum("np,npd->nd", weights, real.vectors[mixed]))
    vectors = _unit(vectors + NOISE * _unit(noise.standard_normal(vectors.shape, dtype=np.float32)))
    texts = [_recombined(real, a, b, chance, number=n) for n, a, b in zip(numbers, one, two, strict=True)]
    for place, number in enumerate(numbers):
        if number < len(real.texts):
            texts[place], vectors[place] = real.texts[number].replace("\x00", " "), real.vectors[number]
            one[place] = two[place] = number
    return texts, vectors, np.stack([one, two], axis=1)


def _windows(
    real: Real, vectors: Vectors, sources: Sources, *, texts: Sequence[str], noise: np.random.Generator
) -> list[bytes]:
    """Return the packed windows of each: as many as its text has, as far from its vector as real ones from theirs."""
    from creators.embeddings.windows import packed, unpacked, window_spans
    from creators.transcripts.sentences import sentence_spans

    found = []
    for text, vector, pair in zip(texts, vectors, sources, strict=True):
        ways = np.vstack([unpacked(real.windows[of], dimensions=len(vector)) - real.vectors[of] for of in pair])
        count = len(window_spans(sentence_spans(text)))
        found.append(packed(_unit(vector + ways[noise.integers(0, len(ways), count)])))
    return found


def size() -> None:
    """Print what the tables and indexes take."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("creators_chunk", "creators_embedding"):
            cursor.execute("SELECT pg_table_size(%s), pg_indexes_size(%s), count(*) FROM " + table, [table, table])
            rows, indexes, count = cursor.fetchone()
            print(f"{table:20} {count:8} rows {rows / 2**20:8.0f} MiB, indexes {indexes / 2**20:8.0f} MiB")
        cursor.execute("SELECT avg(length(windows)), sum(length(windows)) / 2 ^ 20 FROM creators_embedding")
        print("windows: {:.0f} bytes a chunk, {:.0f} MiB".format(*cursor.fetchone()))
        cursor.execute("SELECT pg_database_size(current_database()) / 2 ^ 20")
        print("the database: {:.0f} MiB".format(*cursor.fetchone()))


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _recombined(real: Real, one: int, other: int, chance: random.Random, *, number: int) -> str:
    """Return a text of half the sentences of one real text and of another's, told apart by its number."""
    sentences = [*real.sentences[one], *real.sentences[other]]
    chosen = chance.sample(sentences, max(1, len(sentences) // 2))
    return " ".join([*chosen, f"Note {number}."]).replace("\x00", " ")


def _count_terms() -> None:
    from django.db import connection

    from creators.models.terms import OF_WORKS, VISIBLE, count, fold_terms

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE creators_termcount, creators_corpuslength")
        cursor.execute(count(sign="1", chunks=f"creators_chunk k {OF_WORKS}", condition=VISIBLE))
    fold_terms()


def _timed(name: str, run: Callable[[], object]) -> None:
    began = time.perf_counter()
    run()
    print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    dumping = verbs.add_parser("dump", help="write texts and vectors of a corpus that bench.relevance loaded")
    dumping.add_argument("corpus", help="the name that it was loaded under, such as squad")
    dumping.add_argument("file", type=Path)
    making = verbs.add_parser("make", help="make a corpus of what was dumped")
    making.add_argument("files", type=Path, nargs="+")
    making.add_argument("--chunks", type=int, default=1_000_000)
    making.add_argument("--bare", action="store_true", help="without windows of sentences")
    sizing = verbs.add_parser("size", help="print what a made corpus takes")
    sizing.add_argument("--chunks", type=int, default=1_000_000)
    options = parser.parse_args()
    if options.verb == "dump":
        own_database(options.corpus)
        dump(options.file)
        return
    own_database(f"made-{options.chunks}")
    if options.verb == "make":
        make(read(options.files), chunks=options.chunks, is_bare=options.bare)
    size()


if __name__ == "__main__":
    main()
