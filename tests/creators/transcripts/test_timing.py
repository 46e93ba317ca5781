"""One bad time costs one line: every other line is read, and a note says where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.transcripts import TranscriptError
from tests.creators.transcripts.reading import read


def clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{int(seconds) % 60:02},000"


def subrip(*times: tuple[str, str]) -> str:
    return "".join(f"{at}\n{start} --> {end}\nLine {at} is said.\n\n" for at, (start, end) in enumerate(times, 1))


TIMES = [(clock(at * 10), clock(at * 10 + 4)) for at in range(10)]


def spoilt(start: str, end: str) -> str:
    return subrip(*TIMES[:4], (start, end), *TIMES[5:])


@pytest.mark.parametrize(
    ("start", "end", "first", "note"),
    [
        ("-00:00:01,000", "00:00:44,000", 0.0, "negative"),
        ("00:00:44,000", "00:00:40,000", 40.0, "before the start"),
        ("00:00:40,000", "00:00:02,000", 40.0, "before the start"),
        ("10:00:40,000", "10:00:44,000", 34.0, "runs back"),
        ("00:00:02,000", "00:00:03,000", 34.0, "runs back"),
        ("00:00:4x,000", "00:00:44,000", 34.0, "can't be read"),
    ],
)
def test_it_repairs_one_bad_time(start: str, end: str, first: float, note: str) -> None:
    transcript = read(spoilt(start, end), "a.srt")
    said = {segment.text: segment.start for segment in transcript.segments}
    assert [said[f"Line {at + 1} is said."] for at in range(10) if at != 4] == [
        at * 10.0 for at in range(10) if at != 4
    ]
    assert first == 0.0 or said["Line 5 is said."] == first
    assert note in transcript.warnings[0]
    assert "line 18" in transcript.warnings[0]


def test_it_joins_notes_of_the_same_kind() -> None:
    transcript = read(subrip(*TIMES, ("00:61:00,000", "x"), ("00:62:00,000", "x")), "a.srt")
    assert transcript.warnings == ("2 times can't be read and were estimated; first at line 42",)


def test_it_refuses_two_recordings_in_one_file() -> None:
    with pytest.raises(TranscriptError, match=r"runs back from 0:01:30.0 to 0:00:00.0; make a file of each recording"):
        read(subrip(*TIMES, *TIMES), "a.srt")


def test_it_sorts_the_tracks_of_two_speakers() -> None:
    mara = "".join(f"{s} --> {e}\n<v Mara>One {s}.\n\n" for s, e in TIMES)
    jonas = "".join(f"{clock(at * 10 + 5)} --> {clock(at * 10 + 9)}\n<v Jonas>Two.\n\n" for at in range(10))
    speakers = [segment.speaker for segment in read("WEBVTT\n\n" + mara + jonas, "a.vtt").segments]
    assert speakers == ["Mara", "Jonas"] * 10


def test_it_sorts_a_block_that_was_moved() -> None:
    starts = [
        segment.text
        for segment in read(subrip(*TIMES, *[(clock(s), clock(s + 1)) for s in (5, 6, 7)]), "a.srt").segments
    ]
    assert starts[:4] == ["Line 1 is said.", *(f"Line {at} is said." for at in (11, 12, 13))]


def test_it_notes_a_pace_at_which_nobody_speaks() -> None:
    cues = "".join(
        f"00:00:01,{at * 20:03} --> 00:00:01,{at * 20 + 19:03}\nLine {at} of all this talk.\n\n" for at in range(40)
    )
    assert any("nobody can speak as fast" in note for note in read(cues, "a.srt").warnings)


TIME = st.sampled_from(["00:00:01,000", "-00:00:02,000", "00:61:00,000", "00:10:00,000", "x:yy", "", "99:99:99,999"])


@given(st.integers(0, 9), TIME, TIME, st.sampled_from(["a.srt", "a.vtt"]))
def test_it_loses_no_other_line_to_a_bad_one(place: int, start: str, end: str, name: str) -> None:
    text = subrip(*TIMES[:place], (start, end), *TIMES[place + 1 :])
    segments = read(text, name).segments
    texts = [segment.text for segment in segments]
    assert all(f"Line {at + 1} is said." in " ".join(texts) for at in range(10) if at != place)
    starts = [segment.start or 0.0 for segment in segments]
    assert starts == sorted(starts)
