"""What stands around the answer of a model."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Coverage
from chat.prompts.reply import ReplyReader


def read(*pieces: str) -> tuple[str, Coverage | None]:
    reply = ReplyReader()
    return "".join([*map(reply.feed, pieces), reply.finish()]), reply.coverage


@pytest.mark.parametrize(
    "reply",
    [
        "NOT_ANSWERED\n{}",
        "NOT_ANSWERED: {}",
        "**NOT_ANSWERED**\n\n{}",
        "NOT ANSWERED. {}",
        "```\nNOT_ANSWERED\n{}\n```",
    ],
)
def test_it_takes_out_the_word_that_says_the_passages_do_not_answer(reply: str) -> None:
    text = reply.format("They speak of kicks [1].")
    assert read(text) == read(*text)
    assert (read(text)[0].strip(), read(text)[1]) == ("They speak of kicks [1].", "none")


def test_it_knows_an_answer_in_part() -> None:
    assert read(*"PARTLY_ANSWERED\nUse 3:1.") == ("Use 3:1.", "partly")


@pytest.mark.parametrize("word", ["Partly_ANSWERED:", "partly_answered\n", "**Partly_Answered**"])
def test_it_knows_the_word_however_it_is_written(word: str) -> None:
    assert read(*f"{word} Use 3:1.") == ("Use 3:1.", "partly")


@pytest.mark.parametrize(
    "text",
    [
        "Not answered here.",
        "Partly answered by _Mara_.",
        "Partly",
        "Not_",
        "None of it.",
        "NOT so.",
        "**Mara** says so.",
        "",
        "PARTLY",
        "`x` is it",
        "[1] says so",
    ],
)
def test_it_leaves_any_other_answer(text: str) -> None:
    assert read(*text) == read(text) == (text, None)


@pytest.mark.parametrize("block", ["```\n{}\n```", "```markdown\n{}\n```\n", "~~~ text\n{}\n~~~"])
def test_it_unwraps_an_answer_that_is_a_block_of_code(block: str) -> None:
    text = block.format("Use a ratio of three to one [1].")
    assert read(*text)[0] == read(text)[0] == "Use a ratio of three to one [1].\n"


def test_it_keeps_the_code_within_it() -> None:
    inside = "Use it like this here:\n```python\nx = 1\n```\nThen go on [1].\n"
    assert read(*f"```md\n{inside}```")[0] == inside


@pytest.mark.parametrize("text", ["```python\nx = a[1]\n```\n", "```\nx = a[1]; y = (1, 2)\n```\nSo."])
def test_it_keeps_a_block_that_is_code(text: str) -> None:
    assert read(*text)[0] == read(text)[0] == text


PARTS = st.sampled_from(
    ["```", "~~~", "\n", "md", " ", "NOT_ANSWERED", "PARTLY ANSWERED", ":", "*", "a word or two more ", "x=1"]
)


@given(st.lists(PARTS, max_size=10).map("".join), st.lists(st.integers(0, 60), max_size=6))
def test_it_reads_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    assert read(*(text[a:b] for a, b in itertools.pairwise(edges))) == read(text)
