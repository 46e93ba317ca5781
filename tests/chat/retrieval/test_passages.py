"""Which of the candidates a turn consults."""

from datetime import date

import pytest

from chat.events.events import Passage, Tier
from chat.retrieval.candidates import NO_OVERLAP, ScoredCandidate
from chat.retrieval.passages import passages_from
from creators.models import Chunk, Creator, Work
from creators.transcripts.sentences import chunk_spans

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


def chunk(creator: Creator, *, work: str, text: str, published: date | None = None) -> Chunk:
    """Return a new chunk of a work, which is made where it does not exist."""
    row, _ = Work.objects.get_or_create(
        slug=work, defaults={"creator": creator, "title": work, "source": work, "published": published}
    )
    return Chunk.objects.create(work=row, creator=creator, position=2 * row.chunks.count(), text=text, words=9)


def chosen(*rows: tuple[Chunk, float], limit: int = 6) -> tuple[Passage, ...]:
    scored = [
        ScoredCandidate(row.pk, row.creator_id, cosine=0.5, overlap=NO_OVERLAP, relevance=relevance)
        for row, relevance in rows
    ]
    return passages_from(scored, tiers={row.pk: Tier.CREATOR for row, _ in rows}, limit=limit)


def test_it_puts_the_best_first(creator: Creator) -> None:
    one = chunk(creator, work="a", text="The ratio is three.")
    other = chunk(creator, work="b", text="The attack is slow.")
    assert [passage.chunk_id for passage in chosen((one, 0.2), (other, 0.9))] == [other.pk, one.pk]


def test_it_takes_others_before_a_fourth_passage_of_a_work(creator: Creator) -> None:
    crowd = [(chunk(creator, work="a", text=f"Sentence number {n} of many."), 0.9) for n in range(5)]
    other = chunk(creator, work="b", text="The attack is slow.")
    assert other.pk in [passage.chunk_id for passage in chosen(*crowd, (other, 0.6), limit=4)]


def test_it_takes_a_fourth_where_nothing_else_is_relevant(creator: Creator) -> None:
    crowd = [(chunk(creator, work="a", text=f"Sentence number {n} of many."), 0.9) for n in range(4)]
    other = chunk(creator, work="b", text="The attack is slow.")
    assert other.pk not in [passage.chunk_id for passage in chosen(*crowd, (other, 0.1), limit=4)]


def test_it_gives_the_same_passage_once_and_says_where_else(creator: Creator) -> None:
    one = chunk(creator, work="a", text="The ratio is three to one.")
    twin = chunk(creator, work="b", text="The ratio is three to one.")
    (passage,) = chosen((one, 0.9), (twin, 0.8))
    assert [also.work for also in passage.also] == ["b"]


def test_it_prefers_the_newer_of_equals(creator: Creator) -> None:
    old = chunk(creator, work="a", text="The ratio is three.", published=date(2020, 1, 1))
    new = chunk(creator, work="b", text="The attack is slow.", published=date(2025, 1, 1))
    assert chosen((old, 0.9), (new, 0.9))[0].chunk_id == new.pk


@pytest.mark.parametrize("field", ["is_withdrawn", "creator__is_published"])
def test_it_never_gives_what_is_not_published(creator: Creator, field: str) -> None:
    one = chunk(creator, work="a", text="The ratio is three.")
    if field == "is_withdrawn":
        Work.objects.filter(pk=one.work_id).update(is_withdrawn=True)
    else:
        Creator.objects.filter(pk=creator.pk).update(is_published=False)
    assert chosen((one, 0.9)) == ()


def test_it_joins_chunks_that_stand_side_by_side(creator: Creator) -> None:
    first = chunk(creator, work="a", text="The ratio is three.")
    second = chunk(creator, work="a", text="The attack is slow.")
    Chunk.objects.filter(pk=second.pk).update(position=first.position + 1)
    (passage,) = chosen((second, 0.9), (first, 0.8))
    assert (passage.chunk_id, passage.text) == (second.pk, "The ratio is three.\nThe attack is slow.")


def test_it_shows_the_sentences_around_what_was_found(creator: Creator) -> None:
    texts = ("I listen first. The ratio is three.", "The attack is slow. I rest.", "Then I print. And so on.")
    rows = [chunk(creator, work="a", text=text) for text in texts]
    for position, row in enumerate(rows):
        Chunk.objects.filter(pk=row.pk).update(position=position)
    (passage,) = chosen((rows[1], 0.9))
    assert passage.text == "\n".join(texts)
    assert passage.found and passage.text[slice(*passage.found)] == texts[1]


def test_it_shows_a_sentence_once_that_ends_a_chunk_and_begins_the_next(creator: Creator) -> None:
    one = chunk(creator, work="a", text="I listen first. The ratio is three.")
    other = chunk(creator, work="a", text="The ratio is three. The attack is slow.")
    Chunk.objects.filter(pk=other.pk).update(position=one.position + 1)
    (passage,) = chosen((one, 0.9), (other, 0.8))
    assert passage.text == "I listen first. The ratio is three.\nThe attack is slow."


def test_it_names_somebody_once_who_speaks_on_from_one_chunk_to_the_next(creator: Creator) -> None:
    one = chunk(creator, work="a", text="Nora: I listen first.")
    other = chunk(creator, work="a", text="Nora: The attack is slow.")
    Chunk.objects.filter(pk__in=(one.pk, other.pk)).update(marks=[[0, 1.0, 1.0, "Nora", 1], [6, 1.0, 4.0, "Nora", 0]])
    Chunk.objects.filter(pk=other.pk).update(position=one.position + 1)
    (passage,) = chosen((one, 0.9), (other, 0.8))
    assert passage.text == "Nora: I listen first.\nThe attack is slow."
    assert chunk_spans(passage.text, passage.marks) == [(6, 21), (22, 41)]
