"""The revision of tables, by which a process keeps what it made of them."""

from collections.abc import Callable

import pytest
from django.db import transaction

from chrysopedia.core.revision import revision_of
from creators.models import Creator, Domain

pytestmark = pytest.mark.django_db

TABLES = (Creator, Domain)
CHANGES: dict[str, Callable[[], object]] = {
    "added": lambda: Creator.objects.create(slug="new", name="New"),
    "changed": lambda: Creator.objects.filter(slug="known").update(name="Called otherwise"),
    "written as it was": lambda: Creator.objects.filter(slug="known").update(name="Known"),
    "removed": lambda: Creator.objects.filter(slug="known").delete(),
    "in another of the tables": lambda: Domain.objects.create(slug="new", name="New"),
}


@pytest.fixture(autouse=True)
def known() -> Creator:
    return Creator.objects.create(slug="known", name="Known")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_is_another_one_after_a_change(change: Callable[[], object]) -> None:
    before = revision_of(TABLES)
    change()
    assert revision_of(TABLES) != before


def test_it_stays_where_nothing_changes() -> None:
    assert revision_of(TABLES) == revision_of(TABLES)


def test_it_never_comes_back_with_what_it_stood_for() -> None:
    seen = [revision_of(TABLES)]
    for name in ("One", "Other", "One", "Other"):
        Creator.objects.filter(slug="known").update(name=name)
        seen.append(revision_of(TABLES))
    assert len(set(seen)) == len(seen)


def test_it_is_as_before_after_a_change_that_was_taken_back() -> None:
    before = revision_of(TABLES)
    with transaction.atomic():
        Creator.objects.create(slug="new", name="New")
        transaction.set_rollback(True)
    assert revision_of(TABLES) == before
