"""Ingest with a glossary: the reading text is put right, the original kept, and a change reaches what it concerns."""

from pathlib import Path

import pytest

from creators.ingest import IngestOutcome, find_sources, ingest
from creators.models import Chunk, Creator, GlossaryEntry, Work
from tests.creators.fake_embedder import FakeEmbedder

pytestmark = pytest.mark.django_db

CUES = "1\n00:00:01,000 --> 00:00:04,000\nI open up seerum.\n\n2\n00:00:05,000 --> 00:00:09,000\nThen o t t.\n"
SECTION = "## Part {n}\n\n" + "This is a sentence about {word} number {n}. " * 12 + "\n\n"


@pytest.fixture
def creator() -> Creator:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    GlossaryEntry.objects.create(creator=creator, term="Serum", heard=["seerum"], is_reviewed=True)
    return creator


def run(creator: Creator, folder: Path) -> list[IngestOutcome]:
    return list(ingest(creator, find_sources([folder]), embedder=FakeEmbedder()))


def test_it_stores_what_is_meant_and_keeps_what_was_heard(creator: Creator, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path)
    chunk = Chunk.objects.get(work__creator=creator)
    assert chunk.text == "I open up Serum. Then o t t."
    assert chunk.as_heard() == "I open up seerum. Then o t t."
    assert [(mark.offset, mark.start) for mark in chunk.timing] == [(0, 1.0), (17, 5.0)]


def test_it_corrects_the_works_that_a_new_entry_concerns(creator: Creator, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    (tmp_path / "b.srt").write_text(CUES.replace("o t t", "quiet"))
    run(creator, tmp_path)
    GlossaryEntry.objects.create(creator=creator, term="OTT", heard=["quiet"], is_reviewed=True)
    assert [outcome.status for outcome in run(creator, tmp_path)] == ["unchanged", "changed"]


def test_it_embeds_only_the_chunks_that_a_new_entry_changes(creator: Creator, tmp_path: Path) -> None:
    words = ("mogue", "compression", "reverb")
    (tmp_path / "a.md").write_text("".join(SECTION.format(n=n, word=word) for n, word in enumerate(words)))
    run(creator, tmp_path)
    GlossaryEntry.objects.create(creator=creator, term="Moog", heard=["mogue"], is_reviewed=True)
    (outcome,) = run(creator, tmp_path)
    assert (outcome.status, outcome.embedded, outcome.chunks) == ("changed", 1, 3)


def test_it_brings_back_what_was_heard_when_an_entry_goes(creator: Creator, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path)
    GlossaryEntry.objects.all().delete()
    assert [outcome.status for outcome in run(creator, tmp_path)] == ["changed"]
    assert Chunk.objects.get(work__creator=creator).text == "I open up seerum. Then o t t."


def test_it_changes_no_fingerprint_without_a_glossary(creator: Creator, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES.replace("seerum", "it"))
    run(creator, tmp_path)
    before = Work.objects.get(creator=creator).content_hash
    GlossaryEntry.objects.all().delete()
    assert [outcome.status for outcome in run(creator, tmp_path)] == ["unchanged"]
    assert Work.objects.get(creator=creator).content_hash == before
