"""The curator's desk: what it lists, and what an upload makes and says."""

from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from creators.models import Chunk, Creator, Domain, Embedding, Personality, Work
from tests.creators.uploading import upload

pytestmark = pytest.mark.django_db

CUES = b"1\n00:00:01,000 --> 00:00:04,000\nSet the ratio to three to one.\n\n"
BROKEN = b"1\n00:61:00,000 --> 00:62:00,000\nHello there.\n"


@pytest.fixture(autouse=True)
def fake_embedder(settings: Settings) -> None:
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}


@pytest.fixture
def creator() -> Creator:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    creator.domains.add(Domain.objects.create(slug="test-mixing", name="Test mixing"))
    Work.objects.create(creator=creator, slug="some-work", title="Some work", source="some.txt")
    return creator


@pytest.mark.parametrize(("model", "row"), [("creator", "Somebody"), ("domain", "Test mixing"), ("work", "Some work")])
def test_it_lists_what_there_is(admin_client: Client, creator: Creator, model: str, row: str) -> None:
    response = admin_client.get(reverse(f"admin:creators_{model}_changelist"))
    assert response.status_code == 200
    assert row in response.content.decode()


def test_it_opens_a_work_with_its_chunks(admin_client: Client, creator: Creator) -> None:
    upload(admin_client, creator, {"Tips.srt": CUES})
    work = Work.objects.get(creator=creator, source="Tips.srt")
    response = admin_client.get(reverse("admin:creators_work_change", args=[work.pk]))
    assert response.status_code == 200
    assert "Set the ratio to three to one." in response.content.decode()


def test_it_offers_an_upload_instead_of_an_empty_work(admin_client: Client) -> None:
    shown = admin_client.get(reverse("admin:creators_work_changelist")).content.decode()
    assert reverse("admin:creators_work_upload") in shown
    assert admin_client.get(reverse("admin:creators_work_add")).status_code == 403


def test_it_makes_a_work_of_an_upload_and_says_so(admin_client: Client, creator: Creator) -> None:
    shown = upload(admin_client, creator, {"Vocal-tips.srt": CUES})
    assert "added" in shown
    assert "1 chunk, 1 embedded now" in shown
    work = Work.objects.get(creator=creator, source="Vocal-tips.srt")
    assert (work.title, work.kind) == ("Vocal tips", "video")
    assert Embedding.objects.filter(chunk__work=work, space__name="fake/3").count() == 1


def test_it_takes_what_the_curator_says_of_a_single_work(admin_client: Client, creator: Creator) -> None:
    facts = {"title": "Told", "url": "https://youtu.be/x", "kind": "audio", "published": "2025-01-02"}
    upload(admin_client, creator, {"A.srt": CUES}, **facts)
    work = Work.objects.get(creator=creator, source="A.srt")
    assert (work.title, work.url, work.kind, str(work.published)) == tuple(facts.values())


def test_it_says_what_became_of_an_upload_that_was_there(admin_client: Client, creator: Creator) -> None:
    upload(admin_client, creator, {"A.srt": CUES})
    assert "1 as they were" in upload(admin_client, creator, {"A.srt": CUES})
    changed = upload(admin_client, creator, {"A.srt": CUES.replace(b"three", b"four")})
    assert "brought up to date" in changed
    assert "1 chunk, 1 embedded now" in changed


def test_it_names_a_broken_file_and_takes_the_others(admin_client: Client, creator: Creator) -> None:
    shown = upload(admin_client, creator, {"Bad.srt": BROKEN, "Good.srt": CUES})
    assert "Bad.srt:2: " in shown
    assert "Done, but for 1 of 2 files" in shown
    assert not Work.objects.filter(source="Bad.srt").exists()
    assert Work.objects.filter(source="Good.srt").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("title", "Told"), ("url", "https://a.example"), ("published", "2025-01-02")]
)
def test_it_refuses_several_files_with_what_describes_one(
    admin_client: Client, creator: Creator, field: str, value: str
) -> None:
    shown = upload(admin_client, creator, {"A.srt": CUES, "B.srt": CUES}, **{field: value})
    assert "Title, URL and date describe one work" in shown
    assert not Work.objects.filter(source__in=["A.srt", "B.srt"]).exists()


@pytest.mark.parametrize("name", ["index", "creators_creator_changelist", "creators_work_upload"])
def test_it_sends_an_anonymous_visitor_to_the_login(client: Client, name: str) -> None:
    response = client.get(reverse(f"admin:{name}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_it_takes_no_upload_of_an_anonymous_visitor(client: Client, creator: Creator) -> None:
    upload(client, creator, {"A.srt": CUES})
    assert not Work.objects.filter(source="A.srt").exists()


def test_it_takes_no_upload_of_staff_who_may_not_change_works(client: Client, creator: Creator) -> None:
    client.force_login(User.objects.create_user("reader", is_staff=True))
    files = {"creator": creator.pk, "files": SimpleUploadedFile("A.srt", CUES)}
    assert client.post(reverse("admin:creators_work_upload"), files).status_code == 403
    assert not Work.objects.filter(source="A.srt").exists()


def test_it_asks_for_a_file_where_none_was_chosen(admin_client: Client, creator: Creator) -> None:
    response = admin_client.post(reverse("admin:creators_work_upload"), {"creator": creator.pk})
    assert "Choose files or a folder" in response.content.decode()


def test_it_keeps_a_phrase_with_a_comma_whole(admin_client: Client, creator: Creator) -> None:
    Personality.objects.create(creator=creator, phrases=["measure, then move", "level first"])
    page = unescape(admin_client.get(reverse("admin:creators_creator_change", args=[creator.pk])).content.decode())
    assert "measure, then move\nlevel first" in page


def test_it_has_the_curator_choose_the_creator_among_the_speakers(admin_client: Client, creator: Creator) -> None:
    work = Work.objects.create(creator=creator, slug="two-speak", title="Two speak", source="two.vtt")
    marks = [[0, 0.0, 1.0, "SPEAKER_00", 1], [4, 1.0, 2.0, "Theo", 1]]
    Chunk.objects.create(work=work, creator=creator, position=0, text="One.Two.", marks=marks, words=2)
    page = admin_client.get(f"/admin/creators/work/{work.pk}/change/").content.decode()
    assert '<option value="SPEAKER_00">SPEAKER_00</option>' in page
    assert "SPEAKER_00: not known by name; Theo: a guest" in page
