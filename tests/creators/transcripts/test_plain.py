import pytest

from creators.transcripts import TranscriptError, read_transcript
from tests.creators.transcripts.reading import read, said, timed

FORMS = [
    "[00:01:02] Mara: Cut it.\n[00:01:08] Jonas: How?",
    "Mara [00:01:02]: Cut it.\nJonas [00:01:08]: How?",
    "Mara (1:02):\nCut it.\n\nJonas (1:08):\nHow?",
    "00:01:02 Mara\nCut it.\n\n00:01:08 Jonas\nHow?",
    "00:01:02 Mara\n\nCut it.\n\n00:01:08 Jonas\n\nHow?",
    "Mara: 00:01:02\n\nCut it.\n\nJonas: 00:01:08\n\nHow?",
    "Mara  1:02\nCut it.\n\nJonas  1:08\nHow?",
    "Mara: [1:02] Cut it.\n\nJonas: [1:08] How?",
    "1:02 - Mara: Cut it.\r\n1:08 - Jonas: How?\r\n",
]


@pytest.mark.parametrize("text", FORMS)
def test_it_reads_speakers_and_clocks_in_every_form(text: str) -> None:
    found = [(s.speaker, s.start, s.text) for s in read(text, "a.txt").segments]
    assert found == [("Mara", 62.0, "Cut it."), ("Jonas", 68.0, "How?")]


def test_it_reads_clocks_without_speakers() -> None:
    assert timed(read("(00:02) One line\n(00:04) goes on.", "a.txt").segments)[1][0] == 4.0


def test_it_reads_lines_that_begin_with_a_clock() -> None:
    found = read("00:00:00 Welcome to the\n\n00:00:05 show.\n\n00:00:09 Thanks", "a.txt").segments
    assert [(s.start, s.speaker, s.text) for s in found][1:] == [(5.0, "", "show."), (9.0, "", "Thanks")]


def test_it_reads_the_lines_below_a_clock() -> None:
    assert [start for start, _, _ in timed(read("0:00\nso we begin\n0:04\nagain\n", "a.txt").segments)] == [0.0, 4.0]


def test_it_reads_speakers_without_clocks() -> None:
    text = "Mara: Cut it.\n\nJonas: How? And why:\nsay.\n\nMara: So.\n\nJonas: Ah."
    found = [(s.speaker, s.start, s.text) for s in read(text, "a.txt").segments]
    assert found[:3] == [("Mara", None, "Cut it."), ("Jonas", None, "How?"), ("Jonas", None, "And why: say.")]


def test_it_shares_the_time_of_a_turn_by_characters() -> None:
    found = timed(read("[0:10] Mara: Aaaa aaaa. Bbbb bbbb.\n[0:12] Mara: Cccc.", "a.txt").segments)
    assert found == [(10.0, 10.952, "Aaaa aaaa."), (11.048, 12.0, "Bbbb bbbb."), (12.0, 12.333, "Cccc.")]


def test_it_takes_a_long_wait_for_a_pause() -> None:
    first = timed(read("[0:10] Mara: Wait.\n[5:00] Mara: Now.", "a.txt").segments)[0]
    assert first == (10.0, 11.25, "Wait.")


def test_it_estimates_the_time_of_a_broken_clock_and_names_its_line() -> None:
    transcript = read("[00:01:02] Mara: Abc.\n\n[00:61:02] Mara: Def.\n\n[00:01:10] Mara: Ghi.", "a.txt")
    assert [segment.text for segment in transcript.segments] == ["Abc.", "Def.", "Ghi."]
    assert 62 < (transcript.segments[1].start or 0) < 70
    assert transcript.warnings == ("line 3: the time can't be read and was estimated",)


def test_it_refuses_clocks_of_which_none_can_be_read() -> None:
    with pytest.raises(TranscriptError, match="can't be read") as refusal:
        read("[00:61:02] Mara: a.", "a.txt")
    assert refusal.value.line == 1


def test_it_estimates_the_time_of_a_clock_that_runs_back() -> None:
    lines = [f"[00:{minute:02}:00] Mara: Line {minute}." for minute in range(1, 9)]
    lines[4] = "[00:00:03] Mara: Line 5."
    transcript = read("\n".join(lines), "a.txt")
    assert 240 < (transcript.segments[4].start or 0) <= 360
    assert transcript.warnings == ("line 5: the clock runs back, so the time was estimated",)


def test_it_refuses_two_recordings_in_one_text() -> None:
    part = "".join(f"[00:{minute:02}:00] Mara: Line {minute}.\n" for minute in range(9))
    with pytest.raises(TranscriptError, match=r"runs back from 0:08:00.0 to 0:00:00.0; make a file of each") as refusal:
        read(part + part, "a.txt")
    assert refusal.value.line == 10


def test_it_lets_the_end_of_a_line_lie_after_the_next_ones_start() -> None:
    text = "[0:07 - 0:10] hello and thank\n[0:09 - 0:13] you for coming\n[0:11 - 0:15] to the talk\n"
    assert [segment.start for segment in read(text, "a.txt").segments] == [7.0, 9.0, 11.0]


def test_it_joins_wrapped_lines_and_parts_paragraphs() -> None:
    segments = read("One line\nwraps here. Two.\n\nThree", "a.txt").segments
    assert [(s.text, s.paragraph) for s in segments] == [
        ("One line wraps here.", True),
        ("Two.", False),
        ("Three", True),
    ]


def test_it_takes_a_colon_for_a_colon() -> None:
    assert said("Think of this:\nit works. Note: mind the 16:10 ratio at 10:30 today.", "a.txt") == [
        "Think of this: it works.",
        "Note: mind the 16:10 ratio at 10:30 today.",
    ]


@pytest.mark.parametrize(
    "text", ["1\n00:00:01,000 --> 00:00:02,000\nHi.\n", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n"]
)
def test_it_knows_cues_by_their_look(text: str) -> None:
    assert timed(read(text, "a.txt").segments) == [(1.0, 2.0, "Hi.")]


def test_it_keeps_the_lines_of_a_song_apart() -> None:
    song = "The wheel goes round\nthe clay goes up\nand nobody knows\nwhere the bowl will stop\n"
    assert [segment.text for segment in read_transcript(song.encode(), name="song.txt").segments] == song.splitlines()


def test_it_joins_the_lines_of_wrapped_prose() -> None:
    prose = "The wheel goes round,\nthe clay goes up,\nand nobody knows why\nit stops where it does.\n"
    assert len(read_transcript(prose.encode(), name="prose.txt").segments) == 1


@pytest.mark.parametrize(
    "lines",
    [
        "09:01:23 Nora Vale: Wedge the clay.\n09:01:31 Theo Park: Then throw it.\n",
        "[Nora Vale] 09:01:23\nWedge the clay.\n\n[Theo Park] 09:01:31\nThen throw it.\n",
        "09:01:23\t From Nora Vale to Everyone:\n\tWedge the clay.\n09:01:31\t From Theo Park : Then throw it.\n",
        "23:59:57 Nora Vale: Wedge the clay.\n00:00:05 Theo Park: Then throw it.\n",
    ],
)
def test_it_reads_a_meeting_by_the_time_of_day_from_its_first_line(lines: str) -> None:
    transcript = read(lines, "meeting.txt")
    found = [(one.speaker, one.start, one.text) for one in transcript.segments]
    assert found == [("Nora Vale", 0.0, "Wedge the clay."), ("Theo Park", 8.0, "Then throw it.")]
    assert any("time of day" in note for note in transcript.warnings)
