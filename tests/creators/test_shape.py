"""What a curator does to the chunks of a work, and what of it stays when the work is read again."""

from pathlib import Path

import pytest
from django.db import connection

from creators.embeddings import Embedder
from creators.ingest import carrying, find_sources, ingest, shape
from creators.models import Chunk, CorpusLength, Creator, Embedding, TermCount
from creators.persona.utterances import utterances_by
from tests.creators.fake_embedder import FakeEmbedder

pytestmark = pytest.mark.django_db

EMBEDDER: Embedder = FakeEmbedder()
SENTENCES = [f"The zyzzyva number {n} eats the leaves of a palm in the garden of the house." for n in range(40)]


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


def read(creator: Creator, folder: Path, text: str) -> str:
    (folder / "a.txt").write_text(text)
    (outcome,) = ingest(creator, find_sources([folder]), embedder=EMBEDDER)
    return f"{outcome.status} {outcome.detail}"


@pytest.fixture
def chunks(creator: Creator, tmp_path: Path) -> list[Chunk]:
    read(creator, tmp_path, " ".join(SENTENCES))
    return again(creator)


def again(creator: Creator) -> list[Chunk]:
    return list(Chunk.objects.filter(creator=creator).order_by("position"))


def counted() -> tuple[dict[str, int], tuple[int, int]]:
    """Count the terms and the words of what is searched anew."""
    seen = (
        "FROM creators_chunk k JOIN creators_work w ON w.id = k.work_id JOIN creators_creator c ON c.id = w.creator_id"
    )
    where = "WHERE c.is_published AND NOT w.is_withdrawn AND NOT k.is_hidden"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.lexeme, count(*) {seen}, unnest(k.search) t {where} GROUP BY t.lexeme")
        terms = dict(cursor.fetchall())
        cursor.execute(f"SELECT count(*), sum(k.words) {seen} {where}")
        chunks, words = cursor.fetchone()
    return terms, (int(chunks), int(words or 0))


def kept() -> tuple[dict[str, int], tuple[int, int]]:
    terms = TermCount.objects.frequencies(TermCount.objects.values_list("lexeme", flat=True))
    return terms, CorpusLength.objects.totals()


def test_it_takes_a_hidden_chunk_out_of_vectors_and_counts(chunks: list[Chunk]) -> None:
    before = TermCount.objects.frequencies(["zyzzyva"])["zyzzyva"]
    shape.hide(chunks[1])
    assert not Embedding.objects.filter(chunk=chunks[1]).exists()
    assert TermCount.objects.frequencies(["zyzzyva"]) == {"zyzzyva": before - 1}
    assert kept() == counted()
    assert chunks[1] not in Chunk.objects.visible()


def test_it_brings_a_hidden_chunk_back(chunks: list[Chunk]) -> None:
    before, vectors = kept(), Embedding.objects.count()
    shape.hide(chunks[1])
    shape.show(chunks[1], embedder=EMBEDDER)
    assert (kept(), Embedding.objects.count()) == (before, vectors)


def test_it_does_not_count_hidden_chunks_of_a_work_that_is_withdrawn_and_back(chunks: list[Chunk]) -> None:
    shape.hide(chunks[1])
    work = chunks[1].work
    for is_withdrawn in (True, False):
        work.is_withdrawn = is_withdrawn
        work.save()
        assert kept() == counted()
    work.delete()
    assert kept() == counted()


def test_it_waits_for_no_vector_of_a_hidden_chunk(chunks: list[Chunk]) -> None:
    shape.hide(chunks[1])
    space = Embedding.objects.filter(chunk=chunks[0]).get().space
    assert not Chunk.objects.filter(creator=chunks[0].creator).without_embedding(space).exists()


def test_it_sets_a_speaker_in_the_chunk_beside_too(creator: Creator, chunks: list[Chunk]) -> None:
    shared = chunks[0].as_ingested.sentences[-1]
    assert chunks[1].text.startswith(shared)
    shape.set_speaker(chunks[1], [0], label="Ana", embedder=EMBEDDER)
    first, second, *_ = again(creator)
    assert first.revision.speakers == {len(first.as_ingested.spans) - 1: "Ana"}
    assert second.revision.speakers == {0: "Ana"}
    assert first.text == chunks[0].text


