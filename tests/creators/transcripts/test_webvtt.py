from tests.creators.transcripts.reading import read, said, timed

TALK = """WEBVTT - a talk
Kind: captions
Language: en

STYLE
::cue { color: lime }

NOTE
Not said
at all

REGION
id:below

intro
00:01.000 --> 00:02.500 align:start position:0%
<v.loud Mara L>Lower the <c.hot>fader</c> &amp; wait,&nbsp;<00:01.500><i>please</i>.</v>

NOTE one line

00:00:03.000 --> 00:00:04.000
<v Jonas>How far?
"""


def test_it_reads_speakers_and_words_and_nothing_else() -> None:
    assert [(s.speaker, s.text) for s in read(TALK, "a.vtt").segments] == [
        ("Mara L", "Lower the fader & wait, please."),
        ("Jonas", "How far?"),
    ]


def test_it_reads_times_and_language() -> None:
    transcript = read(TALK, "a.vtt")
    assert [(s.start, s.end) for s in transcript.segments] == [(1.0, 2.5), (3.0, 4.0)]
    assert transcript.language == "en"


def test_it_begins_a_paragraph_with_each_speaker() -> None:
    assert [segment.paragraph for segment in read(TALK, "a.vtt").segments] == [True, True]


def test_it_parts_a_cue_with_two_voices() -> None:
    two = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Yes.</v>\n<v B>No.</v>\n"
    assert [(s.speaker, s.text) for s in read(two, "a.vtt").segments] == [("A", "Yes."), ("B", "No.")]


def test_it_estimates_a_broken_clock_and_names_its_line() -> None:
    transcript = read(TALK.replace("00:00:03.000", "00:61:03.000"), "a.vtt")
    assert [segment.start for segment in transcript.segments] == [1.0, 2.5]
    assert transcript.warnings[0].startswith("line 21: the times can't be read")


def test_it_takes_a_file_without_header_and_says_so() -> None:
    transcript = read("00:01.000 --> 00:02.000\nHello.\n", "a.vtt")
    assert transcript.warnings == ("has no WEBVTT header and was read as SubRip",)


def test_it_keeps_a_sign_that_only_looks_like_a_tag() -> None:
    assert said("WEBVTT\n\n00:01.000 --> 00:02.000\nratio < 4 and > 2\n", "a.vtt") == ["ratio < 4 and > 2"]


ROLLING = """WEBVTT

00:00:00.100 --> 00:00:02.000 align:start position:0%

turn<00:00:00.500><c> the</c><00:00:01.000><c> filter</c>

00:00:02.000 --> 00:00:02.010
turn the filter


00:00:02.010 --> 00:00:04.000
turn the filter
down<00:00:03.000><c> a bit</c>

00:00:04.000 --> 00:00:04.010
down a bit


00:00:04.010 --> 00:00:06.000
down a bit
yeah
"""


def test_it_reads_rolling_captions_once_with_the_time_they_appeared() -> None:
    assert timed(read(ROLLING, "a.vtt").segments) == [
        (0.1, 2.0, "turn the filter"),
        (2.01, 4.0, "down a bit"),
        (4.01, 6.0, "yeah"),
    ]


def test_it_reads_rolling_subrip_once() -> None:
    rolling = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 2},000\n{above}\n{below}\n\n"
        for n, (above, below) in enumerate([("a b", "c d"), ("c d", "e f"), ("e f", "g h")], 1)
    )
    assert said(rolling, "a.srt") == ["a b c d", "e f", "g h"]


def test_it_reads_captions_that_grow_word_by_word_once() -> None:
    grown = ["so", "so we", "so we cut", "so we cut here"]
    cues = "".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{text}\n\n" for n, text in enumerate(grown))
    assert said("WEBVTT\n\n" + cues, "a.vtt") == ["so", "we", "cut", "here"]


def test_it_keeps_what_is_really_said_twice() -> None:
    cues = "".join(f"00:0{n}.000 --> 00:0{n + 1}.000\nYeah.\n\n" for n in range(4))
    assert said("WEBVTT\n\n" + cues, "a.vtt") == ["Yeah."] * 4


SEGMENT = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{ticks}\n\n00:0{start}.000 --> 00:0{end}.000\n{text}\n\n"


def test_it_joins_the_segments_of_a_stream() -> None:
    parts = [("900000", 1, 3, "Wedge it."), ("900000", 1, 3, "Wedge it."), ("900000", 4, 6, "Then throw.")]
    stream = "".join(SEGMENT.format(ticks=t, start=a, end=b, text=text) for t, a, b, text in parts)
    assert timed(read(stream, "a.vtt").segments) == [(1.0, 3.0, "Wedge it."), (4.0, 6.0, "Then throw.")]


def test_it_places_segments_by_their_maps() -> None:
    parts = [("900000", 1, 3, "Wedge it."), ("1440000", 1, 3, "Then throw.")]
    stream = "".join(SEGMENT.format(ticks=t, start=a, end=b, text=text) for t, a, b, text in parts)
    assert [segment.start for segment in read(stream, "a.vtt").segments] == [1.0, 7.0]


def test_it_keeps_a_line_that_no_blank_one_parts_from_the_next_cue() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nWedge it.\n"
    text += "00:03.000 --> 00:04.000\nThrow it.\n\nend\n00:05.000 --> 00:06.000\nDry it."
    assert said(text, "a.vtt") == ["Wedge it.", "Throw it.", "Dry it."]
