"""A model's answer read to its end."""

import asyncio
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import Settings

from chat.events.events import Message, Prompt
from chat.events.turn import Terms
from chat.llm import Completion, CompletionError, complete, has_model
from chat.llm.spending import spent_today
from chrysopedia.core.database import in_one_hop
from tests.model_server.server import ModelServer

pytestmark = pytest.mark.django_db  # what it costs is counted
Use = Callable[..., None]
PROMPT = Prompt((Message("user", "Hm?"),), temperature=0.2, max_tokens=9)
ZERO = {"prompt_tokens": 0, "completion_tokens": 0}


async def whole(seconds: float = 10) -> Completion:
    return await complete(PROMPT, deadline=asyncio.get_running_loop().time() + seconds)


async def test_it_joins_all_pieces(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say("One, ", "two.")
    assert await whole() == Completion("One, two.", model="primary", is_cut=False)


async def test_it_knows_that_the_limit_was_reached(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say("One, ", finish="length")
    assert (await whole()).is_cut


async def test_it_takes_the_fallback_where_the_first_fails(model_server: ModelServer, use_model: Use) -> None:
    with ModelServer() as other:
        use_model(model_server, other)
        model_server.unauthorised()
        other.say("One.")
        assert (await whole()).model == "fallback"


async def test_it_says_why_there_is_none(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.cut_after("One")
    with pytest.raises(CompletionError, match="The primary model broke off: the connection"):
        await whole()


@pytest.mark.parametrize("script", ["hang_before_first", "hang_with_comments"])
async def test_it_ends_when_the_time_is_up(model_server: ModelServer, use_model: Use, script: str) -> None:
    use_model(model_server)
    getattr(model_server, script)()
    with pytest.raises(CompletionError, match="took too long"):
        await whole(0.2)


async def test_it_says_that_there_is_no_model() -> None:
    assert not has_model()
    with pytest.raises(CompletionError, match="There is no language model"):
        await whole()


async def test_it_asks_nobody_once_all_is_spent(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.TOKENS_PER_DAY = 1
    with pytest.raises(CompletionError, match="used up"):
        await whole()
    assert model_server.requests == []


@pytest.mark.parametrize(
    ("told", "least", "most"), [({"prompt_tokens": 50, "completion_tokens": 4}, 54, 54), (ZERO, 3, 40)]
)
async def test_it_counts_what_the_model_says_or_about(
    model_server: ModelServer, use_model: Use, told: object, least: int, most: int
) -> None:
    use_model(model_server)
    model_server.cost(told, "One, ", "two.")
    payer = f"key-whole-{most}"
    await complete(PROMPT, deadline=asyncio.get_running_loop().time() + 10, terms=Terms(payer))
    spent = (await in_one_hop(spent_today, [payer], now=timezone.now()))[payer]
    assert least <= spent.tokens <= most
