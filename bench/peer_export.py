"""Vectors of a made corpus, questions and the truth, written to a file that needs neither Django nor a database."""

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.db import connection

from bench import judged
from bench.peer_data import Numbers, Vectors, exact
from creators.embeddings import get_embedder
from creators.embeddings.spaces import space_of
from creators.models import Embedding

SEED = 7


def export(path: Path, *, squad: Path, questions: int, sizes: Sequence[int]) -> None:
    """Write the file."""
    chunks, creators, vectors = _stored()
    asked = _asked(squad, questions)
    chosen = _chosen(creators, sizes)
    rows = [np.flatnonzero(creators == creator) if creator else np.arange(len(creators)) for creator in chosen]
    near, cosines = zip(*(_truth(vectors, asked, few) for few in rows), strict=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        vectors=vectors,
        creators=creators,
        chunks=chunks,
        questions=asked,
        scopes=np.array(chosen),
        sizes=np.array([len(few) for few in rows]),
        near=np.array(near),
        cosines=np.array(cosines),
        stamp=np.array(_stamp(vectors, creators)),
    )


def _stamp(vectors: Vectors, creators: Numbers) -> str:
    digest = hashlib.blake2b(vectors.data, digest_size=16)
    digest.update(creators.data)
    return digest.hexdigest()


def _stored() -> tuple[Numbers, Numbers, Vectors]:
    """Return chunk, creator and vector of each row of this space, in the order they lie in."""
    from pgvector.psycopg import register_vector

    space = space_of(get_embedder())
    count = Embedding.objects.filter(space=space).count()
    chunks, creators = np.empty(count, np.int64), np.empty(count, np.int64)
    vectors = np.empty((count, space.dimensions), np.float32)
    connection.ensure_connection()
    register_vector(connection.connection)
    query = f"SELECT chunk_id, creator_id, vector FROM creators_embedding WHERE space_id = {space.pk}"
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["int8", "int8", "vector"])
        for place, (chunk, creator, vector) in enumerate(copy.rows()):
            chunks[place], creators[place], vectors[place] = chunk, creator, vector.to_numpy()
    return chunks, creators, vectors


def _asked(folder: Path, count: int) -> Vectors:
    """Return the vectors of questions drawn from SQuAD's odd articles, the same ones each time."""
    odd = [question.text for question in judged.squad(folder)[1] if int(question.creator) % 2]
    return get_embedder().embed_questions(random.Random(SEED).sample(odd, count))


def _chosen(creators: Numbers, sizes: Sequence[int]) -> list[int]:
    """Return 0 for everyone, then for each size the creator that comes nearest to it."""
    known, counts = np.unique(creators, return_counts=True)
    nearest = [int(known[np.abs(counts - size).argmin()]) for size in sizes]
    return list(dict.fromkeys([0, *nearest]))


def _truth(vectors: Vectors, asked: Vectors, rows: Numbers) -> tuple[Numbers, Vectors]:
    places, cosines = exact(vectors if len(rows) == len(vectors) else vectors[rows], asked)
    return np.where(places >= 0, rows[places], -1), cosines
