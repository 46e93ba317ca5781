"""The works of a creator as a list."""

from datetime import date

import pytest
from django.core.paginator import InvalidPage

from chat.catalogue.people import WORKS_SHOWN, catalogue_of
from creators.models import Chunk, Creator, Work


@pytest.fixture
def ann(db: None) -> Creator:
    return Creator.objects.create(slug="ann", name="Ann")


def add(creator: Creator, slug: str, published: date | None = None, *, seconds: float | None = None) -> None:
    work = Work.objects.create(creator=creator, slug=slug, title=slug, source=slug, published=published)
    for position, end in enumerate((1.0, seconds) if seconds else ()):
        Chunk.objects.create(work=work, creator=creator, position=position, text="x", end_seconds=end, words=1)


def test_it_lists_the_newest_first_and_a_year_where_it_changes(ann: Creator) -> None:
    for slug, day in (("a", date(2024, 1, 2)), ("b", None), ("c", date(2025, 1, 2)), ("d", date(2025, 3, 2))):
        add(ann, slug, day)
    found = [(work.slug, work.year) for work in catalogue_of("ann").works]
    assert found == [("d", "2025"), ("c", ""), ("a", "2024"), ("b", "Undated")]


def test_it_says_how_much_there_is(ann: Creator) -> None:
    add(ann, "a", date(2024, 1, 2), seconds=600)
    add(ann, "b", date(2025, 1, 2), seconds=3600)
    found = catalogue_of("ann")
    assert found.extent == "2 works · 1 h 10 min of recordings · 2024 to 2025"
    assert [work.length for work in found.works] == ["1 h 0 min", "10 min"]


def test_it_leaves_older_works_to_the_next_page(ann: Creator) -> None:
    for number in range(WORKS_SHOWN + 3):
        add(ann, f"w{number}")
    first, second = catalogue_of("ann"), catalogue_of("ann", number=2)
    assert (len(first.works), first.count, first.page.has_next()) == (WORKS_SHOWN, WORKS_SHOWN + 3, True)
    assert (len(second.works), second.page.has_next()) == (3, False)
    assert len(catalogue_of("ann", size=100).works) == WORKS_SHOWN + 3


@pytest.mark.parametrize("number", [2, 0, "x", "", "9" * 5000])
def test_it_has_no_page_beyond_the_last(ann: Creator, number: int | str) -> None:
    with pytest.raises(InvalidPage):
        catalogue_of("ann", number=number)


def test_it_lists_no_withdrawn_work(ann: Creator) -> None:
    add(ann, "a")
    Work.objects.update(is_withdrawn=True)
    assert (catalogue_of("ann").works, catalogue_of("ann").extent) == ((), "")
