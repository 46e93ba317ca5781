"""Claims are the sentences of an answer, plain of markers and of signs of formatting."""

import pytest

from chat.grounding.claims import claims, claims_something, plain_claim


@pytest.mark.parametrize(
    "text",
    [
        "The attack is 20 ms [1].",
        "- The attack is 20 ms. [1]",
        "1. The attack is **20 ms** [1][2].",
        "> The *attack* is `20 ms`.",
        "### The attack\nis 20 ms.",
    ],
)
def test_it_reads_a_sentence_without_its_signs(text: str) -> None:
    assert plain_claim(text) == "The attack is 20 ms."


def test_it_keeps_a_minus_before_a_number() -> None:
    assert plain_claim("Set it to -6 dB [1].") == "Set it to -6 dB."


def test_it_takes_each_line_of_a_list_for_a_claim() -> None:
    answer = "Two steps:\n- set 3:1 [1]\n- wait [2]"
    assert [answer[start:end] for start, end in claims(answer)] == ["Two steps:", "- set 3:1 [1]", "- wait [2]"]


@pytest.mark.parametrize("answer", ["", " \n ", "[1]", "[1] [2]"])
def test_it_reads_answers_without_a_sentence(answer: str) -> None:
    assert [answer[start:end] for start, end in claims(answer)] == ([answer] if answer.strip() else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She compresses the vocal twice.", True),
        ("It depends.", False),
        ("Does she compress the vocal twice?", False),
        ("Here is what she does:", False),
        ("# What she does to vocals", False),
        ("The passages never mention a limiter.", False),
        ("Nobody here speaks of a limiter.", False),
        ("Nobody says exactly that.", False),
        ("Nothing here answers that part.", False),
        ("Nothing by Mara Lindqvist here answers that.", False),
        ("Nobody compresses the vocal twice.", True),
    ],
)
def test_it_knows_whether_a_sentence_states_something(text: str, expected: bool) -> None:
    assert claims_something(text) is expected
