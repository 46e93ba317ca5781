import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.transcripts import TranscriptError
from creators.transcripts.json_stream import JSONArray, outline
from tests.creators.transcripts.reading import read, timed

WORDS = [("Cut", 1.0, 1.2), ("low.", 1.2, 1.6), ("Then", 3.0, 3.2), ("boost.", 3.2, 3.9)]


def dumped(document: object) -> list[tuple[float | None, float | None, str]]:
    return timed(read(json.dumps(document), "a.json").segments)


def test_it_reads_openai_whisper_with_its_language() -> None:
    document = {"text": "", "segments": [{"id": 0, "start": 0, "end": 2.5, "text": " Hello."}], "language": "de"}
    assert dumped(document) == [(0.0, 2.5, "Hello.")]
    assert read(json.dumps(document), "a.json").language == "de"


def test_it_reads_a_list_of_segments() -> None:
    assert dumped([{"start": 1, "end": 2, "text": "Hi."}]) == [(1.0, 2.0, "Hi.")]


def test_it_reads_whisper_cpp() -> None:
    entry = {"timestamps": {"from": "00:00:01,500", "to": "00:00:02,000"}, "text": " Hi."}
    assert dumped({"transcription": [entry]}) == [(1.5, 2.0, "Hi.")]
    assert dumped({"transcription": [{**entry, "offsets": {"from": 1250, "to": 2000}}]}) == [(1.25, 2.0, "Hi.")]


@pytest.mark.parametrize("space", ["", " "])
def test_it_gives_each_sentence_the_times_of_its_words(space: str) -> None:
    words = [{"word": space + word, "start": start, "end": end} for word, start, end in WORDS]
    segment = {"start": 0.5, "end": 4, "text": " Cut low. Then boost.", "words": words}
    assert dumped({"segments": [segment]}) == [(1.0, 1.6, "Cut low."), (3.0, 3.9, "Then boost.")]


def test_it_builds_the_text_of_words_alone() -> None:
    words = [{"word": word, "start": start, "end": end} for word, start, end in WORDS]
    found = dumped({"segments": [{"start": 0.5, "end": 4, "words": words, "speaker_name": "Mara"}]})
    assert [text for _, _, text in found] == ["Cut low.", "Then boost."]


def test_it_takes_a_word_without_times() -> None:
    words = [{"word": "Cut", "start": 1, "end": 2}, {"word": "80."}]
    assert dumped([{"start": 1, "end": 4, "text": "Cut 80.", "words": words}]) == [(1.0, 2.0, "Cut 80.")]


@pytest.mark.parametrize("document", [{}, [], 5, "text", None, {"segments": 5}, [1], {"segments": [{"start": 1}]}])
def test_it_refuses_json_of_another_shape(document: object) -> None:
    with pytest.raises(TranscriptError, match=r"no transcript|holds no text|has no text"):
        dumped(document)


@pytest.mark.parametrize("start", ["NaN", "Infinity", "true", '"x"', "null", "9" * 400, "1e999"])
def test_it_estimates_a_start_that_is_none(start: str) -> None:
    transcript = read(f'[{{"start": {start}, "end": 2, "text": "Hi."}}]', "a.json")
    assert timed(transcript.segments) == [(1.8, 2.0, "Hi.")]
    assert transcript.warnings == ("segment 1: the times can't be read and were estimated",)


def test_it_takes_a_negative_start_for_the_beginning() -> None:
    assert dumped([{"start": -0.02, "end": 2, "text": "Hi."}]) == [(0.0, 2, "Hi.")]


def test_it_refuses_times_of_which_none_can_be_read() -> None:
    with pytest.raises(TranscriptError, match="no times that can be read"):
        dumped([{"start": None, "end": None, "text": "Hi."}])


def test_it_refuses_numbers_of_any_length() -> None:
    with pytest.raises(TranscriptError, match="number that can't be read"):
        read("[" + "9" * 5000 + "]", "a.json")


def test_it_refuses_json_nested_too_deeply() -> None:
    with pytest.raises(TranscriptError, match="nested too deeply"):
        read("[" * 200_000, "a.json")


