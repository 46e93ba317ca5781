"""What a curator does to chunks of a work: hide, prefer, set who speaks, reword."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import transaction

from creators.embeddings import Embedder
from creators.embeddings.spaces import space_of
from creators.embeddings.windows import embed_chunks, hash_of, texts_of
from creators.models import Chunk, Embedding, Work
from creators.transcripts.revision import chunk_text_to_json, corrections_to_json, marks_to_json, revised


class GoneError(ValueError):
    """Why nothing was done to a chunk: it is no more."""


@transaction.atomic
def hide(chunk: Chunk) -> None:
    """Have no search find a chunk and nothing show or quote it: it has no vectors and no terms from the commit on."""
    lock_chunk(chunk)
    Chunk.objects.filter(pk=chunk.pk).update(is_hidden=True)
    Embedding.objects.filter(chunk=chunk).delete()


@transaction.atomic
def show(chunk: Chunk, *, embedder: Embedder) -> None:
    """Have a hidden chunk searched and shown again; it is embedded anew. Raises ``EmbeddingError``."""
    lock_chunk(chunk)
    Chunk.objects.filter(pk=chunk.pk).update(is_hidden=False)
    embed_anew(Chunk.objects.filter(pk=chunk.pk).defer("search"), embedder=embedder)


@transaction.atomic
def prefer(chunk: Chunk, *, is_preferred: bool) -> None:
    """Have a chunk go before others that are about as relevant, or no longer."""
    lock_chunk(chunk)
    Chunk.objects.filter(pk=chunk.pk).update(is_preferred=is_preferred)


def set_speaker(chunk: Chunk, sentences: Collection[int], *, label: str, embedder: Embedder) -> None:
    """Set who says these sentences of a chunk, by their number in what was said. Raises ``EmbeddingError``.

    A sentence that the chunk before or after holds too is set there as well.
    """
    _change(chunk, dict.fromkeys(sentences, label), kind="speakers", embedder=embedder)


def reword(chunk: Chunk, texts: Mapping[int, str], *, embedder: Embedder) -> None:
    """Have sentences of a chunk read otherwise, by their number in what was said. Raises ``EmbeddingError``.

    One that is as it was said is no change. A sentence that the chunk before or after holds too is reworded there too.
    """
    said = chunk.as_ingested.sentences
    changed = {at: text if text != said[at] else None for at, text in texts.items()}
    _change(chunk, changed, kind="texts", embedder=embedder)


def restore(chunk: Chunk, *, embedder: Embedder) -> None:
    """Take back what was reworded in a chunk and whose it was said to be. Raises ``EmbeddingError``."""
    nothing = dict.fromkeys(range(len(chunk.as_ingested.spans)))
    with transaction.atomic():
        _change(chunk, nothing, kind="texts", embedder=embedder)
        _change(chunk, nothing, kind="speakers", embedder=embedder)


def lock_chunk(chunk: Chunk) -> tuple[Work, Chunk]:
    """Have all else that changes the work wait, note that it has changed, and return both as they are then.

    Raises ``GoneError`` where the chunk was cut or read anew while this waited.
    """
    work = Work.objects.select_for_update().filter(pk=chunk.work_id).first()
    found = Chunk.objects.filter(pk=chunk.pk).defer("search").first()
    if work is None or found is None:
        raise GoneError("The passages have been cut otherwise meanwhile. Look at them again.")
    work.save(update_fields=["updated"])
    return work, found


@transaction.atomic
def _change(chunk: Chunk, values: Mapping[int, str | None], *, kind: str, embedder: Embedder) -> None:
    """Set changes by the number of the sentence, or remove those that are None, and make the texts anew."""
    _, chunk = lock_chunk(chunk)
    around = (chunk.position - 1, chunk.position, chunk.position + 1)
    near = Chunk.objects.filter(work=chunk.work_id, position__in=around).defer("search")
    by_position = {one.position: one for one in near}
    touched: dict[int, Chunk] = {}
    for number, value in values.items():
        for one, at in _copies(by_position, chunk.position, number):
            own = {**one.changes.get(kind, {})}
            own.pop(str(at), None)
            one.changes = {**one.changes, kind: {**own, **({str(at): value} if value is not None else {})}}
            touched[one.position] = one
    _store(list(touched.values()), embedder=embedder)


def _copies(chunks: Mapping[int, Chunk], position: int, number: int) -> Iterator[tuple[Chunk, int]]:
    """Yield the places of a sentence: its own, and that in the chunk beside, where it ends one and begins the next."""
    yield chunks[position], number
    own = chunks[position].as_ingested.sentences
    before, after = (chunks[at].as_ingested.sentences if at in chunks else [] for at in (position - 1, position + 1))
    if number == 0 and before and len(own) > 1 and before[-1] == own[0]:
        yield chunks[position - 1], len(before) - 1
    if number == len(own) - 1 and len(after) > 1 and after[0] == own[-1]:
        yield chunks[position + 1], 0


def _store(chunks: Sequence[Chunk], *, embedder: Embedder) -> None:
    stale = []
    for chunk in chunks:
        before = texts_of(heading=chunk.heading, text=chunk.text, marks=chunk.timing)
        apply_changes(chunk)
        if texts_of(heading=chunk.heading, text=chunk.text, marks=chunk.timing) != before:
            stale.append(chunk)
    fields = ("text", "marks", "corrections", "text_hash", "words", "said", "changes")
    Chunk.objects.bulk_update(chunks, fields)
    Embedding.objects.filter(chunk__in=stale).delete()
    embed_anew([chunk for chunk in stale if not chunk.is_hidden], embedder=embedder)


def apply_changes(chunk: Chunk) -> None:
    """Make the text of a chunk of what was said and its changes; it isn't saved."""
    said, changes = chunk.as_ingested, chunk.revision
    is_changed = bool(changes.texts or changes.speakers)
    chunk.said = chunk_text_to_json(said) if is_changed else None
    chunk.changes = chunk.changes if is_changed else {}
    now = revised(said, changes)
    chunk.text, chunk.marks, chunk.corrections = (
        now.text,
        marks_to_json(now.marks),
        corrections_to_json(now.corrections),
    )
    chunk.text_hash = hash_of(heading=chunk.heading, text=now.text)
    chunk.words = len(now.text.split())


def embed_anew(chunks: Collection[Chunk], *, embedder: Embedder) -> None:
    """Store the vectors of chunks in the embedder's space. Raises ``EmbeddingError``."""
    if not chunks:
        return
    texts = [texts_of(heading=one.heading, text=one.text, marks=one.timing) for one in chunks]
    vectors = embed_chunks(texts, embedder=embedder)
    space = space_of(embedder)
    rows = [
        Embedding.of(one, space=space, vector=found.whole, windows=found.windows)
        for one, found in zip(chunks, vectors, strict=True)
    ]
    Embedding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["chunk", "space"], update_fields=["vector", "windows"]
    )
