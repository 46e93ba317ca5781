"""From one model to the next: before the first word, and never after it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from chat.events.events import Prompt
from chat.llm.base import ChatModel, Delta, ModelError
from chat.llm.fallback import AllModelsFailed, AnswerCutOff, first_stream
from tests.chat.llm.asking import PROMPT, model_of
from tests.model_server import ModelServer

END = Delta(finish="complete")
FAILURE = ModelError("it broke", retryable=True)


class Scripted:
    """A chat model that says these deltas, fails where an error stands, and knows whether it was closed."""

    def __init__(self, *steps: Delta | ModelError) -> None:
        self.steps = steps
        self.closed = False

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta]:
        try:
            for step in self.steps:
                if isinstance(step, ModelError):
                    raise step
                yield step
        finally:
            self.closed = True


async def answers(*models: ChatModel) -> tuple[list[tuple[str, Delta]], list[str]]:
    """What came of these models, called m0, m1 and so on, and which of them failed."""
    failed: list[str] = []
    named = [(f"m{at}", model) for at, model in enumerate(models)]
    speaker = await first_stream(named, PROMPT, on_failure=lambda name, *_: failed.append(name))
    async with aclosing(speaker.deltas(deadline=in_a_minute())) as deltas:
        return [(speaker.name, delta) async for delta in deltas], failed


def in_a_minute() -> float:
    return asyncio.get_running_loop().time() + 60


async def test_it_stays_with_the_first_model_that_speaks() -> None:
    said = await answers(Scripted(Delta("Yes."), END), Scripted(Delta("No."), END))
    assert said == ([("m0", Delta("Yes.")), ("m0", END)], [])


@pytest.mark.parametrize(
    "steps",
    [[FAILURE], [END], [Delta("\n"), END], [Delta(" "), FAILURE], [], [Delta()]],
    ids=["error", "empty", "blank", "blank, then error", "nothing", "no text"],
)
async def test_it_moves_on_before_the_first_word(steps: list[Delta | ModelError]) -> None:
    said = await answers(Scripted(*steps), Scripted(Delta("Yes."), END))
    assert said == ([("m1", Delta("Yes.")), ("m1", END)], ["m0"])


async def test_it_keeps_the_blanks_before_the_first_word() -> None:
    said, _ = await answers(Scripted(Delta("\n"), Delta("Yes."), END))
    assert [delta.text for _, delta in said] == ["\n", "Yes.", ""]


@pytest.mark.parametrize("steps", [[FAILURE], []], ids=["error", "no finish"])
async def test_it_ends_where_a_model_breaks_off(steps: list[ModelError]) -> None:
    with pytest.raises(AnswerCutOff) as caught:
        await answers(Scripted(Delta("Well, "), *steps), Scripted(Delta("No."), END))
    assert (caught.value.name, caught.value.error.retryable) == ("m0", True)


@pytest.mark.parametrize("models", [[], [Scripted(FAILURE)], [Scripted(FAILURE), Scripted(END)]])
async def test_it_says_when_no_model_is_left(models: list[ChatModel]) -> None:
    with pytest.raises(AllModelsFailed):
        await answers(*models)


async def test_it_closes_the_model_when_it_is_closed() -> None:
    model = Scripted(Delta("Well, "), END)
    speaker = await first_stream([("m", model)], PROMPT, on_failure=print)
    async with aclosing(speaker.deltas(deadline=in_a_minute())) as deltas:
        assert await anext(deltas) == Delta("Well, ")
    assert model.closed


async def test_it_closes_the_connection_when_it_is_closed(model_server: ModelServer) -> None:
    model_server.hang_after("Well, ")
    models = [("m", model_of(model_server))]
    speaker = await first_stream(models, PROMPT, on_failure=print)
    async with aclosing(speaker.deltas(deadline=in_a_minute())) as deltas:
        assert await anext(deltas) == Delta("Well, ", 1)
    assert await model_server.until_closed_early()


async def test_it_switches_from_one_server_to_another(model_server: ModelServer) -> None:
    model_server.unauthorised()
    model_server.say("Yes.")
    model = model_of(model_server)
    said, failed = await answers(model, model)
    await model.aclose()
    assert (said[0], failed) == (("m1", Delta("Yes.", 1)), ["m0"])


async def test_it_ends_an_answer_whose_time_is_up() -> None:
    speaker = await first_stream([("m", Endless())], PROMPT, on_failure=print)
    with pytest.raises(AnswerCutOff):
        [delta async for delta in speaker.deltas(deadline=asyncio.get_running_loop().time() + 0.02)]


class Endless:
    """A chat model that says one word again and again."""

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta]:
        while True:
            yield Delta("and ")
            await asyncio.sleep(0.005)