def test_it_names_the_line_where_json_breaks() -> None:
    with pytest.raises(TranscriptError, match="is not JSON") as refusal:
        read('{"segments":\n[}', "a.json")
    assert refusal.value.line == 2


def test_it_lets_no_nul_and_no_lone_surrogate_through() -> None:
    assert dumped([{"start": 1, "end": 2, "text": "a\x00b \ud800c"}]) == [(1.0, 2.0, "ab ?c")]


def test_it_puts_segments_in_order() -> None:
    assert dumped([{"start": 9, "end": 10, "text": "a"}, {"start": 1, "end": 2, "text": "b"}])[0] == (1, 2, "b")


ONE, TWO = "Wedge it.", "Throw."
SHAPES = [
    [{"text": ONE, "start": 1.5, "duration": 2.5}, {"text": TWO, "start": 4, "duration": 1}],
    {"segments": [{"startTime": 1.5, "endTime": 4, "body": ONE}, {"startTime": 4, "endTime": 5, "body": TWO}]},
    {"transcripts": [{"start_ms": 1500, "end_ms": 4000, "text": ONE}, {"start_ms": 4000, "end_ms": 5000, "text": TWO}]},
    {"transcripts": [{"start": "0:01.5", "end": "0:04", "text": ONE}, {"start": "0:04", "end": "0:05", "text": TWO}]},
    {
        "events": [
            {"tStartMs": 0, "dDurationMs": 9000},
            {"tStartMs": 1500, "dDurationMs": 9000, "segs": [{"utf8": "Wedge"}, {"utf8": " it.", "tOffsetMs": 300}]},
            {"tStartMs": 3990, "aAppend": 1, "segs": [{"utf8": "\n"}]},
            {"tStartMs": 4000, "dDurationMs": 1000, "segs": [{"utf8": TWO}]},
        ]
    },
    {"utterances": [{"start": 1500, "end": 4000, "text": ONE}, {"start": 4000, "end": 5000, "text": TWO}]},
    {"chunks": [{"timestamp": [1.5, 4.0], "text": ONE}, {"timestamp": [4.0, 5.0], "text": TWO}]},
]


@pytest.mark.parametrize("document", SHAPES)
def test_it_reads_the_shapes_of_other_tools(document: object) -> None:
    assert dumped(document) == [(1.5, 4.0, "Wedge it."), (4.0, 5.0, "Throw.")]


def test_it_reads_json_lines_and_leaves_out_a_broken_one() -> None:
    lines = [json.dumps({"start": at, "end": at + 1, "text": f"Line {at}."}) for at in range(3)]
    transcript = read("\n".join([lines[0], '{"start": 1, "e', lines[2]]), "a.jsonl")
    assert [segment.text for segment in transcript.segments] == ["Line 0.", "Line 2."]
    assert transcript.warnings == ("line 2: is no JSON and was left out",)


@pytest.mark.parametrize("key", ["speaker", "voice", "speaker_label"])
def test_it_knows_who_speaks(key: str) -> None:
    assert (
        read(json.dumps([{"start": 1, "end": 2, "text": "Hi.", key: "Mara"}]), "a.json").segments[0].speaker == "Mara"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"text": "a", "start": 1},]', "trailing comma"),
        ('[{"text": "a", "start": 1} {"text": "b"}]', "',' delimiter"),
        ('{"segments" [1]}', "':' delimiter"),
        ("{1: 2}", "property name"),
        ('{"segments": [{"text": "a"}]', "',' delimiter"),
        ('{"segments": []} x', "Extra data"),
    ],
)
def test_it_says_what_is_wrong_with_json(text: str, reason: str) -> None:
    with pytest.raises(TranscriptError, match=f"is not JSON: .*{reason}"):
        read(text, "a.json")


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_it_parses_as_the_standard_library_does(document: object) -> None:
    def listed(value: object) -> object:
        if isinstance(value, JSONArray):
            return list(value)
        return {key: listed(one) for key, one in value.items()} if isinstance(value, dict) else value

    assert listed(outline(json.dumps(document, indent=1))) == document
