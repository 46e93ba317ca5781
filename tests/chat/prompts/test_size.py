"""Prompts that fit what a model can take."""

from dataclasses import replace

import pytest

from chat.events.events import Message, Prompt, Tier
from chat.prompts import LEAST_ANSWER_TOKENS, PromptSize, compose_answer
from tests.chat.passages import passage

PASSAGES = [replace(passage(), text=f"Passage {number} says so. " * 60) for number in range(1, 7)]
HISTORY = tuple(Message(role, f"{role} said {number}. " * 30) for number in range(5) for role in ("user", "assistant"))


def composed(context_tokens: int | None, *, is_short: bool = False) -> Prompt:
    return compose_answer(
        query="What ratio?",
        passages=PASSAGES,
        tier=Tier.CREATOR,
        voice=None,
        weight=0.0,
        history=HISTORY,
        disagreeing=[(1, 6)],
        size=PromptSize(context_tokens, is_short),
    )


@pytest.mark.parametrize("context_tokens", [1024, 1500, 2048, 4096])
def test_it_fits_a_small_context_with_room_for_the_answer(context_tokens: int) -> None:
    prompt = composed(context_tokens)
    assert prompt.tokens <= context_tokens
    assert prompt.max_tokens >= LEAST_ANSWER_TOKENS
    assert prompt.messages[-1].content == "What ratio?"


def test_it_gives_passages_by_rank_as_far_as_they_fit() -> None:
    counts = [composed(context).passages for context in (1024, 2048, 4096, 100_000)]
    assert counts == sorted(counts)
    assert (counts[0] >= 1, counts[-1]) == (True, 6)
    assert 'number="1"' in composed(1024).messages[0].content


def test_it_tells_of_no_disagreement_with_a_passage_that_is_not_there() -> None:
    assert "Passages 1 and 6" in composed(None).messages[0].content
    assert "Passages 1 and 6" not in composed(2048).messages[0].content


def test_it_keeps_the_newest_turns() -> None:
    said = [one.content for one in composed(4096).messages[1:-1]]
    assert said == [one.content for one in HISTORY][len(HISTORY) - len(said) :]


def test_it_leaves_a_prompt_alone_where_nothing_is_known_of_the_context() -> None:
    assert len(composed(None).messages) == len(HISTORY) + 2


def test_it_has_a_short_prompt_for_small_models() -> None:
    short, full = composed(None, is_short=True), composed(None)
    assert short.tokens < full.tokens - 100
    assert all(f'number="{number}"' in short.messages[0].content for number in range(1, 7))


def test_it_lets_no_line_break_of_another_kind_into_a_prompt() -> None:
    evil = replace(passage(), text="a\u2028b\x1b[2J\x85c", title="t\u2029t")
    prompt = compose_answer(
        query="q\u2028\x07",
        passages=[evil],
        tier=Tier.CREATOR,
        voice=None,
        weight=0.0,
        history=[Message("user", "h\x0b")],
    )
    written = "".join(message.content for message in prompt.messages)
    assert all(character.isprintable() or character == "\n" for character in written)
