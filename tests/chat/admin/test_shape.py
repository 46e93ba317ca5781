"""The shape of a work at the desk: what its passages are, what a curator does to them, and who did it."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chat.catalogue.transcript import transcript_of
from chat.retrieval.cascade import Retrieved, retrieve
from chat.retrieval.query import SearchQuery
from creators.embeddings import get_embedder
from creators.models import Chunk, Work
from tests.chat.admin.roles import account, belongings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

SLUG = "reverb-and-space"


@pytest.fixture
def work() -> Work:
    return Work.objects.select_related("creator").get(slug=SLUG)


@pytest.fixture
def chunk(work: Work) -> Chunk:
    return work.chunks.order_by("position")[0]


def post(client: Client, chunk: Chunk, act: str, **data: Any) -> str:
    address = reverse("admin:chat_passage", args=[chunk.work_id, chunk.pk])
    response = client.post(address, {"act": act, **data}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def found(chunk: Chunk) -> Retrieved:
    """Ask in the words of a passage itself."""
    words = chunk.as_ingested.text[:200]
    embedder = get_embedder()
    query = SearchQuery(text=words, vector=embedder.embed_questions([words])[0], space=embedder.space.name)
    return retrieve(query, creator_id=chunk.creator_id, limit=8)


def test_it_lists_the_passages_in_order(admin_client: Client, work: Work, chunk: Chunk) -> None:
    page = admin_client.get(reverse("admin:chat_shape", args=[work.pk])).content.decode()
    places = [page.index(f'id="passage-{number}"') for number in range(1, work.chunks.count() + 1)]
    assert places == sorted(places)
    assert f"Hide passage {chunk.position + 1}" in page


def test_it_finds_a_hidden_passage_no_more(admin_client: Client, chunk: Chunk) -> None:
    assert chunk.pk in {one.chunk_id for one in found(chunk).passages}
    opening = chunk.as_ingested.sentences[0]
    post(admin_client, chunk, "hide")
    assert chunk.pk not in {one.chunk_id for one in found(chunk).passages}
    assert not any(opening in one.text for one in found(chunk).passages)
    post(admin_client, chunk, "show")
    assert chunk.pk in {one.chunk_id for one in found(chunk).passages}


def test_it_leaves_a_hidden_passage_out_of_the_page_and_says_so(admin_client: Client, chunk: Chunk) -> None:
    post(admin_client, chunk, "hide")
    transcript = transcript_of(SLUG)
    assert transcript
    first, *others = transcript.blocks
    assert (first.text, first.aside) == ("A part is left out here.", "hidden")
    assert not any(chunk.as_ingested.sentences[0] in one.text for one in others)


def test_it_moves_a_preferred_passage_up(admin_client: Client, chunk: Chunk) -> None:
    before = found(chunk)
    second = Chunk.objects.get(pk=before.passages[-1].chunk_id)
    place = [one.chunk_id for one in before.passages].index(second.pk)
    post(admin_client, second, "prefer")
    after = found(chunk)
    assert [one.chunk_id for one in after.passages].index(second.pk) <= place
    assert {one.chunk_id: one.relevance for one in after.passages}[second.pk] == before.passages[place].relevance


def test_it_sets_who_says_a_sentence(admin_client: Client, chunk: Chunk) -> None:
    page = post(admin_client, chunk, "speaker", sentence=["0"], label="Ana Guest")
    assert "Ana Guest says sentence 1." in page
    chunk.refresh_from_db()
    assert chunk.revision.speakers == {0: "Ana Guest"}
    assert "Ana Guest" in {name for one in found(chunk).passages for name in one.names}


def test_it_rewords_a_sentence_and_finds_it_so(admin_client: Client, chunk: Chunk) -> None:
    said = chunk.as_ingested.sentences
    page = post(admin_client, chunk, "words", **{"text-0": "The quokka  rests.", "text-1": said[1]})
    assert "Passage 1: sentence 1 reworded." in page
    assert f"It was said: {said[0][:20]}" in page
    chunk.refresh_from_db()
    assert chunk.text.startswith("The quokka rests. ")
    assert chunk.as_heard().startswith(said[0])
    assert any("The quokka rests." in one.text for one in found(chunk).passages)


@pytest.mark.parametrize("act", ["restore", "words"])
def test_it_has_it_as_it_was_said_again(admin_client: Client, chunk: Chunk, act: str) -> None:
    before = (chunk.text, chunk.marks, chunk.corrections, chunk.text_hash)
    post(admin_client, chunk, "words", **{"text-0": "The quokka rests."})
    post(admin_client, chunk, act, **{"text-0": chunk.as_ingested.sentences[0]})
    chunk.refresh_from_db()
    assert (chunk.text, chunk.marks, chunk.corrections, chunk.text_hash) == before
    assert chunk.said is None


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * 1001])
def test_it_refuses_a_sentence_of_no_words_or_too_many(admin_client: Client, chunk: Chunk, text: str) -> None:
    post(admin_client, chunk, "words", **{"text-0": text})
    chunk.refresh_from_db()
    assert chunk.said is None


@pytest.mark.parametrize("label", ["", "Guest", "A: B", "x" * 101])
def test_it_refuses_a_name_that_is_none(admin_client: Client, chunk: Chunk, label: str) -> None:
    post(admin_client, chunk, "speaker", sentence=["0"], label=label)
    chunk.refresh_from_db()
    assert (chunk.said, chunk.changes) == (None, {})


def test_it_says_who_did_what(chunk: Chunk) -> None:
    editor = account("ada", group="Editors")
    page = post(editor, chunk, "prefer")
    assert LogEntry.objects.get(object_id=str(chunk.work_id)).get_change_message() == "Passage 1: preferred."
    assert "ada" in page.partition("Who did what")[2]


def test_it_takes_as_many_queries_for_any_number_of_passages(
    admin_client: Client, work: Work, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("admin:chat_shape", args=[work.pk])
    with django_assert_max_num_queries(12):
        admin_client.get(address)


def test_it_has_a_curator_change_only_passages_of_their_own(work: Work, chunk: Chunk) -> None:
    curator = account("curator", group="Curators", creators=(belongings("own").creator,))
    address = reverse("admin:chat_passage", args=[work.pk, chunk.pk])
    for act in ("hide", "show", "prefer", "equal", "speaker", "words", "restore", "split", "join", "uncut"):
        assert curator.post(address, {"act": act}).status_code == 404
    assert curator.get(reverse("admin:chat_shape", args=[work.pk])).status_code == 404


def test_it_changes_nothing_by_get(admin_client: Client, chunk: Chunk) -> None:
    address = reverse("admin:chat_passage", args=[chunk.work_id, chunk.pk])
    admin_client.get(address, {"act": "hide"})
    chunk.refresh_from_db()
    assert not chunk.is_hidden
    assert admin_client.post(reverse("admin:chat_shape", args=[chunk.work_id])).status_code == 405


def test_it_splits_and_joins_and_says_who_did(admin_client: Client, work: Work, chunk: Chunk) -> None:
    count = work.chunks.count()
    said = chunk.as_ingested.sentences
    page = post(admin_client, chunk, "split", before="2")
    assert "Passage 1: split before sentence 3" in page.partition("Who did what")[2]
    assert work.chunks.count() == count + 1
    first = work.chunks.order_by("position")[0]
    assert first.as_ingested.sentences == said[:2]
    assert "joined with passage 2" in post(admin_client, first, "join")
    assert work.chunks.order_by("position")[0].text == chunk.text


def test_it_has_passages_cut_as_they_were(admin_client: Client, work: Work, chunk: Chunk) -> None:
    post(admin_client, chunk, "split", before="2")
    first = work.chunks.order_by("position")[0]
    page = admin_client.get(reverse("admin:chat_passage", args=[work.pk, first.pk])).content.decode()
    assert "Have it cut as it was" in page
    post(admin_client, first, "uncut")
    assert work.chunks.order_by("position")[0].text == chunk.text


@pytest.mark.parametrize("before", ["", "0", "99", "x"])
def test_it_splits_nothing_without_a_sentence_to_begin_with(admin_client: Client, chunk: Chunk, before: str) -> None:
    assert "passage begins" in post(admin_client, chunk, "split", before=before)
    assert Chunk.objects.filter(pk=chunk.pk).exists()


def test_it_finds_both_parts_of_a_split_passage(admin_client: Client, work: Work, chunk: Chunk) -> None:
    post(admin_client, chunk, "split", before="2")
    for part in work.chunks.order_by("position")[:2]:
        assert part.pk in {one.chunk_id for one in found(part).passages}
