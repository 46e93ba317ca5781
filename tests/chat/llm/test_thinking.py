"""What a model thinks, in all the ways in which servers send it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.llm.thinking import BEGINNINGS, ThoughtFilter
from tests.chat.llm.asking import ask, model_of, text_of
from tests.model_server import ModelServer, wire

WRAPPED = (
    "<think>He asks for {}.</think>",
    "<thinking>{}</thinking>\n\n",
    "<Think>\n{}\n</Think>\n",
    "[THINK]{}[/THINK]",
    "◁think▷{}◁/think▷",
    "<|START_THINKING|>{}<|END_THINKING|>",
    '<think time="3">{}</think>',
    '<details type="reasoning" done="true">\n<summary>Thought for 3 s</summary>\n{}\n</details>\n',
    "<antThinking>{}</antThinking>",
    "<think>{}</think><answer>",
    "<think>{}</think>\n<response>",
    "<｜begin▁of▁thinking｜>{}<｜end▁of▁thinking｜>",
    "Here is my thought process:\n{}\n\nHere is my response:\n",
    "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>",
    "<|channel|>commentary to=x<|message|>{}<|call|><|channel|>final <|constrain|>json<|message|>",
    "<|channel>thought\n{}<channel|>",
    "analysisWe see {}.assistantfinal",
    "Okay, so the user asks for {}.\n</think>\n\n",
    "We need to answer {}</think>",
)


def shown(*pieces: str, thinks_first: bool = False, was_cut: bool = False) -> str:
    thoughts = ThoughtFilter(thinks_first=thinks_first)
    return "".join([*map(thoughts.feed, pieces), thoughts.finish(was_cut=was_cut)])


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_it_shows_no_thoughts(wrapped: str) -> None:
    text = wrapped.format("SECRET") + "Use 3:1 [1]."
    assert shown(text) == shown(*text) == "Use 3:1 [1]."


@pytest.mark.parametrize("wrapped", WRAPPED[:-3])
def test_it_shows_none_that_never_end(wrapped: str) -> None:
    text = wrapped[: wrapped.index("{}")] + "SECRET and more"
    assert shown(*text) == shown(text) == ""


def test_it_shows_none_between_sentences() -> None:
    assert shown("Use 3:1 [1]. <think>Is it?</think>Or 4:1 [2].") == "Use 3:1 [1]. Or 4:1 [2]."


@pytest.mark.parametrize(
    "text", ["a < b [-6 dB] <i>", "Hmm", "Okay, use 3:1.", "We need", "x <|", "analysis of it", "<", "[TH"]
)
def test_it_leaves_what_is_no_thought(text: str) -> None:
    assert shown(*text) == shown(text) == text.removesuffix("<|")


OF_TEMPLATES = (
    "</s>",
    "<|im_end|>",
    "</answer>",
    "</response>",
    "<｜end▁of▁sentence｜>",
    "<|im_start|>assistant\n",
    "<|eot_id|>",
)


@pytest.mark.parametrize("sign", [*OF_TEMPLATES, "<|start_header_id|>assistant<|end_header_id|>\n\n", "<|im_start|>"])
@pytest.mark.parametrize("text", ["{}Use 3:1.", "Use 3:1.{}"])
def test_it_shows_no_sign_of_a_chat_template(sign: str, text: str) -> None:
    assert shown(*text.format(sign)).strip() == shown(text.format(sign)).strip() == "Use 3:1."


@pytest.mark.parametrize("text", ["<details>\nMore.\n</details>", "<answers> of <s>many</b>", "Here is my response."])
def test_it_leaves_what_is_no_sign(text: str) -> None:
    assert shown(*text) == shown(text) == text


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_it_shows_an_answer_that_only_begins_like_a_thought(beginning: str) -> None:
    assert shown(*f"{beginning} it is.") == f"{beginning} it is."


def test_it_shows_no_thought_that_the_limit_cut() -> None:
    assert shown("Okay, so the user wants", was_cut=True) == ""


def test_it_waits_for_the_end_where_the_model_is_known_to_think_first() -> None:
    assert shown(*"Any thought.</think>Use 3:1.", thinks_first=True) == "Use 3:1."


SIGNS = ("<think>", "</think>", "[THINK]", "[/THINK]", "<|channel|>", "final", "analysis", "<|message|>", "<|end|>")
MORE_SIGNS = ("<|start|>assistant", "<|return|>", "Okay, so the user", "◁think▷", "◁/think▷", "<|im_end|>", "hmm, ")
RARE_SIGNS = (*OF_TEMPLATES, '<think a="b">', '<details type="reasoning">', "</details>", "<｜begin▁of▁thinking｜>")
PARTS = st.sampled_from([*'ab <|>[/]\n"｜', *SIGNS, *MORE_SIGNS, *RARE_SIGNS])


@given(st.lists(PARTS, max_size=12).map("".join), st.lists(st.integers(0, 80), max_size=6))
def test_it_drops_all_that_a_thought_holds_however_it_is_cut(text: str, cuts: list[int]) -> None:
    text = f"Well. {text.replace('</think>', '')}<think>SECRET</think>"
    edges = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert shown(*pieces) == shown(text)
    assert "SECRET" not in shown(text)


async def test_it_learns_that_a_model_does_not_mark_where_its_thoughts_begin(model_server: ModelServer) -> None:
    model = model_of(model_server)
    for _ in range(2):
        model_server.say("Any thought.", "</think>", "Use 3:1.")
    assert text_of(await ask(model)) == "Any thought.Use 3:1."
    assert text_of(await ask(model)) == "Use 3:1."


@pytest.mark.parametrize("member", ["reasoning_content", "reasoning", "thinking", "reasoning_details"])
async def test_it_reads_no_thoughts_beside_the_text(model_server: ModelServer, member: str) -> None:
    model_server.send(wire.chunk({member: "SECRET", "content": ""}), *wire.answer(["Use 3:1."]))
    assert text_of(await ask(model_of(model_server))) == "Use 3:1."


async def test_it_reads_a_content_in_parts(model_server: ModelServer) -> None:
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "SECRET"}]}, {"type": "text", "text": "3:1."}]
    model_server.send(wire.chunk({"content": parts}), wire.finish(), wire.DONE)
    assert text_of(await ask(model_of(model_server))) == "3:1."
