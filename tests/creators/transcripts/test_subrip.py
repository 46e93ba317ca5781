import pytest

from creators.transcripts import TranscriptError
from tests.creators.transcripts.reading import read, said, timed

KICK = "1\n00:00:01,000 --> 00:00:02,500\nTune the kick.\n\n2\n00:00:03,000 --> 00:00:04,000\nThen the bass.\n"


def test_it_reads_cues_with_their_times() -> None:
    assert timed(read(KICK, "a.srt").segments) == [(1.0, 2.5, "Tune the kick."), (3.0, 4.0, "Then the bass.")]


@pytest.mark.parametrize(
    "variant",
    [
        "\ufeff" + KICK,
        KICK.replace("\n", "\r\n"),
        KICK.replace(",", "."),
        KICK.replace("00:00:", "00:"),
        KICK.replace("1\n00", "00").replace("2\n00", "00"),
        KICK.replace("Tune", "<i>{\\an8}Tune</i>"),
        KICK.replace(" --> ", "-->"),
    ],
)
def test_it_reads_the_variants_found_in_the_wild(variant: str) -> None:
    assert timed(read(variant, "a.srt").segments) == timed(read(KICK, "a.srt").segments)


def test_it_keeps_what_stands_after_a_blank_line_in_a_cue() -> None:
    assert said(KICK.replace("kick.", "kick.\n\nIt rings."), "a.srt")[0] == "Tune the kick. It rings."


def test_it_keeps_a_number_that_is_said() -> None:
    assert said(KICK.replace("Tune the kick.", "808"), "a.srt")[0] == "808"


def test_it_decodes_entities_after_it_removes_tags() -> None:
    assert said(KICK.replace("Tune", "<b>Tune</b> &lt;b&gt; &amp;"), "a.srt")[0] == "Tune <b> & the kick."


@pytest.mark.parametrize("arrow", ["→", "-->"])
@pytest.mark.parametrize("times", ["[0.00 {} 7.00]", "[00:00.000 {} 00:07.000]"])
def test_it_reads_the_dump_of_a_recogniser(times: str, arrow: str) -> None:
    dump = times.format(arrow) + " So we begin.\n" + "[7.00 → 9.50] Again.\n"
    assert timed(read(dump, "a.srt").segments) == [(0.0, 7.0, "So we begin."), (7.0, 9.5, "Again.")]


@pytest.mark.parametrize("broken", ["00:61:00,000", "00:00:61,000", "aa:bb", "00:00:0x,000", "12-30"])
def test_it_estimates_a_broken_clock_and_names_its_line(broken: str) -> None:
    transcript = read(KICK.replace("00:00:03,000", broken), "a.srt")
    assert [segment.text for segment in transcript.segments] == ["Tune the kick.", "Then the bass."]
    assert transcript.segments[1].start == 2.5
    assert transcript.warnings == ("line 6: the times can't be read and were estimated",)


def test_it_takes_an_arrow_in_speech_for_speech() -> None:
    assert said(KICK.replace("Tune", "File --> Export, tune"), "a.srt")[0] == "File --> Export, tune the kick."


def test_it_refuses_cues_of_which_no_time_can_be_read() -> None:
    with pytest.raises(TranscriptError, match="no times that can be read") as refusal:
        read("1\n00:61:00,000 --> 00:62:00,000\nHello.\n", "a.srt")
    assert refusal.value.line == 2


def test_it_puts_a_cue_that_is_out_of_order_where_it_belongs_and_says_so() -> None:
    transcript = read(KICK + "\n3\n00:00:02,400 --> 00:00:03,000\nJust before.\n", "a.srt")
    assert [segment.start for segment in transcript.segments] == [1.0, 2.4, 3.0]
    assert transcript.warnings == ("line 10: the clock runs back, so this was put where its time belongs",)


def test_it_allows_cues_to_overlap() -> None:
    assert len(read(KICK.replace("00:00:02,500", "00:00:03,500"), "a.srt").segments) == 2


def test_it_says_who_speaks_where_a_diariser_did() -> None:
    segment = read(KICK.replace("Tune", "[SPEAKER_01]: Tune"), "a.srt").segments[0]
    assert (segment.speaker, segment.text) == ("SPEAKER_01", "Tune the kick.")


def test_it_reads_webvtt_under_its_own_ending_and_says_so() -> None:
    transcript = read("WEBVTT\n\n" + KICK.replace(",", "."), "a.srt")
    assert [segment.text for segment in transcript.segments] == ["Tune the kick.", "Then the bass."]
    assert "WebVTT" in transcript.warnings[0]


def test_it_refuses_a_file_without_cues() -> None:
    with pytest.raises(TranscriptError, match="holds no cues"):
        read("Just some prose.\n", "a.srt")
