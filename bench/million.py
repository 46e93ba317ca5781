"""A corpus of a million chunks made from real ones: sentences recombined, vectors mixed and perturbed, no duplicates.

Run it on a database of its own, after ``manage.py migrate``, with the dump of a real corpus (``dump`` writes one):
``manage.py shell -c "from bench.million import dump; dump('/tmp/real.npz')"`` in the real one, then
``manage.py shell -c "from bench.million import load; load('/tmp/real.npz', chunks=1_000_000)"`` in the new one.
Rows are loaded first, without the indexes and triggers, which are made afterwards.
"""

import random
import time
from collections.abc import Callable, Iterator

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from creators.embeddings import get_embedder
from creators.models import Chunk, Creator, Embedding, Work
from creators.models.terms import fold_terms
from creators.spaces import space_of
from creators.transcripts.sentences import sentence_spans

SIZES = (100_000, 50_000, 20_000, 10_000, 5_000, 1_000, 500, 100, 50, 20, 10, 5)
"""Chunks of the first creators; the rest belongs to creators of 4,000 each."""
REST = 4_000
NOISE = 0.35
"""Length of the random vector added to a mix of two real ones before it is made a unit vector again."""
BATCH = 20_000


def dump(path: str) -> None:
    """Write the texts and vectors of this database's corpus to a file."""
    rows = list(Embedding.objects.filter(space=space_of(get_embedder())).values_list("chunk__text", "vector"))
    np.savez(path, texts=np.array([text for text, _ in rows]), vectors=np.array([v for _, v in rows], np.float32))


def load(path: str, *, chunks: int) -> None:
    """Make the corpus and print how long each part took."""
    real = np.load(path)
    texts, vectors = [str(text) for text in real["texts"]], real["vectors"]
    space = space_of(get_embedder())
    works = list(_works(chunks))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE creators_chunk DISABLE TRIGGER USER")
        cursor.execute(f"DROP INDEX IF EXISTS chunk_search, {space.index_name}")
        _timed("rows", lambda: _copy(works, texts, vectors, space_id=space.pk, chunks=chunks))
        cursor.execute("SET maintenance_work_mem = '2GB'")
        cursor.execute("SET max_parallel_maintenance_workers = 2")
        _timed("GIN", lambda: cursor.execute("CREATE INDEX chunk_search ON creators_chunk USING gin (search)"))
        _timed("HNSW", space.make_index)
        cursor.execute("ALTER TABLE creators_chunk ENABLE TRIGGER USER")
        _timed("terms", lambda: _count_terms(cursor))
        _timed("analyze", lambda: cursor.execute("VACUUM ANALYZE"))


def _works(chunks: int) -> Iterator[tuple[int, Work]]:
    left = chunks
    number = 0
    while left > 0:
        size = min(left, SIZES[number] if number < len(SIZES) else REST)
        creator = Creator.objects.create(slug=f"made-{number}", name=f"Made {number} of {size}")
        yield size, Work.objects.create(creator=creator, slug=f"made-{number}", title=f"Made {number}", source="made")
        left -= size
        number += 1


def _copy(works: list[tuple[int, Work]], texts: list[str], vectors: np.ndarray, *, space_id: int, chunks: int) -> None:
    chance = random.Random(1)
    noise = np.random.default_rng(1)
    owners = [work for size, work in works for _ in range(size)]
    chance.shuffle(owners)
    for first in range(0, chunks, BATCH):
        part = owners[first : first + BATCH]
        pairs = np.array([(chance.randrange(len(texts)), chance.randrange(len(texts))) for _ in part])
        share = noise.uniform(0.5, 0.95, (len(part), 1)).astype(np.float32)
        mixed = share * vectors[pairs[:, 0]] + (1 - share) * vectors[pairs[:, 1]]
        random_part = noise.standard_normal(mixed.shape, dtype=np.float32)
        mixed += NOISE * random_part / np.linalg.norm(random_part, axis=1, keepdims=True)
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        made = [_recombined(texts[a], texts[b], chance, number=first + i) for i, (a, b) in enumerate(pairs)]
        _store(part, made, mixed, space_id=space_id, first=first)


def _recombined(one: str, other: str, chance: random.Random, *, number: int) -> str:
    """Return a text of half the sentences of one real text and half of another's, told apart by its number."""
    sentences = [text[a:b] for text in (one, other) for a, b in sentence_spans(text)]
    chance.shuffle(sentences)
    return " ".join([*sentences[: max(1, len(sentences) // 2)], f"Note {number}."])


def _store(owners: list[Work], texts: list[str], vectors: np.ndarray, *, space_id: int, first: int) -> None:
    chunks = Chunk.objects.bulk_create(
        Chunk(
            work=work,
            creator_id=work.creator_id,
            position=first + i,
            text=text,
            text_hash=str(first + i),
            words=len(text.split()),
        )
        for i, (work, text) in enumerate(zip(owners, texts, strict=True))
    )
    with connection.cursor() as cursor:
        statement = "COPY creators_embedding (chunk_id, space_id, creator_id, vector) FROM STDIN"
        with cursor.copy(statement) as copy:
            for chunk, vector in zip(chunks, vectors, strict=True):
                copy.write_row((chunk.pk, space_id, chunk.creator_id, "[" + ",".join(f"{x:.5f}" for x in vector) + "]"))


def _count_terms(cursor: CursorWrapper) -> None:
    from creators.term_triggers import OF_WORKS, VISIBLE, count

    cursor.execute("TRUNCATE creators_termcount, creators_corpuslength")
    cursor.execute(count(sign="1", chunks=f"creators_chunk k {OF_WORKS}", condition=VISIBLE))
    fold_terms()


def _timed(name: str, run: Callable[[], object]) -> None:
    began = time.perf_counter()
    run()
    print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
