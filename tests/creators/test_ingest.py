"""Files into works: one transaction a work, nothing twice, and a reason for everything that can't be read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from creators.embeddings import Embedder, SpaceSpec
from creators.ingest import Facts, IngestOutcome, SourceFile, find_sources, ingest
from creators.models import Chunk, Creator, Embedding, Work, WorkFile

pytestmark = pytest.mark.django_db

CUES = "1\n00:00:01,000 --> 00:00:04,000\nSet the ratio to three to one.\n\n"
MORE = "2\n00:00:05,000 --> 00:00:09,000\nThen listen to the whole song again.\n\n"
SECTION = "## Part {n}\n\n" + "This is a sentence about compression number {n}. " * 12


class Counting:
    """The embedder that ships, counting the texts it is given."""

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self.texts: list[str] = []

    @property
    def space(self) -> SpaceSpec:
        return self.inner.space

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.texts.extend(texts)
        return self.inner.embed_passages(texts)

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.inner.embed_sentences(texts)

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.inner.embed_questions(texts)


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


@pytest.fixture
def counting(embedder: Embedder) -> Counting:
    return Counting(embedder)


def run(creator: Creator, *paths: Path, embedder: Embedder, facts: Facts | None = None) -> list[IngestOutcome]:
    return list(ingest(creator, find_sources(paths), embedder=embedder, facts=facts))


def sections(*numbers: int) -> str:
    return "\n\n".join(SECTION.format(n=n) for n in numbers)


def test_it_makes_a_work_with_chunks_and_vectors(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "vocal-tips.srt").write_text(CUES)
    (outcome,) = run(creator, tmp_path, embedder=counting)
    work = Work.objects.get(creator=creator)
    assert (outcome.status, work.title, work.kind) == ("new", "Vocal tips", "video")
    assert Embedding.objects.filter(chunk__work=work).count() == work.chunks.count() == 1


def test_it_keeps_the_seconds_of_a_chunk(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES + MORE)
    run(creator, tmp_path, embedder=counting)
    chunk = Chunk.objects.get(work__creator=creator)
    assert (chunk.start_seconds, chunk.end_seconds) == (1.0, 9.0)


def test_it_leaves_a_work_alone_whose_content_is_the_same(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path, embedder=counting)
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert outcome.status == "unchanged"
    assert len(counting.texts) == 1


def test_it_embeds_only_what_changed(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(sections(1, 2, 3))
    run(creator, file, embedder=counting)
    counting.texts.clear()
    file.write_text(sections(1, 2, 4))
    (outcome,) = run(creator, file, embedder=counting)
    assert outcome.status == "changed"
    assert counting.texts
    assert all("number 4" in text for text in counting.texts)


def test_it_keeps_the_slug_of_a_changed_work(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: One\n---\nText of the work.")
    run(creator, file, embedder=counting)
    file.write_text("---\ntitle: Two\n---\nText of the work, changed.")
    run(creator, file, embedder=counting)
    work = Work.objects.get(creator=creator)
    assert (work.slug, work.title) == ("one", "Two")


def test_it_reads_what_stands_beside_the_file(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    (tmp_path / "a.srt.toml").write_text('title = "Tips"\nurl = "https://youtu.be/x"\npublished = 2025-01-02\n')
    run(creator, tmp_path, embedder=counting)
    work = Work.objects.get(creator=creator)
    assert (work.title, work.url, str(work.published)) == ("Tips", "https://youtu.be/x", "2025-01-02")


def test_it_brings_a_work_up_to_date_when_only_its_facts_changed(
    creator: Creator, counting: Counting, tmp_path: Path
) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path, embedder=counting)
    (tmp_path / "a.srt.toml").write_text('title = "Tips"\n')
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert (outcome.status, outcome.embedded) == ("changed", 0)


def test_it_prefers_what_the_caller_knows(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path / "a.srt", embedder=counting, facts=Facts(title="Told", kind="audio"))
    work = Work.objects.get(creator=creator)
    assert (work.title, work.kind) == ("Told", "audio")


def test_it_goes_on_after_a_file_that_cannot_be_read(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_bytes(b"\xff\xfe\x00\x01binary\x00")
    (tmp_path / "b.srt").write_text(CUES)
    outcomes = run(creator, tmp_path, embedder=counting)
    assert [outcome.status for outcome in outcomes] == ["failed", "new"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"caf\x81 au lait", "UTF-8"),
        (b"1\n00:61:00,000 --> 00:62:00,000\nHello there.\n", ":2"),
        (b"\x7fELF\x00\x00\x00", "binary"),
    ],
)
def test_it_names_file_and_reason(
    creator: Creator, counting: Counting, tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "bad.srt").write_bytes(content)
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert "/bad.srt" in outcome.detail
    assert reason in outcome.detail


def test_it_refuses_a_file_that_is_too_large_without_reading_it(
    creator: Creator, counting: Counting, tmp_path: Path
) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(2 * 2**30)
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert "larger than" in outcome.detail


def test_it_leaves_no_half_of_a_work_when_the_embedder_fails(creator: Creator, tmp_path: Path) -> None:
    class Failing(Counting):
        def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
            raise OSError("no")

    (tmp_path / "a.srt").write_text(CUES)
    from creators.embeddings import get_embedder

    with pytest.raises(OSError, match="no"):
        run(creator, tmp_path, embedder=Failing(get_embedder()))
    assert not Work.objects.filter(creator=creator).exists()


def test_it_tells_works_with_the_same_title_apart(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tips.srt").write_text(CUES)
    run(creator, tmp_path, embedder=counting)
    assert Work.objects.filter(creator=creator).values("slug").distinct().count() == 3


def test_it_ends_with_an_error_when_a_file_failed(creator: Creator, tmp_path: Path) -> None:
    (tmp_path / "bad.srt").write_text("")
    with pytest.raises(CommandError, match="1 of 1 files"):
        call_command("ingest", "somebody", str(tmp_path), quiet=True)


def test_it_says_who_there_is_when_the_creator_is_unknown(creator: Creator, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="somebody"):
        call_command("ingest", "nobody", str(tmp_path), quiet=True)


def test_it_says_when_a_path_is_not_there(creator: Creator, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not there"):
        call_command("ingest", "somebody", str(tmp_path / "x"), quiet=True)


def test_it_says_that_there_was_nothing_to_do(
    creator: Creator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    for _ in range(2):
        call_command("ingest", "somebody", str(tmp_path), quiet=True)
    assert "Nothing to do: 1 works are as they were." in capsys.readouterr().out


def test_it_makes_a_creator_on_request_and_finds_it_again(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    for _ in range(2):
        call_command("ingest", "New Voice", str(tmp_path), create="New Voice", quiet=True)
    assert Creator.objects.get(slug="new-voice").works.count() == 1


def test_it_says_what_is_wrong_with_a_profile(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    (tmp_path / "creator.toml").write_text("slug = 1 2")
    with pytest.raises(CommandError, match="is not valid TOML"):
        call_command("ingest", "nobody", str(tmp_path), quiet=True)


def test_it_keeps_files_of_the_same_name_in_two_folders_apart(
    creator: Creator, counting: Counting, tmp_path: Path
) -> None:
    for season in ("s1", "s2"):
        (tmp_path / season).mkdir()
        (tmp_path / season / "01.srt").write_text(CUES)
        run(creator, tmp_path / season, embedder=counting)
    assert creator.works.count() == 2


def test_it_knows_a_file_again_that_was_ingested_with_its_folder(
    creator: Creator, counting: Counting, tmp_path: Path
) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path, embedder=counting)
    (outcome,) = run(creator, tmp_path / "a.srt", embedder=counting)
    assert outcome.status == "unchanged"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_it_takes_no_link_but_a_web_address(creator: Creator, counting: Counting, tmp_path: Path, url: str) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    (tmp_path / "a.srt.toml").write_text(f'url = "{url}"\n')
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert "must begin with https://" in outcome.detail


TALK = "Set the ratio to three to one. Then listen to the whole song again, from the first bar to the last."


def test_it_makes_one_work_of_one_talk_in_several_forms(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TALK)
    (tmp_path / "talk.en.srt").write_text(f"1\n00:00:01,000 --> 00:00:09,000\n{TALK}\n")
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert outcome.source.endswith("talk.en.srt")
    assert "talk.txt, which was passed over" in outcome.detail


def test_it_reads_each_form_of_a_talk_once(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    for name, text in (("talk.srt", CUES), ("talk.txt", "Set the ratio to three to one.")):
        (tmp_path / name).write_text(text)
    opened: list[str] = []

    def watched(file: SourceFile) -> SourceFile:
        def read() -> bytes:
            opened.append(file.source)
            return file.read()

        return replace(file, read=read)

    files = [watched(file) for file in find_sources([tmp_path])]
    list(ingest(creator, files, embedder=counting))
    assert sorted(opened) == [file.source for file in files]


def test_it_makes_two_works_of_two_talks_of_one_name(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TALK)
    (tmp_path / "talk.md").write_text("# Glue\n\nHide glue holds best while it is warm, says nobody but me.")
    assert len(run(creator, tmp_path, embedder=counting)) == 2


def test_it_keeps_the_work_when_a_better_form_comes(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TALK)
    run(creator, tmp_path, embedder=counting)
    work = creator.works.get()
    (tmp_path / "talk.srt").write_text(f"1\n00:00:01,000 --> 00:00:09,000\n{TALK}\n")
    run(creator, tmp_path, embedder=counting)
    assert creator.works.get().pk == work.pk


def test_it_follows_a_file_that_moved(creator: Creator, counting: Counting, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    run(creator, tmp_path, embedder=counting)
    (tmp_path / "2026").mkdir()
    (tmp_path / "a.srt").rename(tmp_path / "2026" / "b.srt")
    (outcome,) = run(creator, tmp_path, embedder=counting)
    assert (outcome.status, creator.works.get().source) == ("unchanged", f"{tmp_path.name}/2026/b.srt")


def test_it_withdraws_on_request_what_is_gone(creator: Creator, tmp_path: Path) -> None:
    for name, text in (("a.srt", CUES), ("b.srt", CUES + MORE)):
        (tmp_path / name).write_text(text)
    call_command("ingest", "somebody", tmp_path, "--quiet")
    (tmp_path / "a.srt").unlink()
    call_command("ingest", "somebody", tmp_path, "--quiet", "--prune")
    assert dict(creator.works.values_list("title", "is_withdrawn")) == {"A": True, "B": False}


def test_it_makes_the_creator_of_the_folder_with_the_name_given(tmp_path: Path) -> None:
    (tmp_path / "creator.toml").write_text('[[domains]]\nslug = "pots"\nname = "Pots"\n')
    (tmp_path / "a.srt").write_text(CUES)
    call_command("ingest", "ana", tmp_path, "--create", "Ana Ruiz", "--quiet")
    creator = Creator.objects.get(slug="ana")
    assert (creator.name, creator.domains.get().slug) == ("Ana Ruiz", "pots")


def test_it_keeps_what_is_no_speech_with_the_work(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    music = "1\n00:00:00,000 --> 00:00:01,000\n[Music]\n\n"
    (tmp_path / "talk.srt").write_text(music + CUES.replace("1\n", "2\n", 1) + MORE.replace("2\n", "3\n", 1))
    run(creator, tmp_path, embedder=embedder)
    work = Work.objects.get(creator=creator)
    assert work.asides == [[0, 0, "noise", "[Music]"]]
    assert not Chunk.objects.filter(work=work, text__contains="Music").exists()


TALKED = "WEBVTT\n\n" + "".join(
    f"00:00:0{at}.000 --> 00:00:0{at + 1}.000\n<v {who}>Set the ratio to three to one and listen.\n\n"
    for at, who in enumerate(("Some Body", "Theo", "SPEAKER_02"))
)


def test_it_says_who_was_taken_for_the_creator(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    Creator.objects.update(name="Some Body")
    creator.refresh_from_db()
    (tmp_path / "talk.vtt").write_text(TALKED)
    (outcome,) = run(creator, tmp_path, embedder=embedder)
    assert "“Some Body” is taken for Some Body, Theo, SPEAKER_02 for guests" in outcome.detail


def test_it_names_no_guests_where_everybody_is_the_creator(
    creator: Creator, embedder: Embedder, tmp_path: Path
) -> None:
    Creator.objects.update(name="Some Body", aliases=["Theo"])
    creator.refresh_from_db()
    (tmp_path / "talk.vtt").write_text(TALKED.partition("<v SPEAKER_02>")[0].rpartition("00:00:02.000")[0])
    (outcome,) = run(creator, tmp_path, embedder=embedder)
    assert "“Some Body” and “Theo” are taken for Some Body; the admin" in outcome.detail


def test_it_says_where_no_speaker_is_the_creator(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_text(TALKED.replace("Some Body", "Nora"))
    (outcome,) = run(creator, tmp_path, embedder=embedder)
    assert "none of Nora, Theo, SPEAKER_02 is called like Somebody" in outcome.detail


def test_it_takes_the_creator_from_the_file_beside(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_text(TALKED)
    (tmp_path / "talk.vtt.toml").write_text('creator_label = "SPEAKER_02"\n')
    run(creator, tmp_path, embedder=embedder)
    assert creator.works.get().creator_label == "SPEAKER_02"


def test_it_renames_a_work_whose_file_was_renamed(creator: Creator, embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "low-end.srt").write_text(CUES)
    run(creator, tmp_path, embedder=embedder)
    (tmp_path / "low-end.srt").rename(tmp_path / "the-low-end.srt")
    run(creator, tmp_path, embedder=embedder)
    assert creator.works.get().title == "The low end"


def test_it_says_what_to_do_where_the_database_has_no_tables(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(CUES)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE creators_creator RENAME TO gone")
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        call_command("ingest", "somebody", tmp_path, "--quiet")


def test_it_keeps_the_file_of_a_work_also_of_one_that_is_as_it_was(
    creator: Creator, tmp_path: Path, embedder: Embedder
) -> None:
    (tmp_path / "a.txt").write_text("It is kept.")
    for _ in range(2):
        run(creator, tmp_path, embedder=embedder)
        assert creator.works.get().file.unpacked == b"It is kept."
        WorkFile.objects.filter(work__creator=creator).delete()