def test_it_never_takes_a_guest_for_the_creator(creator: Creator, chunks: list[Chunk]) -> None:
    shape.set_speaker(chunks[0], [1], label="Ana", embedder=EMBEDDER)
    spoken = " ".join(one.text for one in utterances_by(creator))
    assert SENTENCES[0] in spoken
    assert SENTENCES[1] not in spoken


def test_it_takes_a_change_back_everywhere(creator: Creator, chunks: list[Chunk]) -> None:
    shape.set_speaker(chunks[1], [0, 1], label="Ana", embedder=EMBEDDER)
    shape.restore(again(creator)[1], embedder=EMBEDDER)
    for one, before in zip(again(creator), chunks, strict=True):
        assert (one.text, one.marks, one.said, one.changes) == (before.text, before.marks, None, {})


def test_it_rewords_and_keeps_what_was_said_and_the_counts(creator: Creator, chunks: list[Chunk]) -> None:
    last = len(chunks[0].as_ingested.spans) - 1
    shape.reword(chunks[0], {0: "The quokka rests.", last: "A numbat digs."}, embedder=EMBEDDER)
    first, second, *_ = again(creator)
    assert first.text.startswith("The quokka rests. ")
    assert second.text.startswith("A numbat digs. ")
    assert first.as_heard() == chunks[0].as_heard()
    assert kept() == counted()
    assert TermCount.objects.frequencies(["quokka", "numbat"]) == {"quokka": 1, "numbat": 2}


def test_it_embeds_anew_what_is_reworded_and_nothing_else(creator: Creator, chunks: list[Chunk]) -> None:
    before = dict(Embedding.objects.filter(chunk__in=chunks).values_list("chunk_id", "pk"))
    shape.reword(chunks[0], {0: "The quokka rests."}, embedder=EMBEDDER)
    after = dict(Embedding.objects.filter(chunk__in=chunks).values_list("chunk_id", "pk"))
    assert {pk for pk in before if before[pk] != after[pk]} == {chunks[0].pk}


def test_it_stays_when_the_file_is_unchanged(creator: Creator, chunks: list[Chunk], tmp_path: Path) -> None:
    shape.hide(chunks[1])
    shape.reword(chunks[0], {0: "The quokka rests."}, embedder=EMBEDDER)
    before = [(one.pk, one.text, one.is_hidden) for one in again(creator)]
    assert read(creator, tmp_path, " ".join(SENTENCES)).startswith("unchanged")
    assert [(one.pk, one.text, one.is_hidden) for one in again(creator)] == before


def test_it_stays_where_a_changed_file_says_the_same_and_tells_of_the_rest(
    creator: Creator, chunks: list[Chunk], tmp_path: Path
) -> None:
    shape.hide(chunks[-1])
    shape.prefer(chunks[0], is_preferred=True)
    shape.reword(chunks[0], {0: "The quokka rests."}, embedder=EMBEDDER)
    shape.reword(chunks[-2], {1: "The quokka runs."}, embedder=EMBEDDER)
    assert "1 passage that was shaped at the desk" in read(
        creator, tmp_path, " ".join([*(one for one in SENTENCES if one not in chunks[-2].text), "Gone it is now."])
    )
    first, *_, last = again(creator)
    assert first.text.startswith("The quokka rests. ")
    assert (first.is_preferred, last.is_hidden) == (True, True)
    assert Embedding.objects.filter(chunk=first).exists()
    assert kept() == counted()


def test_it_says_before_an_ingest_what_would_be_dropped(creator: Creator, chunks: list[Chunk]) -> None:
    shape.hide(chunks[0])
    shapes, texts = carrying.shapes_of(chunks[0].work), [one.as_ingested for one in chunks]
    hashes = [one.text_hash for one in chunks]
    assert carrying.dropped_notes(carrying.count_dropped(shapes, hashes=hashes, texts=texts)) == []
    (note,) = carrying.dropped_notes(carrying.count_dropped(shapes, hashes=hashes[2:], texts=texts[2:]))
    assert note.startswith("1 passage that was shaped")
