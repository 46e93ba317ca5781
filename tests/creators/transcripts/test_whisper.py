import json

import pytest

from creators.transcripts import TranscriptError
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


@pytest.mark.parametrize("start", ["NaN", "Infinity", "-1", "true", '"1"', "null", "9" * 400, "1e999"])
def test_it_refuses_times_that_are_none(start: str) -> None:
    with pytest.raises(TranscriptError, match="segment 1 has no times"):
        read(f'[{{"start": {start}, "end": 2, "text": "Hi."}}]', "a.json")


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


def test_it_refuses_a_clock_that_runs_back() -> None:
    with pytest.raises(TranscriptError, match="segment 2: the clock runs back"):
        dumped([{"start": 9, "end": 10, "text": "a"}, {"start": 1, "end": 2, "text": "b"}])
