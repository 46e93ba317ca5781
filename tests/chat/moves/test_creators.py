"""Two creators merged into one: what moves, what clashes, where the old address leads, and who may do it."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chat.models import ApiKey, DailyQuestions, EvaluationCase, PinnedAnswer, Turn
from chat.moves import MoveError, merge, plan_merge
from creators.models import Chunk, Creator, Domain, Episode, FormerSlug, GlossaryEntry, IngestJob, Personality, Work
from tests.chat.admin.roles import Belongings, account, belongings
from tests.creators.test_shape import counted, kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
def twice() -> Belongings:
    own = belongings("twice")
    IngestJob.objects.all().update(state=IngestJob.State.DONE)
    return own


@pytest.fixture
def into() -> Creator:
    return Work.objects.select_related("creator").get(slug="reverb-and-space").creator


def merged(twice: Belongings, into: Creator, **more: Any) -> Creator:
    merge(twice.creator, into=into, now=timezone.now(), **{"with_curators": False, **more})
    return Creator.objects.get(pk=into.pk)


def said(twice: Belongings, into: Creator, **more: Any) -> str:
    plan = plan_merge(twice.creator, into=into, **{"with_curators": False, **more})
    return " ".join((*plan.does, *plan.mind, *plan.refusals))


def test_it_moves_all_that_one_had_and_deletes_them(twice: Belongings, into: Creator) -> None:
    now = merged(twice, into)
    assert not Creator.objects.filter(slug="twice").exists()
    assert Work.objects.get(pk=twice.work.pk).creator == now
    assert GlossaryEntry.objects.get(pk=twice.entry.pk).creator == now
    assert PinnedAnswer.objects.get(pk=twice.pin.pk).creator == now
    assert EvaluationCase.objects.get(pk=twice.case.pk).creator == now
    assert IngestJob.objects.get(pk=twice.job.pk).creator == now
    assert twice.draft in now.personality_drafts.all()
    assert twice.feed in now.feeds.all()
    assert Turn.objects.get(pk=twice.turn.pk).creator_slug == now.slug


def test_it_is_the_same_person_by_name_then(twice: Belongings, into: Creator) -> None:
    twice.creator.domains.add(Domain.objects.create(slug="knots", name="Knots"))
    Creator.objects.filter(pk=twice.creator.pk).update(links=[{"label": "A", "url": "https://a.example"}])
    twice.creator.refresh_from_db()
    now = merged(twice, into)
    assert "The twice" in now.aliases
    assert now.domains.filter(slug="knots").exists()
    assert {"label": "A", "url": "https://a.example"} in now.links
    assert Work(creator=now).speaker_named("The twice") == now.name


def test_it_is_found_by_its_old_slug_until_somebody_new_has_it(twice: Belongings, into: Creator) -> None:
    merged(twice, into)
    assert Creator.objects.named("Twice") == into
    somebody = Creator.objects.create(slug="twice", name="Somebody New")
    assert Creator.objects.named("twice") == somebody


def test_it_follows_a_chain_of_merges(twice: Belongings, into: Creator) -> None:
    third = Creator.objects.create(slug="third", name="The third")
    merge(third, into=twice.creator, with_curators=False, now=timezone.now())
    merged(twice, into)
    assert set(FormerSlug.objects.values_list("slug", "creator__slug")) == {("third", into.slug), ("twice", into.slug)}


def test_it_makes_one_of_terms_that_both_have(twice: Belongings, into: Creator) -> None:
    for creator, heard in ((twice.creator, ["sea rum"]), (into, ["seerum"])):
        GlossaryEntry.objects.create(creator=creator, term="Zerum", heard=heard, is_reviewed=True)
    assert "Both have these terms: Zerum" in said(twice, into)
    now = merged(twice, into)
    (entry,) = GlossaryEntry.objects.filter(creator=now, term="Zerum")
    assert entry.heard == ["seerum", "sea rum"]


def test_it_keeps_the_others_voice_or_takes_the_only_one(twice: Belongings, into: Creator) -> None:
    Personality.objects.filter(creator=into).delete()
    own = Personality.objects.create(creator=twice.creator, summary="Dry.")
    assert "Both have a voice" not in said(twice, into)
    Personality.objects.create(creator=into, summary="Warm.")
    assert "Both have a voice" in said(twice, into)
    now = merged(twice, into)
    assert now.personality.summary == "Warm."
    assert not Personality.objects.filter(pk=own.pk).exists()


def test_it_keeps_one_of_two_subscriptions_and_follows_renamed_files(twice: Belongings, into: Creator) -> None:
    into.feeds.create(url=twice.feed.url)
    other = twice.creator.feeds.create(url="https://other.example/feed")
    episode = Episode.objects.create(feed=other, guid="1", source=twice.work.source, title="One", transcript="a")
    Work.objects.create(creator=into, slug="same", title="Same", source=twice.work.source, content_hash="0")
    assert "it stays once" in said(twice, into)
    now = merged(twice, into)
    assert set(now.feeds.values_list("url", flat=True)) == {twice.feed.url, other.url}
    episode.refresh_from_db()
    assert episode.source == Work.objects.get(pk=twice.work.pk).source != "a.txt"


def test_it_adds_up_every_count_of_what_was_asked(twice: Belongings, into: Creator) -> None:
    kinds = {"id", "day", "creator_slug", "tier", "state", "answered_by", "model", "first_token"}
    counts = {field.name for field in DailyQuestions._meta.concrete_fields} - kinds
    for slug, count in (("twice", 2), (into.slug, 3)):
        told = {"day": "2026-11-01", "tier": "creator", "state": "full", "first_token": [count, 0, 1]}
        DailyQuestions.objects.create(creator_slug=slug, **told, **dict.fromkeys(counts, count))
    merged(twice, into)
    (day,) = DailyQuestions.objects.filter(day="2026-11-01")
    assert (day.creator_slug, day.first_token) == (into.slug, [5, 0, 2])
    assert {getattr(day, name) for name in counts} == {5}


def test_it_says_which_keys_may_ask_more_and_renames_them(twice: Belongings, into: Creator) -> None:
    key = ApiKey.objects.create(name="A key", beginning="cp_x", digest="0" * 64, scopes=["chat"], creators=["twice"])
    assert f"1 API key for The twice may ask {into.name} then." in said(twice, into)
    merged(twice, into)
    key.refresh_from_db()
    assert key.creators == [into.slug]


@pytest.mark.parametrize("with_curators", [True, False])
def test_it_has_curators_see_the_other_only_where_that_may_be_said(
    twice: Belongings, into: Creator, with_curators: bool
) -> None:
    ada = User.objects.create_user("ada")
    twice.creator.curators.add(ada)
    told = f"curate {into.name} then" if with_curators else "see none of it then"
    assert told in said(twice, into, with_curators=with_curators)
    assert (ada in merged(twice, into, with_curators=with_curators).curators.all()) == with_curators


def test_it_keeps_the_counts_true(twice: Belongings, into: Creator) -> None:
    twice.creator.is_published = False
    twice.creator.save()
    merged(twice, into)
    assert kept() == counted()


def test_it_refuses_while_files_are_brought_in_and_for_one_and_the_same(twice: Belongings, into: Creator) -> None:
    IngestJob.objects.filter(pk=twice.job.pk).update(state=IngestJob.State.RUNNING)
    assert "wait for these uploads" in said(twice, into)
    with pytest.raises(MoveError, match="wait for these uploads"):
        merged(twice, into)
    with pytest.raises(MoveError, match="Nothing was changed"):
        merge(into, into=into, with_curators=False, now=timezone.now())


def test_the_desk_says_what_moves_and_merges(twice: Belongings, into: Creator) -> None:
    editor = account("ada", group="Editors")
    address = reverse("admin:chat_merge", args=[twice.creator.pk])
    page = editor.get(address, {"into": into.pk}).content.decode()
    assert "This can’t be taken back." in page
    assert Creator.objects.filter(slug="twice").exists()
    response = editor.post(address, {"into": into.pk}, follow=True)
    assert f"The twice was merged into {into.name}, with 1 work." in response.content.decode()
    noted = set(LogEntry.objects.values_list("content_type__model", "action_flag"))
    assert noted == {("creator", 2), ("creator", 3), ("work", 2)}


@pytest.mark.parametrize("group", ["Curators", ""])
def test_the_desk_lets_nobody_merge_who_may_not_delete_creators(twice: Belongings, into: Creator, group: str) -> None:
    somebody = account("somebody", group=group, creators=(twice.creator, into))
    assert Group.objects.filter(name="Curators").exists()
    address = reverse("admin:chat_merge", args=[twice.creator.pk])
    assert somebody.get(address).status_code == somebody.post(address, {"into": into.pk}).status_code == 403
    assert Creator.objects.filter(slug="twice").exists()


def test_it_leaves_others_the_passages_of_works_that_were_theirs_already(twice: Belongings, into: Creator) -> None:
    other = Creator.objects.create(slug="other", name="Other")
    Work.objects.filter(pk=twice.work.pk).update(creator=other)  # as the form once did, without its passages
    chunk = Chunk.objects.create(work=twice.work, creator=twice.creator, position=9, text="Said.", words=1)
    merged(twice, into)
    assert Chunk.objects.get(pk=chunk.pk).creator == other


def test_it_takes_the_other_as_it_is_by_then(twice: Belongings, into: Creator) -> None:
    Creator.objects.filter(pk=into.pk).update(is_published=False)
    assert not merged(twice, into).is_published


def test_it_locks_creators_before_works(twice: Belongings, into: Creator) -> None:
    with CaptureQueriesContext(connection) as queries:
        merged(twice, into)
    locks = [one["sql"].partition("FROM ")[2].split()[0] for one in queries if "FOR " in one["sql"][-40:]]
    assert locks[:3] == ['"creators_creator"', '"creators_creator"', '"creators_work"']
