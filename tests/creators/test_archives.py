"""Archives: unpacked within limits, under names that lead nowhere else."""

import io
import stat
import struct
import zipfile

import pytest

from creators.ingest.uploads import Limits, SentFile, UploadedSource, UploadError, unpacked
from creators.jobs.drafts import draft
from creators.models import Creator, IngestJob

LIMITS = Limits(files=50, bytes=4 * 2**20)


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as made:
        for name, content in members:
            made.writestr(name, content, method)
    return written.getvalue()


def opened(data: bytes, *, limits: Limits = LIMITS, name: str = "talks.zip") -> tuple[list[UploadedSource], str]:
    notes: list[str] = []
    sources = list(unpacked([SentFile(name, lambda: io.BytesIO(data))], limits=limits, note=notes.append))
    return sources, "\n".join(notes)


def link(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


def test_it_unpacks_what_is_read_with_what_lies_beside_it() -> None:
    sources, notes = opened(
        archive(("a.srt", b"1"), ("a.srt.toml", b'title = "A"'), ("b/c.txt", b"2"), ("d.png", b"3"))
    )
    assert [(one.source, one.sidecar) for one in sources] == [("talks/a.srt", b'title = "A"'), ("talks/b/c.txt", b"")]
    assert "talks/d.png: passed over, as it is image" in notes


def test_it_names_what_lies_in_one_folder_by_that_folder() -> None:
    assert [one.source for one in opened(archive(("set/a.srt", b"1"), ("set/b.srt", b"2")))[0]] == [
        "set/a.srt",
        "set/b.srt",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../etc/a.txt", "leads out"),
        ("/etc/a.txt", "leads out"),
        ("C:/a.txt", "leads out"),
        ("..\\a.txt", "leads out"),
        ("inner.zip", "archive within"),
        (link("a.txt"), "is a link"),
    ],
)
def test_it_passes_over_what_leads_out(name: str | zipfile.ZipInfo, said: str) -> None:
    sources, notes = opened(archive((name, b"Hi."), ("good.txt", b"Hi.")))
    assert [one.source.rpartition("/")[2] for one in sources] == ["good.txt"]
    assert said in notes


def test_it_does_not_unpack_a_bomb() -> None:
    sources, notes = opened(archive(("bomb.txt", b"\0" * 3 * 2**20), ("good.txt", b"Hi.")))
    assert [one.source for one in sources] == ["talks/good.txt"]
    assert "more than 200 times its size" in notes


def test_it_believes_no_header_that_tells_of_fewer_bytes() -> None:
    honest = archive(("a.txt", bytes(range(256)) * 8192), method=zipfile.ZIP_STORED)
    lying = honest.replace(struct.pack("<II", 2**21, 2**21), struct.pack("<II", 2**21, 10))
    with pytest.raises(UploadError, match="damaged"):
        opened(lying)


def test_it_stops_at_the_bytes_that_are_allowed_together() -> None:
    parts = [(f"{number}.txt", bytes(range(256)) * 8000) for number in range(3)]
    with pytest.raises(UploadError, match="unpacks to more than 4 MiB"):
        opened(archive(*parts, method=zipfile.ZIP_STORED))


def test_it_counts_files_before_it_unpacks_any() -> None:
    with pytest.raises(UploadError, match="more than 50 files"):
        opened(archive(*((f"{number}.txt", b"") for number in range(51))))


def test_it_refuses_a_list_of_files_that_is_too_long_to_read() -> None:
    with pytest.raises(UploadError, match="more than 1 files"):
        opened(archive(*((f"{number}.txt", b"") for number in range(51))), limits=Limits(files=1, bytes=100))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\3\4" + b"\xff" * 40, archive(("a", b"1"))[:-30], b"PK\5\6" + b"\xff" * 18],
    ids=["nothing", "begin", "cut off", "end"],  # the third holds the time at which it was made
)
def test_it_says_of_what_is_no_archive_what_to_do(data: bytes) -> None:
    with pytest.raises(UploadError, match="talks"):
        opened(data)


def test_it_says_where_a_file_of_an_odd_ending_is_read() -> None:
    _, notes = opened(archive(("a.scd", b"Some words of a talk.")))
    assert notes.endswith("as .scd is no ending of a transcript; choose it under Files to have it read")


@pytest.mark.django_db
def test_it_tells_of_many_that_nobody_can_read_by_a_few() -> None:
    notes = [f"talks/{number}.scd: passed over, as it is odd" for number in range(31)]
    creator = Creator.objects.create(slug="odd", name="Odd")
    with pytest.raises(UploadError) as raised:
        draft(IngestJob(creator=creator, notes=notes), [])
    assert "talks/2.scd: passed over, as it is odd. So it is with 28 more." in str(raised.value)
    assert "talks/3.scd" not in str(raised.value)
