"""A prompt, models of the test server, and what they answered."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from chat.events.events import Message, Prompt
from chat.llm.base import Delta, ModelError
from chat.llm.openai import OpenAICompatible
from tests.model_server import ModelServer

SECRET = "sk-not-to-be-seen"
QUESTION = "How loud should a kick drum be?"
PROMPT = Prompt(
    messages=(Message("system", "Cite."), Message("user", QUESTION)),
    temperature=0.25,
    max_tokens=200,
)


def model_of(server: ModelServer, *, first_token_timeout: float = 5.0, idle_timeout: float = 5.0) -> OpenAICompatible:
    """A model behind this server, with patience enough for a busy machine."""
    return OpenAICompatible(
        base_url=server.base_url,
        model="test-model",
        api_key=SECRET,
        first_token_timeout=first_token_timeout,
        idle_timeout=idle_timeout,
    )


@asynccontextmanager
async def streaming(model: OpenAICompatible) -> AsyncIterator[AsyncIterator[Delta]]:
    """The stream of one answer; it and the model's connections are closed in the end."""
    try:
        async with aclosing(model.stream(PROMPT)) as deltas:
            yield deltas
    finally:
        await model.aclose()


async def ask(model: OpenAICompatible) -> list[Delta]:
    """All deltas of one answer."""
    async with streaming(model) as deltas:
        return [delta async for delta in deltas]


async def ask_in_vain(model: OpenAICompatible) -> tuple[str, ModelError]:
    """The text that came before the error, and the error."""
    pieces: list[str] = []
    async with streaming(model) as deltas:
        try:
            async for delta in deltas:
                pieces.append(delta.text)
        except ModelError as error:
            return "".join(pieces), error
    raise AssertionError(f"no error after {pieces}")


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)
