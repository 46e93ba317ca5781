"""Sounds, songs and loops are no speech."""

import pytest

from creators.transcripts import TranscriptError, read_transcript
from creators.transcripts.noise import LOOP, speech_in
from creators.transcripts.segments import Segment


def spoken(*lines: str, timed: bool = True) -> list[str]:
    segments = [
        Segment(line, float(at) if timed else None, at + 1.0 if timed else None) for at, line in enumerate(lines)
    ]
    return [segment.text for segment in speech_in(segments).segments]


@pytest.mark.parametrize(
    "line",
    ["[Music]", "♪ ♪", "♪ round we go ♪", "(soft music)", "*laughs*", "[ __ ]", "[Musik]", "[door slams]", "♫ la"],
)
def test_it_leaves_out_a_line_of_noise(line: str) -> None:
    assert spoken("Wedge the clay.", line, "Then throw.") == ["Wedge the clay.", "Then throw."]


def test_it_leaves_noise_out_of_a_line() -> None:
    assert spoken("[Applause] Wedge it [laughs] , twice.") == ["Wedge it, twice."]


@pytest.mark.parametrize("line", ["See [1] and [2:30].", "Play (really) loud.", "A song about music.", "arr[i] = 0"])
def test_it_keeps_what_is_said(line: str) -> None:
    assert spoken(line, timed=False) == [line]


def test_it_keeps_the_turn_that_noise_began() -> None:
    segments = [Segment("[Music]", 0.0, 1.0, paragraph=True), Segment("Hello.", 1.0, 2.0)]
    assert speech_in(segments).segments == (Segment("Hello.", 1.0, 2.0, paragraph=True),)


def test_it_keeps_a_loop_once_and_says_so() -> None:
    speech = speech_in([Segment("Thank you.", float(at), at + 1.0) for at in range(LOOP)])
    assert [segment.start for segment in speech.segments] == [0.0]
    assert "6 times in a row" in speech.notes[0]


def test_it_keeps_what_people_do_repeat() -> None:
    assert len(spoken(*["Yeah."] * (LOOP - 1))) == LOOP - 1


def test_it_refuses_what_holds_no_speech() -> None:
    with pytest.raises(TranscriptError, match="no speech"):
        read_transcript(b"1\n00:00:00,000 --> 00:00:05,000\n[Music]\n", name="only.srt")


def test_it_keeps_noise_as_asides_where_they_stood() -> None:
    lines = ["[Music]", "Wedge it.", *["Thank you."] * LOOP, "[ __ ] it cracked"]
    segments = [Segment(line, float(at), at + 1.0) for at, line in enumerate(lines)]
    found = [(one.text, one.before) for one in speech_in(segments).asides]
    assert found == [("[Music]", 0), ("Thank you. (× 5)", 2), ("[ __ ]", 2)]


def test_it_keeps_what_a_tool_says_of_itself_as_an_aside() -> None:
    found = read_transcript(b"Wedge the clay.\n\nTranscribed by https://otter.ai\n", name="talk.txt")
    assert [(one.text, one.before) for one in found.asides] == [("Transcribed by https://otter.ai", 1)]
