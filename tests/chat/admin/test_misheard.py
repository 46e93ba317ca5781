"""Glossary proposals at the desk: where they stand, what they would change, accepted and refused in bulk."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from creators.embeddings import get_embedder
from creators.embeddings.spaces import space_of
from creators.glossary.suggest import store_suggestions, suggest_for
from creators.glossary.trial import tried
from creators.models import Chunk, Creator, GlossaryEntry
from tests.creators.persona.works import creator_who_said

pytestmark = pytest.mark.django_db

SAID = "I open seerum first. Then seerums everywhere, and compression."


@pytest.fixture
def creator() -> Creator:
    return creator_who_said("ear", SAID, "Nothing of it. Seerum's filter is warm.", "Quiet.")


@pytest.fixture
def serum(creator: Creator) -> GlossaryEntry:
    return GlossaryEntry.objects.create(creator=creator, term="Serum", heard=["seerum"])


def page(client: Client, creator: Creator, **posted: object) -> str:
    address = reverse("admin:creators_misheard", args=[creator.pk])
    response = client.post(address, posted, follow=True) if posted else client.get(address)
    return unescape(response.content.decode())


def test_it_counts_what_entries_would_change_and_where(creator: Creator, serum: GlossaryEntry) -> None:
    trial = tried(creator, [serum])
    assert (trial.passages, trial.works, trial.by_entry) == (2, 2, {serum.pk: 2})
    first = trial.places[serum.pk][0]
    assert (first.before, first.heard, first.meant, first.after) == ("I open ", "seerum", "Serum", " first.")
    assert first.work == "ear-1"


def test_it_changes_nothing_where_two_read_the_same_words_otherwise(creator: Creator, serum: GlossaryEntry) -> None:
    other = GlossaryEntry.objects.create(creator=creator, term="Sierum", heard=["seerum"])
    assert tried(creator, [serum, other]).passages == 0
    assert tried(creator, [serum]).passages == 2


def test_it_shows_each_with_its_sentences_as_links(
    admin_client: Client, creator: Creator, serum: GlossaryEntry
) -> None:
    shown = page(admin_client, creator)
    assert "I open <del>seerum</del> <ins>Serum</ins> first." in shown
    assert 'href="/w/ear-1?at=' in shown


def test_it_tries_and_changes_nothing(admin_client: Client, creator: Creator, serum: GlossaryEntry) -> None:
    shown = page(admin_client, creator, act="try", entry=[serum.pk])
    assert "These 1 would change 2 passages of 2 works." in shown
    assert "checked" in shown
    assert not GlossaryEntry.objects.reviewed().filter(pk=serum.pk).exists()
    assert Chunk.objects.filter(creator=creator, text__contains="Serum").count() == 0


def test_it_puts_right_what_is_accepted(admin_client: Client, creator: Creator, serum: GlossaryEntry) -> None:
    assert "1 proposal accepted, 2 passages put right." in page(admin_client, creator, act="accept", entry=[serum.pk])
    first = Chunk.objects.filter(creator=creator).defer("search").earliest("pk")
    assert first.text == "I open Serum first. Then Serums everywhere, and compression."
    assert first.as_ingested.text == SAID
    space = space_of(get_embedder())
    assert not Chunk.objects.filter(pk=first.pk).without_embedding(space).exists()


def test_it_proposes_no_more_what_is_refused(admin_client: Client, creator: Creator, serum: GlossaryEntry) -> None:
    assert "1 proposal refused" in page(admin_client, creator, act="refuse", entry=[serum.pk])
    assert "None waits for a decision." in page(admin_client, creator)
    page(admin_client, creator, act="look", terms="Serum")
    assert not GlossaryEntry.objects.proposed().filter(creator=creator).exists()


def test_it_finds_more(admin_client: Client, creator: Creator) -> None:
    assert "1 phrase found" in page(admin_client, creator, act="look", terms="Serum\n\n")
    assert GlossaryEntry.objects.proposed().get(creator=creator).heard == ["seerum"]


def test_it_keeps_a_new_phrase_of_a_refused_term_apart(creator: Creator, serum: GlossaryEntry) -> None:
    GlossaryEntry.objects.filter(pk=serum.pk).update(is_refused=True, heard=["serious"])
    store_suggestions(creator, suggest_for(creator, terms=["Serum"]))
    assert GlossaryEntry.objects.proposed().get(creator=creator).heard == ["seerum"]


def test_it_takes_nothing_of_another_creator(admin_client: Client, creator: Creator, serum: GlossaryEntry) -> None:
    other = creator_who_said("other", SAID)
    assert "Tick some proposals first." in page(admin_client, other, act="accept", entry=[serum.pk, "x"])
    assert not GlossaryEntry.objects.reviewed().filter(pk=serum.pk).exists()


def test_it_proposes_again_what_was_refused(admin_client: Client, creator: Creator, serum: GlossaryEntry) -> None:
    GlossaryEntry.objects.filter(pk=serum.pk).update(is_refused=True)
    chosen = {"action": "propose_again", "_selected_action": [serum.pk]}
    admin_client.post(reverse("admin:creators_glossaryentry_changelist"), chosen)
    assert GlossaryEntry.objects.proposed().filter(pk=serum.pk).exists()


def test_it_lists_whose_transcripts_wait(admin_client: Client, creator: Creator, serum: GlossaryEntry) -> None:
    shown = unescape(admin_client.get(reverse("admin:creators_proposals")).content.decode())
    assert reverse("admin:creators_misheard", args=[creator.pk]) in shown
    assert "1 proposal<" in shown


def test_it_asks_as_often_for_many_proposals_as_for_one(
    admin_client: Client, creator: Creator, serum: GlossaryEntry, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(admin_client, creator)
    with django_assert_max_num_queries(30) as one:
        page(admin_client, creator)
    for number in range(5):
        GlossaryEntry.objects.create(creator=creator, term=f"Term {number}", heard=[f"compression{number}", "quiet"])
    with django_assert_max_num_queries(len(one)):
        page(admin_client, creator)
