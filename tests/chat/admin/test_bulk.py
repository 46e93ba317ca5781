"""What is done to many works at once: said before, done to one's own alone, noted, and as fast for many as for one."""

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.admin.bulk import ACTS
from creators.embeddings import get_embedder
from creators.ingest import SourceFile, ingest
from creators.jobs.worker import Worker
from creators.models import Chunk, Creator, Episode, GlossaryEntry, IngestJob, Work
from tests.chat.admin.roles import account, belongings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

SAID = "On a lead vocal I set the ratio of the compressor to three to one, with an attack of 20 ms. All in the sea rum."


@pytest.fixture
def creator() -> Creator:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    bring_in(creator, "one.txt", "two.txt")
    return creator


def bring_in(creator: Creator, *names: str) -> None:
    files = [SourceFile(source=name, size=len(SAID), read=SAID.encode) for name in names]
    list(ingest(creator, files, embedder=get_embedder()))


def ids(creator: Creator) -> str:
    return ",".join(str(work.pk) for work in creator.works.order_by("pk"))


def said(client: Client, act: str, creator: Creator, choice: str = "") -> str:
    address = reverse("admin:chat_bulk", args=[act])
    return client.get(address, {"ids": ids(creator), "choice": choice}).content.decode()


def done(client: Client, act: str, creator: Creator, choice: str = "") -> str:
    address = reverse("admin:chat_bulk", args=[act])
    return client.post(address, {"ids": ids(creator), "choice": choice}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("action", "act"),
    [
        ("withdraw", "withdraw"),
        ("give_back", "give-back"),
        ("read_again", "read-again"),
        ("set_speaker", "speaker"),
        ("move", "move"),
    ],
)
def test_it_leads_from_the_list_to_a_page_of_words(
    admin_client: Client, creator: Creator, action: str, act: str
) -> None:
    chosen = [work.pk for work in creator.works.order_by("pk")]
    data: dict[str, Any] = {"action": action, "_selected_action": chosen}
    response = admin_client.post(reverse("admin:creators_work_changelist"), data)
    assert response["Location"] == reverse("admin:chat_bulk", args=[act]) + f"?ids={ids(creator)}"
    assert "2 chosen works" in admin_client.get(response["Location"]).content.decode()


def test_it_withdraws_and_gives_back(admin_client: Client, creator: Creator) -> None:
    assert "2 works will at once be searched, cited and shown no more" in said(admin_client, "withdraw", creator)
    assert not creator.works.filter(is_withdrawn=True).exists()
    assert "2 works withdrawn." in done(admin_client, "withdraw", creator)
    assert not creator.works.published().exists()
    assert "All of these are withdrawn already." in done(admin_client, "withdraw", creator)
    assert "2 works given back." in done(admin_client, "give-back", creator)
    assert creator.works.published().count() == 2


def test_no_feed_brings_back_what_was_withdrawn_here(admin_client: Client, creator: Creator) -> None:
    feed = creator.feeds.create(url="https://a.example/feed")
    told = {"guid": "1", "source": "one.txt", "title": "One", "transcript": "a", "is_withdrawn": True}
    episode = Episode.objects.create(feed=feed, **told)
    done(admin_client, "withdraw", creator)
    episode.refresh_from_db()
    assert not episode.is_withdrawn


def test_it_says_which_were_taken_down_before(admin_client: Client, creator: Creator) -> None:
    admin_client.post(reverse("admin:chat_takedown", args=[creator.works.order_by("pk")[0].pk]))
    assert "Taken down before: “One”" in said(admin_client, "give-back", creator)
    done(admin_client, "give-back", creator)
    done(admin_client, "withdraw", creator)
    assert "Taken down before" not in said(admin_client, "give-back", creator)


def test_it_says_which_a_command_took_down(admin_client: Client, creator: Creator) -> None:
    work = creator.works.order_by("pk")[0]
    call_command("takedown", work.slug, stdout=StringIO())
    assert "Taken down before: “One”" in said(admin_client, "give-back", creator)
    form = admin_client.get(reverse("admin:creators_work_change", args=[work.pk])).content.decode()
    assert "It was taken down." in form


def test_a_form_that_was_open_gives_nothing_back_that_was_taken_down_meanwhile(
    admin_client: Client, creator: Creator
) -> None:
    work = creator.works.order_by("pk")[0]
    address = reverse("admin:creators_work_change", args=[work.pk])
    form = admin_client.get(address).content.decode()
    shown = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    admin_client.post(reverse("admin:chat_takedown", args=[work.pk]))
    sent = {**dict(shown), "title": "Put right", "kind": work.kind, "slug": work.slug}
    page = admin_client.post(address, sent, follow=True).content.decode()
    work.refresh_from_db()
    assert (work.title, work.is_withdrawn, work.taken_down is not None) == ("Put right", True, True)
    assert "It was withdrawn meanwhile, and stays so." in page


def test_it_sets_who_is_the_creator(admin_client: Client, creator: Creator) -> None:
    first = creator.works.order_by("pk")[0]
    Chunk.objects.filter(work=first).update(marks=[[0, 0.0, 1.0, "SPEAKER_00", 1]])
    assert "SPEAKER_00 (in 1 of 2)" in said(admin_client, "speaker", creator)
    page = said(admin_client, "speaker", creator, "SPEAKER_00")
    assert "In 1 work “SPEAKER_00” is the creator" in page
    assert "Left as is, as nobody is called so there: 1 work." in page
    done(admin_client, "speaker", creator, "SPEAKER_00")
    assert set(creator.works.values_list("pk", "creator_label")) >= {(first.pk, "SPEAKER_00")}
    done(admin_client, "speaker", creator, "-")
    assert not creator.works.exclude(creator_label="").exists()


