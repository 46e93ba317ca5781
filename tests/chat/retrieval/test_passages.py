"""Which of the candidates a turn consults."""

from datetime import date

import pytest

from chat.events.events import Passage, Tier
from chat.retrieval.candidates import NO_OVERLAP, ScoredCandidate
from chat.retrieval.passages import passages_from
from creators.models import Chunk, Creator, Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


def chunk(creator: Creator, *, work: str, text: str, published: date | None = None) -> Chunk:
    """Return a new chunk of a work, which is made where it does not exist."""
    row, _ = Work.objects.get_or_create(
        slug=work, defaults={"creator": creator, "title": work, "source": work, "published": published}
    )
    return Chunk.objects.create(work=row, creator=creator, position=row.chunks.count(), text=text, words=9)


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
