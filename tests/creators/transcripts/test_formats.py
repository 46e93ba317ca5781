"""Every timed format that tools give, told by what it holds."""

import time

import pytest

from creators.transcripts import TranscriptError
from tests.creators.transcripts.reading import read, timed

WEDGED = [(1.5, 4.0, "Wedge it."), (4.0, 5.0, "Then throw.")]
TTML = (
    '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><head><metadata>'
    '<ttm:agent xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:id="a1"><ttm:name>Mara</ttm:name></ttm:agent>'
    '</metadata></head><body><div><p begin="{}" end="{}" agent="a1">Wedge<br/>it.</p>'
    '<p begin="4s" dur="1000ms">Then <span>throw.</span></p></div></body></tt>'
)
FILES = {
    "srt": "1\n00:00:01,500 --> 00:00:04,000\nWedge it.\n\n2\n00:00:04,000 --> 00:00:05,000\nThen throw.\n",
    "sbv": "0:00:01.500,0:00:04.000\nWedge it.\n\n0:00:04.000,0:00:05.000\nThen throw.\n",
    "tsv": "start\tend\ttext\n1500\t4000\tWedge it.\n4000\t5000\tThen throw.\n",
    "csv": 'start,end,text\n1500,4000,"Wedge it."\n4000,5000,"Then throw."\n',
    "labels": "1.500000\t4.000000\tWedge it.\n4.000000\t5.000000\tThen throw.\n",
    "ttml": TTML.format("00:00:01.500", "00:00:04.000"),
    "srv3": '<timedtext format="3"><body><p t="1500" d="9000"><s>Wedge</s><s t="9"> it.</s></p>'
    '<p t="4000" d="1000">Then throw.</p></body></timedtext>',
    "srv1": '<?xml version="1.0"?><transcript><text start="1.5" dur="2.5">Wedge it.</text>'
    '<text start="4" dur="1">Then throw.</text></transcript>',
    "json3": '{"events": [{"tStartMs": 1500, "dDurationMs": 2500, "segs": [{"utf8": "Wedge it."}]},'
    '{"tStartMs": 4000, "dDurationMs": 1000, "segs": [{"utf8": "Then throw."}]}]}',
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("ending", ["", ".txt", "own"])
def test_it_tells_a_format_by_what_it_holds(kind: str, ending: str) -> None:
    name = "a" + (f".{kind}" if ending == "own" else ending)
    assert timed(read(FILES[kind], name).segments) == WEDGED


@pytest.mark.parametrize(("begin", "end"), [("1.5s", "4s"), ("1500ms", "00:00:04"), ("00:00:01:15", "00:00:04:00")])
def test_it_reads_the_clocks_of_ttml(begin: str, end: str) -> None:
    transcript = read(TTML.format(begin, end), "a.ttml")
    assert (timed(transcript.segments), transcript.language) == (WEDGED, "en")
    assert [segment.speaker for segment in transcript.segments] == ["Mara", ""]


def test_it_parts_the_words_of_a_podcasts_ttml() -> None:
    words = "".join(
        f'<span unit="word" begin="{at}.0" end="{at + 1}.0">{word}</span>' for at, word in enumerate("Wedge it".split())
    )
    text = (
        f'<tt><body><p begin="0.0" end="9.0"><span unit="sentence" begin="0.0" end="2.0">{words}</span></p></body></tt>'
    )
    assert timed(read(text, "a.xml").segments) == [(0.0, 2.0, "Wedge it")]


@pytest.mark.parametrize("doctype", ['<!DOCTYPE tt [<!ENTITY a "b">]>', '<!DOCTYPE tt SYSTEM "file:///etc/hostname">'])
def test_it_refuses_a_doctype(doctype: str) -> None:
    with pytest.raises(TranscriptError, match="DOCTYPE"):
        read(doctype + FILES["srv1"].removeprefix('<?xml version="1.0"?>'), "a.ttml")


def test_it_keeps_what_stands_before_xml_breaks() -> None:
    transcript = read(FILES["srv1"].replace("</text></transcript>", "</tex"), "a.xml")
    assert timed(transcript.segments)[0] == WEDGED[0]
    assert "line 1: the XML is broken" in transcript.warnings[0]


@pytest.mark.parametrize("spoilt", ["0:00:0x.500,0:00:04.000", "0:00:01.500,", "-0:00:01.500,0:00:04.000"])
def test_it_reads_sbv_with_a_bad_time(spoilt: str) -> None:
    transcript = read(FILES["sbv"] + f"\n{spoilt}\nAnd dry it.\n", "a.sbv")
    assert sorted(segment.text for segment in transcript.segments) == ["And dry it.", "Then throw.", "Wedge it."]
    assert "line 7" in transcript.warnings[0]


def test_it_reads_sbv_in_linear_time() -> None:
    began = time.process_time()
    read(FILES["sbv"] + "1:2" * 40_000, "a.sbv")
    assert time.process_time() - began < 2


def test_it_knows_the_speaker_of_a_row() -> None:
    table = "Speaker Name;Start Time;End Time;Text\nMara;00:00:01.500;00:00:04.000;Wedge it.\n"
    assert read(table, "a.csv").segments[0].speaker == "Mara"


def test_it_reads_seconds_of_whole_numbers_as_seconds() -> None:
    table = "start\tend\ttext\n0\t4\tWedge it a hundred times.\n4\t9\tThen throw it on the wheel.\n"
    assert [segment.start for segment in read(table, "a.tsv").segments] == [0.0, 4.0]


def test_it_joins_words_that_each_have_a_cue() -> None:
    words = "so we wedge the clay a hundred times before we throw it on the wheel and then we wait a bit".split()
    cues = "".join(f"00:00:{at:02}.000 --> 00:00:{at:02}.900\n{word}\n\n" for at, word in enumerate(words))
    first = read("WEBVTT\n\n" + cues, "a.vtt").segments[0]
    assert (first.start, first.text) == (0.0, " ".join(words[:10]))


def test_it_reads_what_was_pasted_from_a_panel() -> None:
    pasted = "0:00\n0 seconds\nso we begin\n1:03\n1 minute, 3 seconds\nand we wedge\n"
    assert [(s.start, s.text) for s in read(pasted, "a.txt").segments] == [(0.0, "so we begin"), (63.0, "and we wedge")]


SECONDS = ["[1.5s - 4.0s] Wedge it.\n[4.0s - 5.0s] Then throw.\n", "[1.5 – 4] Wedge it.\n[4 – 5] Then throw.\n"]


@pytest.mark.parametrize("text", SECONDS)
def test_it_reads_seconds_in_brackets(text: str) -> None:
    assert timed(read(text, "a.txt").segments) == WEDGED


def test_it_leaves_out_the_tags_of_lrc() -> None:
    found = read("[by:tool.cpp]\n[00:01.50] Wedge it.\n[00:04.00] Then throw.\n", "a.lrc").segments
    assert [(segment.start, segment.text) for segment in found] == [(1.5, "Wedge it."), (4.0, "Then throw.")]


OTTER = "Mara Lind  0:00\nToday is about lids.\n\nJonas  1:05\nA lid wants a gallery.\n\n{}\n"
CREDITS = [
    "Transcribed by https://otter.ai",
    "Transcript generated with tool.ai",
    "Subtitles by the Amara.org community",
]


@pytest.mark.parametrize("line", CREDITS)
def test_it_takes_no_tool_for_a_speaker(line: str) -> None:
    assert read(OTTER.format(line), "a.txt").segments[-1].text == "A lid wants a gallery."
    cues = FILES["srt"] + f"\n3\n00:00:06,000 --> 00:00:09,000\n{line}\n"
    assert timed(read(cues, "a.srt").segments) == WEDGED


MEETING = (
    "Lids again (2026-02-03 09:00 GMT+1) - Transcript\nAttendees\nMara Lind, Jonas\n\nTranscript\n\n00:00:00\n\n"
    "Mara Lind: A lid wants a gallery.\nJonas: How deep?\n\n00:05:00\n\n"
    "Mara Lind: Five.\n\nTranscription ended after 00:06:00\n"
)


def test_it_takes_the_title_and_the_day_from_a_meetings_header() -> None:
    transcript = read(MEETING, "a.txt")
    assert (transcript.title, str(transcript.published)) == ("Lids again", "2026-02-03")
    assert [segment.speaker for segment in transcript.segments] == ["Mara Lind", "Jonas", "Mara Lind"]


def test_it_keeps_speech_about_transcripts() -> None:
    said = "The transcript was made by hand and it took me nine days of work"
    assert read(OTTER.format(said), "a.txt").segments[-1].text.endswith(said)