def test_it_reads_works_again_with_the_glossary_as_it_is_now(admin_client: Client, creator: Creator) -> None:
    told = {"term": "Serum", "heard": ["sea rum"], "is_reviewed": True}
    GlossaryEntry.objects.create(creator=creator, **told)
    assert "2 works will be read again" in said(admin_client, "read-again", creator)
    assert "2 works queued in 1 upload" in done(admin_client, "read-again", creator)
    Worker("w").step()
    assert IngestJob.objects.get(creator=creator).state == IngestJob.State.DONE
    assert all("Serum" in one.text for one in Chunk.objects.filter(creator=creator))


def test_it_says_of_which_no_file_is_kept(admin_client: Client, creator: Creator) -> None:
    Work.objects.create(creator=creator, slug="bare", title="Bare", source="bare.txt")
    assert "No file is kept of “Bare”" in said(admin_client, "read-again", creator)


def test_it_moves_works(admin_client: Client, creator: Creator) -> None:
    other = Creator.objects.create(slug="other", name="The other")
    assert "2 works with 2 passages will be The other’s" in said(admin_client, "move", creator, str(other.pk))
    assert creator.works.count() == 2
    chosen = ids(creator)
    assert "2 works moved to The other." in done(admin_client, "move", creator, str(other.pk))
    assert ",".join(str(work.pk) for work in other.works.order_by("pk")) == chosen


def test_it_notes_it_with_each_work(admin_client: Client, creator: Creator) -> None:
    done(admin_client, "withdraw", creator)
    noted = LogEntry.objects.filter(object_id__in=ids(creator).split(","))
    assert [one.get_change_message() for one in noted] == ["Withdrawn.", "Withdrawn."]


def test_a_works_creator_is_changed_by_moving_it_alone(admin_client: Client, creator: Creator) -> None:
    work, other = creator.works.order_by("pk")[0], Creator.objects.create(slug="other", name="The other")
    page = admin_client.get(reverse("admin:creators_work_change", args=[work.pk])).content.decode()
    assert 'name="creator"' not in page
    assert reverse("admin:chat_bulk", args=["move"]) + f"?ids={work.pk}" in page
    admin_client.post(reverse("admin:creators_work_change", args=[work.pk]), {"creator": other.pk, "title": "T"})
    assert Work.objects.get(pk=work.pk).creator == creator


@pytest.mark.parametrize("act", ACTS)
def test_it_has_a_curator_change_only_works_of_their_own(creator: Creator, act: str) -> None:
    own = belongings("own")
    curator = account("curator", group="Curators", creators=(own.creator,))
    address = reverse("admin:chat_bulk", args=[act])
    for choice in ("", "-", str(own.creator.pk)):
        assert curator.get(address, {"ids": ids(creator), "choice": choice}).status_code == 404
        assert curator.post(address, {"ids": ids(creator), "choice": choice}).status_code == 404
    both = f"{ids(creator)},{own.work.pk}"
    assert "1 chosen work<" in curator.get(address, {"ids": both}).content.decode()


def test_it_has_a_curator_move_works_to_their_own_alone(creator: Creator) -> None:
    own, theirs = belongings("own"), belongings("theirs")
    curator = account("curator", group="Curators", creators=(own.creator, creator))
    assert "The theirs" not in said(curator, "move", creator)
    done(curator, "move", creator, str(theirs.creator.pk))
    assert creator.works.count() == 2
    done(curator, "move", creator, str(own.creator.pk))
    assert creator.works.count() == 0


@pytest.mark.parametrize("wrong", ["", "x", "0", "99999999999999999999"])
def test_it_knows_no_works_without_keys(admin_client: Client, wrong: str) -> None:
    assert admin_client.get(reverse("admin:chat_bulk", args=["withdraw"]), {"ids": wrong}).status_code == 404


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_takes_as_many_queries_for_many_works_as_for_few(
    admin_client: Client, creator: Creator, act: str, method: str
) -> None:
    counts = []
    other = Creator.objects.create(slug="other", name="The other")
    choice = {"move": str(other.pk), "speaker": "-"}.get(act, "")
    for names in ((), ("three.txt", "four.txt", "five.txt")):
        bring_in(creator, "one.txt", "two.txt", *names)
        creator.works.update(is_withdrawn=act == "give-back")
        data = {"ids": ids(creator), "choice": choice}
        with CaptureQueriesContext(connection) as queries:
            getattr(admin_client, method)(reverse("admin:chat_bulk", args=[act]), data)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1


def test_it_keeps_who_was_chosen_as_the_creator_when_it_reads_again(admin_client: Client, creator: Creator) -> None:
    told = b"WEBVTT\n\n00:00.000 --> 00:09.000\n<v Ana>All in the sea rum.\n\n00:09.000 --> 00:19.000\n<v Ben>So it is."
    file = SourceFile(source="a.vtt", size=len(told), read=lambda: told, sidecar=b'creator_label = "Ana"')
    list(ingest(creator, [file], embedder=get_embedder()))
    work = creator.works.filter(source="a.vtt")
    work.update(creator_label="Ben")
    GlossaryEntry.objects.create(creator=creator, term="Serum", heard=["sea rum"], is_reviewed=True)
    done(admin_client, "read-again", creator)
    Worker("w").step()
    assert "Serum" in work.get().chunks.get().text
    assert work.get().creator_label == "Ben"
