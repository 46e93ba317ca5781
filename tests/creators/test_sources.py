"""Every file of a folder is read or named, and a work follows its file under whatever name."""

import unicodedata
from pathlib import Path

import pytest
from django.core.management import call_command

from creators.embeddings import Embedder
from creators.ingest import find_sources, ingest
from creators.ingest.prepare import Facts, fingerprint
from creators.ingest.sources import passed_over
from creators.models import Creator, Work

CUES = "1\n00:00:01,000 --> 00:00:04,000\nPull the handle from a carrot of clay.\n\n"


def found(folder: Path) -> list[str]:
    return [file.source.partition("/")[2] for file in find_sources([folder])]


def test_it_finds_a_format_whatever_its_ending(tmp_path: Path) -> None:
    for name in ("a.sbv", "b.tsv", "c.transcript", "d.xml"):
        (tmp_path / name).write_text(CUES)
    assert found(tmp_path) == ["a.sbv", "b.tsv", "c.transcript", "d.xml"]


def test_it_names_what_it_passes_over(tmp_path: Path) -> None:
    names = (
        "notes.docx",
        "lonely.info.json",
        "clip.live_chat.json",
        "clip.description",
        "one.jpg",
        "two.png",
        "talk.mp4",
    )
    for name in (*names, ".hidden"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "archive.txt").write_text("youtube a1B2c3D4e5F\nyoutube Qw3Er5Ty7Ui\n")
    assert passed_over([tmp_path]) == [
        "archive.txt: passed over, as it is a downloader's list of what it has",
        "clip.description: passed over, as what stands below a video is no speech",
        "clip.live_chat.json: passed over, as a live chat is no speech",
        "lonely.info.json: passed over, as it describes a video or a channel of which no transcript lies here",
        "notes.docx: passed over, as .docx is no ending of a transcript; name the file to have it read",
        "Passed over, as files of media: 2 image, 1 video.",
    ]


def test_it_says_nothing_of_what_goes_along(tmp_path: Path) -> None:
    for name in ("creator.toml", "a.srt", "a.srt.toml", "a.info.json"):
        (tmp_path / name).write_text(CUES)
    assert (found(tmp_path), passed_over([tmp_path])) == (["a.srt"], [])


def test_it_reads_what_is_named_whatever_its_ending(tmp_path: Path) -> None:
    (tmp_path / "a.scd").write_text("Some prose.")
    assert [file.source for file in find_sources([tmp_path / "a.scd"])] == [f"{tmp_path.name}/a.scd"]


@pytest.fixture
def creator(db: None) -> Creator:
    return Creator.objects.create(slug="mara", name="Noël Lind", aliases=["Ａｎａ"])


def run(creator: Creator, folder: Path, embedder: Embedder) -> list[str]:
    return [outcome.status for outcome in ingest(creator, find_sources([folder]), embedder=embedder)]


def test_it_follows_a_folder_that_was_renamed(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.srt").write_text(CUES)
    run(creator, tmp_path / "old", embedder)
    slug = Work.objects.get(creator=creator).slug
    (tmp_path / "old").rename(tmp_path / "new")
    assert run(creator, tmp_path / "new", embedder) == ["unchanged"]
    work = Work.objects.get(creator=creator)
    assert (work.slug, work.source) == (slug, "new/a.srt")


@pytest.mark.parametrize("pipeline", ["1", "2"])
def test_it_follows_a_file_that_an_older_version_read(
    creator: Creator, embedder: Embedder, tmp_path: Path, pipeline: str
) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    (file,) = find_sources([tmp_path])
    run(creator, tmp_path, embedder)
    former = fingerprint(file, file.read(), facts=Facts(), pipeline=pipeline)
    Work.objects.filter(creator=creator).update(content_hash=former)
    (tmp_path / "a.srt").rename(tmp_path / "b.srt")
    assert run(creator, tmp_path, embedder) == ["changed"]
    assert Work.objects.get(creator=creator).source == f"{tmp_path.name}/b.srt"


def test_it_knows_a_name_in_any_normal_form(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "é.srt")).write_text(CUES)
    run(creator, tmp_path, embedder)
    assert Work.objects.get(creator=creator).source == f"{tmp_path.name}/é.srt"
    for name in (unicodedata.normalize("NFD", "noël lind"), "NOËL LIND", "ana"):
        assert Creator.objects.named(name) == creator


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"),
    [("陶芸", "taoyun"), ("Глина", "glina"), ("Straße", "strasse"), ("חימר", "hymr"), ("Café Noir", "cafe-noir")],
)
def test_it_makes_a_slug_of_every_script(tmp_path: Path, name: str, slug: str) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    call_command("ingest", name, str(tmp_path), create=name, quiet=True)
    assert Creator.objects.get(slug=slug).name == name
