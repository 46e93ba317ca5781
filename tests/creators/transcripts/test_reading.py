import codecs
import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.transcripts import write
from creators.transcripts import SUFFIXES, TranscriptError, read_transcript
from creators.transcripts.encodings import decode
from creators.transcripts.segments import Correction, Segment, Segments

TEXT = "1\n00:00:01,000 --> 00:00:02,000\nHé.\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_it_reads_the_encodings_people_use(data: bytes) -> None:
    assert decode(data, name="a.srt").text == TEXT


def test_it_names_byte_and_line_of_what_has_no_encoding() -> None:
    with pytest.raises(TranscriptError, match=r"a\.txt:2: is not UTF-8: byte 6 .* iconv -f") as refusal:
        read_transcript(b"line\nh\x81\x8d\xff\n", name="a.txt")
    assert refusal.value.line == 2


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "is empty"), (b"\xef\xbb\xbf \n", "is empty"), (b"a\0b", "looks like a binary file")]
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_it_refuses_what_holds_nothing(data: bytes, reason: str, suffix: str) -> None:
    with pytest.raises(TranscriptError, match=reason):
        read_transcript(data, name="a" + suffix)


@pytest.mark.parametrize("name", ["talk", "talk.scd", "talk.transcript"])
def test_it_reads_what_is_named_whatever_its_ending(name: str) -> None:
    assert read_transcript(TEXT.encode(), name=name).segments[0].start == 1.0
    assert read_transcript(b"Some prose.", name=name).segments[0].text == "Some prose."


@pytest.mark.parametrize("magic", [b"%PDF-1.7\n", b"PK\x03\x04\0", b"{\\rtf1 a}"])
def test_it_says_what_to_do_with_a_document(magic: bytes) -> None:
    with pytest.raises(TranscriptError, match=r"save its text as \.txt"):
        read_transcript(magic, name="a.txt")


@pytest.mark.parametrize(("suffix", "data"), [(".srt", b"Prose."), (".vtt", b"WEBVTT\n"), (".md", b"# A\n<!-- -->\n")])
def test_it_refuses_a_file_without_words(suffix: str, data: bytes) -> None:
    with pytest.raises(TranscriptError, match="holds no"):
        read_transcript(data, name="a" + suffix)


CUES = st.lists(st.sampled_from(["WEBVTT", "", "1", "00:01.000 --> 00:02.000", "[0:01] A: b", "a --> b", "{", "---"]))


@given(text=st.one_of(st.text(), CUES.map("\n".join)), suffix=st.sampled_from(SUFFIXES))
def test_it_reads_or_refuses_whatever_it_is_given(text: str, suffix: str) -> None:
    try:
        transcript = read_transcript(text.encode("utf-8", "replace"), name="a" + suffix)
    except TranscriptError as error:
        assert error.reason
        return
    for segment in transcript.segments:
        assert segment.text.strip()
        assert "\0" not in segment.text
        assert segment.start is None or segment.end is None or segment.start <= segment.end


@given(st.binary(), st.sampled_from(SUFFIXES))
def test_it_raises_nothing_but_its_own_error(data: bytes, suffix: str) -> None:
    with contextlib.suppress(TranscriptError):
        assert read_transcript(data, name="a" + suffix).segments


@pytest.mark.parametrize(
    "line", ["a --> b\n", "<v " * 3 + "\n", "[0:01] A: b. c\n", "(((\n", "Name: text. More\n", ". "]
)
@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".txt"])
def test_it_takes_linear_time(line: str, suffix: str) -> None:
    data = b"00:01.000 --> 00:02.000\n" + line.encode() * (100_000 // len(line))
    began = time.process_time()
    with contextlib.suppress(TranscriptError):
        read_transcript(data, name="a" + suffix)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("line", ["[", "![", "[a][", "[]", "*a **b ", "`a", "<a ", "<!--", "> ", "&#", "|a", "# a\n\n"])
def test_it_reads_markdown_in_linear_time(line: str) -> None:
    data = line.encode() * (20_000 // len(line))
    with contextlib.suppress(TranscriptError):
        read_transcript(data, name="a.md")


def test_it_reads_a_million_brackets() -> None:
    assert len(read_transcript(b"[" * 200_000 + b"\n\n" + b"[a] " * 1000, name="a.md").segments) >= 2


@pytest.mark.parametrize(
    ("suffix", "piece", "count"),
    [
        (".srt", b"0:01 --> 0:02\na\n", 1_000_001),
        (".vtt", b"0:01 \xe2\x86\x92 0:02\n", 1_000_001),
        (".json", b"{", 4_000_001),
        (".txt", b"a\n", 350_001),
        (".md", b"a\n", 150_001),
    ],
)
def test_it_refuses_more_than_fits_in_memory(suffix: str, piece: bytes, count: int) -> None:
    with pytest.raises(TranscriptError, match=r"holds more than [\d,]+,000 [a-z ]+; split it"):
        read_transcript(piece * count, name="a" + suffix)


def test_it_keeps_names_and_headings_from_multiplying_a_file() -> None:
    cues = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {'S' * 9000}>Hi.\n".encode()
    article = f"# {'h' * 9000}\n\n## b\n\nHi.\n".encode()
    assert len(read_transcript(cues, name="a.vtt").segments[0].speaker) == 200
    assert len(read_transcript(article, name="a.md").segments[0].heading) < 300


def test_it_looks_for_no_clocks_in_a_long_line() -> None:
    assert read_transcript(b"Hi.\n" + b"1:" * 50_000, name="a.txt").segments
    with contextlib.suppress(TranscriptError):
        read_transcript(b"1:" * 50_000, name="a.sbv")


def test_it_gives_back_the_segments_it_was_given() -> None:
    corrected = Segment("Wedge it.", 1.0, None, "Nora", "Clay", paragraph=True, corrections=(Correction(0, 5, "wage"),))
    given = [Segment("Hi."), corrected, Segment("Throw.", 3.0, 4.5)]
    kept = Segments(given)
    assert (list(kept), kept[-2], list(kept[1:])) == (given, corrected, given[1:])
    assert kept == Segments(given)


@pytest.mark.soak
@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".json"])
def test_it_takes_a_third_of_a_kilobyte_for_a_cue(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"work{suffix}"
    write(file, 250_000)
    command = [sys.executable, "-m", "bench.transcripts", "--file", str(file)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "250,000 segments" in told
    assert int(told.partition(" MB, ")[2].split()[0]) < 100
