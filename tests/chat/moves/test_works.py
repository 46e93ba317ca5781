"""Works moved to another creator: where they are found, what is counted, who speaks, and what else rests on them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.models import PinnedAnswer
from chat.moves import MoveError, move, plan_move
from chat.moves.works import told_how_long
from chat.retrieval.cascade import retrieve
from chat.retrieval.query import SearchQuery
from creators.embeddings import get_embedder
from creators.models import Chunk, Creator, Embedding, IngestJob, JobFile, PersonalityDraft, Work
from tests.chat.admin.roles import pinned
from tests.creators.test_shape import counted, kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
def work() -> Work:
    return Work.objects.select_related("creator").get(slug="reverb-and-space")


@pytest.fixture
def max_() -> Creator:
    return Creator.objects.create(slug="max", name="Max Moved")


def give(work: Work, to: Creator) -> Work:
    move([work.pk], to=to, now=timezone.now())
    return Work.objects.select_related("creator").get(pk=work.pk)


def tier_of(words: str, creator: Creator) -> dict[str, str]:
    embedder = get_embedder()
    query = SearchQuery(text=words, vector=embedder.embed_questions([words])[0], space=embedder.space.name)
    return {one.work_slug: one.tier.value for one in retrieve(query, creator_id=creator.pk, limit=8).passages}


def said(work: Work, to: Creator) -> str:
    plan = plan_move([work], to=to)
    return " ".join((*plan.does, *plan.mind, *plan.refusals))


def test_it_is_found_as_the_other_creators(work: Work, max_: Creator) -> None:
    words = work.chunks.order_by("position")[0].text[:200]
    assert tier_of(words, work.creator)[work.slug] == "creator"
    former = work.creator
    give(work, max_)
    assert tier_of(words, max_)[work.slug] == "creator"
    assert tier_of(words, former).get(work.slug) != "creator"


def test_it_leaves_nothing_of_it_with_the_former_creator(work: Work, max_: Creator) -> None:
    chunks = Chunk.objects.filter(work=work).count()
    moved = give(work, max_)
    assert moved.creator == max_
    assert Chunk.objects.filter(work=work, creator=max_).count() == chunks
    assert Embedding.objects.filter(work=work, creator=max_).count() == Embedding.objects.filter(work=work).count() > 0


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_it_is_counted_where_it_is_published(work: Work, max_: Creator, is_withdrawn: bool) -> None:
    former = work.creator
    Work.objects.filter(pk=work.pk).update(is_withdrawn=is_withdrawn)
    Creator.objects.filter(pk=max_.pk).update(is_published=False)
    assert ("is not published" in said(work, Creator.objects.get(pk=max_.pk))) is True
    give(work, max_)
    assert kept() == counted()
    give(work, former)
    assert kept() == counted()


def test_it_says_who_would_be_taken_for_the_new_creator(work: Work, max_: Creator) -> None:
    assert "In 1 work nobody is named: all that is said there counts as Max Moved’s" in said(work, max_)
    chunk = work.chunks.order_by("position")[0]
    Chunk.objects.filter(pk=chunk.pk).update(marks=[[0, 0.0, 1.0, "Max", 1]])
    assert "“Max” is taken for Max Moved" in said(work, max_)
    Chunk.objects.filter(pk=chunk.pk).update(marks=[[0, 0.0, 1.0, "Ana", 1]])
    assert "nobody is called like Max Moved" in said(work, max_)


@pytest.mark.parametrize("is_same", [True, False])
def test_it_keeps_both_of_two_files_of_one_name(work: Work, max_: Creator, is_same: bool) -> None:
    hashed = work.content_hash if is_same else "0"
    other = Work.objects.create(creator=max_, slug="other", title="Other", source=work.source, content_hash=hashed)
    assert ("has the same text already" if is_same else "Both stay") in said(work, max_)
    moved = give(work, max_)
    assert moved.source.endswith(f"-{work.pk}/{other.source}")
    assert moved.is_withdrawn == is_same
    assert kept() == counted()


def test_it_leaves_a_text_to_be_found_whose_twin_is_withdrawn(work: Work, max_: Creator) -> None:
    told = {"source": work.source, "content_hash": work.content_hash, "is_withdrawn": True}
    Work.objects.create(creator=max_, slug="other", title="Other", **told)
    assert "has the same text already, withdrawn: “" in said(work, max_)
    assert not give(work, max_).is_withdrawn
    assert kept() == counted()


@pytest.mark.parametrize(("chunks", "minutes"), [(1000, "1 minute;"), (8000, "1 minute;"), (8001, "2 minutes;")])
def test_it_says_how_long_many_passages_take(chunks: int, minutes: str) -> None:
    assert f"takes up to {minutes}" in told_how_long(chunks)


def test_it_locks_creators_before_works(work: Work, max_: Creator) -> None:
    with CaptureQueriesContext(connection) as queries:
        give(work, max_)
    locks = [one["sql"].partition("FROM ")[2].split()[0] for one in queries if "FOR " in one["sql"][-40:]]
    assert locks == ['"creators_creator"', '"creators_work"']


def test_it_refuses_what_is_being_brought_in(work: Work, max_: Creator) -> None:
    job = IngestJob.objects.create(creator=work.creator, state=IngestJob.State.RUNNING)
    JobFile.objects.create(job=job, source=work.source, state=JobFile.State.WORKING)
    assert "wait for these uploads" in said(work, max_)
    with pytest.raises(MoveError, match="wait for these uploads"):
        give(work, max_)


def test_it_puts_nothing_into_the_former_creators_mouth(work: Work, max_: Creator) -> None:
    pin = pinned(["How much?"], creator=work.creator, work=work, in_their_name=True)
    quote = {"quote": "All in.", "work": work.slug, "title": "", "seconds": None}
    examples = [{"part": "tone", "trait": "dry", "quotes": [quote]}]
    draft = PersonalityDraft.objects.create(creator=work.creator, examples=examples, made_by="model")
    assert "rest on them: 1. They cite Max Moved" in said(work, max_)
    give(work, max_)
    draft.refresh_from_db()
    assert not PinnedAnswer.objects.get(pk=pin.pk).in_their_name
    assert draft.examples[0]["quotes"] == []
