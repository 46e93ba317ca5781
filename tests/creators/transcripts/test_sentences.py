import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.transcripts.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[begin:end] for begin, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Use e.g. a saw.",
        "Dr. Smith set −6 dB.",
        "Add 3.5 dB vs. 4 dB.",
        "J. S. Bach wrote it.",
        "Wait... what?",
        "“Really?” he said.",
        "See No. 5 of the U.S. Army.",
        "1. Open the rack.",
        "At 9 a.m. we began.",
    ],
)
def test_it_keeps_a_sentence_together(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Cut at −6 dB.", "Then boost."],
        ["What?!", "No."],
        ["“Go on.”", "So he did."],
        ["Well…", "Then we go."],
        ["what?", "no", "yes"][:2],
        ["So do I.", "Then stop."],
    ],
)
def test_it_parts_sentences(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_it_parts_chinese_and_japanese() -> None:
    assert split("これは音です。次は？はい！") == ["これは音です。", "次は？", "はい！"]


def test_it_ends_a_sentence_with_a_line() -> None:
    assert split("Mara: Cut\nJonas: Boost") == ["Mara: Cut", "Jonas: Boost"]


@given(st.text(alphabet=st.sampled_from("aB1 .!?…。\n\"')”e.g.Dr\u3000\t"), max_size=200))
def test_it_covers_all_that_is_no_space_in_order(text: str) -> None:
    spans = sentence_spans(text)
    assert all(text[begin:end].strip() == text[begin:end] != "" for begin, end in spans)
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans))
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["." * 10**6, "\n" * 10**6, "e.g. " * 200_000, '".' * 500_000, " " * 10**6 + "."])
def test_it_takes_linear_time(text: str) -> None:
    began = time.process_time()
    sentence_spans(text)
    assert time.process_time() - began < 4
