"""The counts of terms stay true while chunks come and go and works are withdrawn and published again."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creators.embeddings import Embedder
from creators.ingest import find_sources, ingest
from creators.models import Chunk, CorpusLength, Creator, TermCount, Work
from creators.models.terms import fold_terms
from tests.creators.fake_embedder import FakeEmbedder
from tests.strength import examples

pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    """Count the terms of the published chunks anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.lexeme, count(*) FROM creators_chunk k JOIN creators_work w ON w.id = k.work_id "
            "JOIN creators_creator c ON c.id = w.creator_id, unnest(k.search) t "
            "WHERE c.is_published AND NOT w.is_withdrawn GROUP BY t.lexeme"
        )
        return dict(cursor.fetchall())


def kept() -> dict[str, int]:
    return TermCount.objects.frequencies(TermCount.objects.values_list("lexeme", flat=True))


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


def bring_in(creator: Creator, folder: Path, **texts: str) -> None:
    embedder: Embedder = FakeEmbedder()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    list(ingest(creator, find_sources([folder]), embedder=embedder))


def test_it_counts_the_chunks_that_hold_a_term(creator: Creator, tmp_path: Path) -> None:
    bring_in(creator, tmp_path, a="Zyzzyva compresses.", b="Zyzzyva again and again.")
    assert TermCount.objects.frequencies(["zyzzyva", "nobody"]) == {"zyzzyva": 2}


def test_it_forgets_the_chunks_of_a_changed_work(creator: Creator, tmp_path: Path) -> None:
    bring_in(creator, tmp_path, a="Zyzzyva compresses.")
    bring_in(creator, tmp_path, a="Something else compresses.")
    assert TermCount.objects.frequencies(["zyzzyva"]) == {}


def test_it_does_not_count_a_withdrawn_work(creator: Creator, tmp_path: Path) -> None:
    bring_in(creator, tmp_path, a="Zyzzyva compresses.")
    work = Work.objects.get(creator=creator)
    work.is_withdrawn = True
    work.save()
    assert TermCount.objects.frequencies(["zyzzyva"]) == {}


def test_it_counts_a_creator_again_who_is_published_again(creator: Creator, tmp_path: Path) -> None:
    bring_in(creator, tmp_path, a="Zyzzyva compresses.")
    for is_published in (False, True):
        creator.is_published = is_published
        creator.save()
    assert TermCount.objects.frequencies(["zyzzyva"]) == {"zyzzyva": 1}


def test_it_folds_the_changes_of_a_term_into_one(creator: Creator, tmp_path: Path) -> None:
    bring_in(creator, tmp_path, a="Zyzzyva compresses.", b="Zyzzyva again.")
    assert fold_terms()
    assert TermCount.objects.filter(lexeme="zyzzyva").count() == 1
    assert CorpusLength.objects.count() == 1


def test_it_keeps_the_length_of_the_corpus(creator: Creator, tmp_path: Path) -> None:
    before = CorpusLength.objects.totals()
    bring_in(creator, tmp_path, a="Four words are here.")
    chunks, words = CorpusLength.objects.totals()
    assert (chunks - before[0], words - before[1]) == (1, 4)


CHANGES = st.lists(
    st.sampled_from(["add", "change", "withdraw", "restore", "hide", "show", "delete", "fold"]), max_size=12
)


@settings(max_examples=examples(0.3), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_it_agrees_with_a_count_from_scratch(creator: Creator, tmp_path: Path, changes: list[str]) -> None:
    Chunk.objects.filter(creator=creator).delete()
    for number, change in enumerate(changes):
        apply(change, creator, tmp_path, number)
        assert kept() == counted()


def apply(change: str, creator: Creator, folder: Path, number: int) -> None:
    """Make one change to the corpus, past the models where they allow it."""
    works = Work.objects.filter(creator=creator)
    match change:
        case "add" | "change":
            bring_in(creator, folder, **{"x" if change == "change" else f"n{number}": f"Number {number} compresses."})
        case "withdraw" | "restore":
            works.update(is_withdrawn=change == "withdraw")
        case "hide" | "show":
            Creator.objects.filter(pk=creator.pk).update(is_published=change == "show")
        case "delete":
            works.delete()
        case "fold":
            fold_terms()


def append(changes: int) -> None:
    TermCount.objects.bulk_create(TermCount(lexeme=f"term{number % 500}", documents=1) for number in range(changes))


def test_it_never_groups_all_terms_for_each_when_it_folds() -> None:
    append(2000)
    TermCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE creators_termcount")  # from now on the planner takes it for an empty one
    append(2000)
    with CaptureQueriesContext(connection) as ran:
        fold_terms()
    ours = [one["sql"] for one in ran.captured_queries]
    fold = next(at for at, sql in enumerate(ours) if "WITH several" in sql)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ours[fold - 1])
        cursor.execute(f"EXPLAIN {ours[fold]}")
        assert not [line for (line,) in cursor.fetchall() if "Nested Loop" in line]
