"""What an upload would become, shown before anything of it reaches the corpus."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from chat.takedown import take_down
from creators.models import Creator, IngestJob, JobFile, Work
from tests.creators.uploading import accept, bring, preview, upload

pytestmark = pytest.mark.django_db

CUES = b"1\n00:00:01,000 --> 00:00:04,000\nSet the ratio to three to one.\n\n"
TALK = b"WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>Hello there.\n\n00:03.000 --> 00:05.000\n<v Theo>Good day to you.\n"


@pytest.fixture
def creator(settings: Settings) -> Creator:
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}
    return Creator.objects.create(slug="somebody", name="Somebody")


def test_it_stores_no_work_before_a_draft_is_accepted(admin_client: Client, creator: Creator) -> None:
    shown = preview(admin_client, creator, {"A.srt": CUES})
    assert "Set the ratio to three to one." in shown
    assert "1 new" in shown
    assert not Work.objects.filter(creator=creator).exists()


def test_it_tells_new_changed_and_same_apart(admin_client: Client, creator: Creator) -> None:
    upload(admin_client, creator, {"A.srt": CUES, "B.srt": CUES.replace(b"one", b"two")})
    shown = preview(
        admin_client, creator, {"A.srt": CUES, "B.srt": CUES, "C.srt": b"1\n00:61:00,000 --> 00:62:00,000\nHi.\n"}
    )
    assert all(words in shown for words in ("1 changed", "1 as they were", "1 can't be read"))


def test_it_takes_the_speaker_who_is_chosen_for_the_creator(admin_client: Client, creator: Creator) -> None:
    shown = preview(admin_client, creator, {"A.vtt": TALK})
    assert "Who is Somebody?" in shown
    accept(admin_client, **{f"speaker-{JobFile.objects.get().pk}": "Theo"})
    assert Work.objects.get(creator=creator).creator_label == "Theo"


def test_it_names_the_same_talk_in_another_file(admin_client: Client, creator: Creator) -> None:
    shown = preview(admin_client, creator, {"A.srt": CUES, "A.txt": b"Set the ratio to three to one."})
    assert "the same talk as A.srt" in shown
    accept(admin_client)
    assert Work.objects.filter(creator=creator).count() == 1
    assert JobFile.objects.get(source="A.txt").state == "passed"


def test_it_knows_where_in_a_folder_the_files_lie(admin_client: Client, creator: Creator) -> None:
    files = [
        SimpleUploadedFile("A.srt", CUES),
        SimpleUploadedFile("A.srt", TALK),
        SimpleUploadedFile("x.png", b"\x89P"),
    ]
    paths = '["talks/one/A.srt", "talks/two/A.srt", "talks/x.png"]'
    shown = bring(admin_client, creator, folder=files, paths=paths)
    assert "talks/x.png: passed over, as it is image and no transcript" in shown
    assert set(JobFile.objects.values_list("source", flat=True)) == {"talks/one/A.srt", "talks/two/A.srt"}


def test_it_makes_a_work_of_a_pasted_text(admin_client: Client, creator: Creator) -> None:
    assert "Pasted text needs a title" not in bring(
        admin_client, creator, text="One thought. Another.", title="A thought"
    )
    accept(admin_client)
    assert Work.objects.get(creator=creator).title == "A thought"


def test_it_reads_what_lies_beside_a_file(admin_client: Client, creator: Creator) -> None:
    upload(admin_client, creator, {"A.srt": CUES, "A.srt.toml": b'title = "Told beside"'})
    assert Work.objects.get(creator=creator).title == "Told beside"


def test_it_forgets_a_draft_that_is_not_wanted(admin_client: Client, creator: Creator) -> None:
    preview(admin_client, creator, {"A.srt": CUES})
    IngestJob.objects.cancel()
    accept(admin_client)
    assert not Work.objects.filter(creator=creator).exists()


def test_it_says_that_nothing_was_stored_of_a_discarded_draft(admin_client: Client, creator: Creator) -> None:
    preview(admin_client, creator, {"A.srt": CUES})
    address = reverse("admin:creators_ingestjob_change", args=[IngestJob.objects.get().pk])
    shown = admin_client.post(address, {"cancel": ""}, follow=True).content.decode()
    assert "Discarded: nothing was stored." in shown
    assert "Cancelled. Nothing was stored." in shown


def test_it_takes_more_than_a_hundred_files(admin_client: Client, creator: Creator) -> None:
    sent = [SimpleUploadedFile(f"{number}.srt", CUES) for number in range(101)]
    assert "101 new" in bring(admin_client, creator, files=sent)


def test_it_takes_one_thing_at_a_time(admin_client: Client, creator: Creator) -> None:
    file = SimpleUploadedFile("A.srt", BytesIO(CUES).read())
    assert "one thing at a time" in bring(admin_client, creator, files=[file], text="Hi.", title="Hi")


def test_it_warns_of_what_was_taken_down_under_another_name(admin_client: Client, creator: Creator) -> None:
    upload(admin_client, creator, {"A.srt": CUES})
    take_down(Work.objects.get(creator=creator), clock=timezone.now, sleep=lambda _: None)
    assert "says what was taken down with “A”" in preview(admin_client, creator, {"B.srt": CUES})
    accept(admin_client)
    assert "says what was taken down with “A”" in JobFile.objects.get(source="B.srt").detail
