"""Uploads that nobody means well with: every one of them is answered, and what can't be read is named in the form."""

import gzip
import json

import pytest
from django.test import Client
from pytest_django import Settings

from creators.models import Creator, JobFile, Work
from creators.transcripts import SUFFIXES
from tests.creators.uploading import upload

pytestmark = pytest.mark.django_db

CUES = b"1\n00:00:01,000 --> 00:00:02,000\n%b\n"


def segment(**fields: object) -> bytes:
    return json.dumps({"segments": [{"text": "Hi.", "start": 0, "end": 1, **fields}]}).encode()


CONTENTS = {
    "a torn archive": gzip.compress(b"Hi." * 999)[:40],
    "a torn zip": b"PK\3\4\x14\0\0\0\x08\0" + b"\xff" * 20,
    "NUL": b"Hi\0.",
    "Latin-1": b"caf\xe9",
    "half of UTF-16": b"\xff\xfea",
    "a lone surrogate in UTF-16": b"\xff\xfe\x00\xd8a\0",
    "UTF-32": "Hello there.".encode("utf-32"),
    "deep lists": b"[" * 100_000,
    "deep tables": b'{"a":' * 20_000,
    "a deep clock": segment(timestamps=None).replace(b"null", b'{"from":' + b"[" * 900 + b"]" * 900 + b"}"),
    "a number of many digits": segment(start=7).replace(b"7", b"9" * 5000),
    "a number of fewer digits": segment(start=7).replace(b"7", b"9" * 4000),
    "a number beyond all": segment(end=7).replace(b"7", b"1e999999"),
    "no number": segment(end=float("nan")),
    "surrogates and NUL": segment(text="\ud800\0", speaker="\udfff"),
    "words of another kind": segment(words=[{"word": 1}, None, 5, {"word": "Hi", "start": 1e999, "end": 2}]),
    "no text": segment(text=["Hi."]),
    "no segments": b'{"segments": 5}',
    "a clock of many digits": CUES.replace(b"01,", b"1" * 50_000 + b",") % b"Hi.",
    "a reference of many digits": CUES % (b"<p>Hi &#" + b"9" * 5000 + b"; &#x" + b"f" * 5000 + b"; &#xD800; &#0;</p>"),
    "a long name": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v " + b"S" * 100_000 + b">Hi.",
    "long headings": b"# " + b"h" * 100_000 + b"\n\nHi.\n\n## b\n\nHo.\n",
    "control characters": CUES % b"Hi \x01\x02\x1b[31m \xc2\x85 \xe2\x80\xa8.",
    "escapes in front matter": b'---\ntitle: "\\0\\uD800"\npublished: 0001-01-01\n---\nHi.',
    "aliases in front matter": b"---\na: &a [*a]\n---\nHi.",
    "nothing but quotation marks": b">" * 5000,
    "nothing anybody sees": "\u200b\u2060".encode(),
}
NAMES = [
    "\0.srt",
    "\u202egpj.srt",
    "a\x1b.srt",
    "{source}{0}.txt",
    "%s%n.md",
    "<b>.json",
    "\u2028.vtt",
    "a" * 600,
]


@pytest.fixture
def creator(settings: Settings) -> Creator:
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}
    return Creator.objects.create(slug="somebody", name="Somebody")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_it_answers_whatever_a_file_holds(admin_client: Client, creator: Creator, suffix: str) -> None:
    files = {f"{number}{suffix}": content for number, content in enumerate(CONTENTS.values())}
    shown = upload(admin_client, creator, files)
    assert all(name in shown for name in files)
    told = dict(JobFile.objects.values_list("source", "state"))
    kept = set(Work.objects.values_list("source", flat=True))
    assert {name for name, state in told.items() if state == "new"} == kept & set(files)


@pytest.mark.parametrize("content", [CUES % b"Hi.", b"\0"], ids=["cues", "NUL"])
def test_it_answers_whatever_a_file_is_called(admin_client: Client, creator: Creator, content: bytes) -> None:
    for name in NAMES:
        upload(admin_client, creator, {name: content})


def test_it_says_of_each_file_which_line_is_wrong(admin_client: Client, creator: Creator) -> None:
    files = {"Good.srt": CUES % b"Hi.", "Bad.md": b"---\ntitle: a\nb: *c\n---\nHi.", "Worse.srt": b"\xff"}
    shown = upload(admin_client, creator, files)
    assert "Bad.md:3: the front matter refers to another value" in shown
    assert "Worse.srt:1: is not UTF-8" in shown
    assert Work.objects.filter(source="Good.srt").exists()
