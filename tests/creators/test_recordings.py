"""Recordings: transcribed where a server is set, and named where none is."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from creators.models import Creator, JobFile, Work
from tests.creators.uploading import accept, preview, upload
from tests.creators.web import Page, Web, serving

pytestmark = pytest.mark.django_db

SAID = {"text": "Hello.", "segments": [{"start": 1.0, "end": 2.0, "text": "Set the ratio to three to one."}]}
PATH = "/v1/audio/transcriptions"


@pytest.fixture
def web(settings: Settings) -> Iterator[Web]:
    with serving() as served:
        settings.TRANSCRIBER = {"base_url": f"{served.address}/v1", "model": "whisper-1", "api_key": "k"}
        served.pages[PATH] = Page(json.dumps(SAID).encode(), headers={"Content-Type": "application/json"})
        yield served


@pytest.fixture
def creator(settings: Settings) -> Creator:
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}
    return Creator.objects.create(slug="somebody", name="Somebody")


def test_it_transcribes_a_recording_as_part_of_the_job(admin_client: Client, web: Web, creator: Creator) -> None:
    assert "to be transcribed" in preview(admin_client, creator, {"Talk.mp3": b"ID3\0"})
    assert web.asked == []
    accept(admin_client)
    work = Work.objects.get(creator=creator)
    assert (work.kind, work.chunks.get().text) == ("audio", "Set the ratio to three to one.")
    assert [(path, headers["authorization"]) for path, headers in web.asked] == [(PATH, "Bearer k")]


def test_it_transcribes_nothing_that_has_a_transcript(admin_client: Client, web: Web, creator: Creator) -> None:
    shown = preview(admin_client, creator, {"Talk.mp3": b"ID3\0", "Talk.txt": b"Hello there, everybody."})
    assert "its transcript lies beside it" in shown


def test_it_says_what_to_do_where_the_server_fails(admin_client: Client, web: Web, creator: Creator) -> None:
    web.pages[PATH] = Page(b"{}", 413)
    assert "is too large for the transcription server" in upload(admin_client, creator, {"Talk.mp3": b"ID3\0"})
    assert JobFile.objects.get().state == "failed"


def test_it_says_what_to_do_where_no_server_is_set(admin_client: Client, creator: Creator) -> None:
    assert "have it done (TRANSCRIBE_BASE_URL)" in upload(admin_client, creator, {"Talk.mp3": b"ID3\0"})


def test_it_loads_the_client_for_the_first_recording_only() -> None:
    code = "import sys, creators.jobs.transcribing; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
