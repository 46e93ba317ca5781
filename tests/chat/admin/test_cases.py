"""Turns kept as test cases, and passages that should have won."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chat.evaluation import kept_questions
from chat.evaluation.samples import labelled_cases
from chat.models import Calibration, EvaluationCase, Turn
from creators.embeddings import get_embedder
from creators.models import Chunk, Work
from tests.chat.admin.roles import account, belongings
from tests.chat.asking import VOCAL
from tests.chat.conversations.rows import keep, new_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
def turn() -> Turn:
    row = keep(VOCAL, owner=new_owner()).turns.get()
    row.refresh_from_db()
    return row


def kept(client: Client, turn: Turn, **sent: object) -> str:
    address = reverse("admin:chat_keep", args=[turn.desk_id])
    return client.post(address, sent, follow=True).content.decode()


def a_chunk() -> Chunk:
    chunk = Chunk.objects.filter(creator__slug="mara-lindqvist", text__contains="lead vocal").first()
    assert chunk is not None
    return chunk


def test_it_expects_the_works_that_were_cited(admin_client: Client, turn: Turn) -> None:
    work = Work.objects.get(slug="compressing-a-lead-vocal")
    Turn.objects.filter(pk=turn.pk).update(sources=[{**one, "work": work.slug} for one in turn.sources])
    assert "Kept as a test case" in kept(admin_client, turn)
    (question,), _ = kept_questions()
    assert (question.text, question.creator, question.works, question.tier) == (
        VOCAL,
        "mara-lindqvist",
        ("compressing-a-lead-vocal",),
        "global",
    )


def test_it_keeps_a_turn_once(admin_client: Client, turn: Turn) -> None:
    for _ in range(2):
        kept(admin_client, turn, chunk=a_chunk().pk)
    assert EvaluationCase.objects.get().expected.count() == 1


def test_it_expects_the_passage_that_should_have_won(admin_client: Client, turn: Turn) -> None:
    chunk = a_chunk()
    assert "that passage should win" in kept(admin_client, turn, chunk=chunk.pk)
    (case,) = labelled_cases(kept_questions()[0], embedder=get_embedder())
    assert case.works == {chunk.work_id}
    assert chunk.pk in case.chunks


def test_it_remembers_what_was_said_before(admin_client: Client) -> None:
    row = keep(VOCAL, "And on drums?", owner=new_owner()).turns.get(number=2)
    row.refresh_from_db()
    kept(admin_client, row, chunk=a_chunk().pk)
    assert [one.question for one in kept_questions()[0][0].history] == [VOCAL]


def test_evaluate_asks_it(admin_client: Client, turn: Turn) -> None:
    kept(admin_client, turn, chunk=a_chunk().pk)
    out = StringIO()
    call_command("evaluate", stdout=out)
    assert [line.split()[:2] for line in out.getvalue().splitlines()[-1:]] == [["overall", "1"]]
    assert "kept" in out.getvalue()


def test_calibrate_goes_by_it(admin_client: Client, turn: Turn) -> None:
    kept(admin_client, turn, chunk=a_chunk().pk)
    questions = [f"creators/demo/{name}/questions.jsonl" for name in ("mara-lindqvist", "dez-okafor")]
    call_command("calibrate", "--questions", *questions, stdout=StringIO())
    assert Calibration.objects.get().values["fitted_on"].endswith("and 1 kept at the desk")


def test_it_leaves_out_what_was_withdrawn(admin_client: Client, turn: Turn) -> None:
    chunk = a_chunk()
    kept(admin_client, turn, chunk=chunk.pk)
    Work.objects.filter(pk=chunk.work_id).update(is_withdrawn=True)
    assert kept_questions() == ([], 1)


def test_it_keeps_nothing_for_whoever_may_not(turn: Turn) -> None:
    theirs = account("curator", group="Curators", creators=(belongings("own").creator,))
    assert theirs.post(reverse("admin:chat_keep", args=[turn.desk_id])).status_code == 404
    assert account("nobody").post(reverse("admin:chat_keep", args=[turn.desk_id])).status_code == 403


def test_its_page_takes_as_many_queries_for_any_number_of_passages(
    admin_client: Client, turn: Turn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("admin:chat_replay", args=[turn.desk_id])
    chunks = [work.chunks.first() for work in Work.objects.filter(creator__slug="mara-lindqvist")]
    kept(admin_client, turn, chunk=a_chunk().pk)
    admin_client.get(address)
    with django_assert_max_num_queries(60) as one:
        admin_client.get(address)
    count = len(one)
    for chunk in filter(None, chunks):
        kept(admin_client, turn, chunk=chunk.pk)
    with django_assert_max_num_queries(count):
        assert admin_client.get(address).content.decode().count("; ") >= 3


def test_it_lists_any_number_with_as_many_queries(
    admin_client: Client, turn: Turn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    kept(admin_client, turn, chunk=a_chunk().pk)
    address = reverse("admin:chat_evaluationcase_changelist")
    with django_assert_max_num_queries(12) as first:
        admin_client.get(address)
    count = len(first)
    for number in range(5):
        row = keep(f"{VOCAL} {number}", owner=new_owner()).turns.get()
        row.refresh_from_db()
        kept(admin_client, row, chunk=a_chunk().pk)
    with django_assert_max_num_queries(count):
        assert admin_client.get(address).content.decode().count(VOCAL) >= 6
