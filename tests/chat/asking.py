"""Asking the service in tests: with a model server or without, all events or only the last."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from chat import turns
from chat.events.events import Done, Event, Failed, Sources, Token
from chat.events.turn import ANYONE, Owner, Question
from tests.model_server.server import ModelServer

VOCAL = "What ratio and attack does she use on a lead vocal?"


async def ask(
    query: str = VOCAL, *, creator: str | None = "mara-lindqvist", owner: Owner = ANYONE, **more: Any
) -> list[Event]:
    """Return all events of a turn."""
    turn = await turns.begin(Question(query=query, creator=creator, **more), owner=owner)
    return [event async for event in turns.stream(turn)]


def last(events: list[Event]) -> Done:
    """Return the terminal event of a turn that was answered."""
    assert isinstance(events[-1], Done), events[-1]
    return events[-1]


def failure(events: list[Event]) -> Failed:
    """Return the terminal event of a turn that failed."""
    assert isinstance(events[-1], Failed), events[-1]
    return events[-1]


def joined(events: list[Event]) -> str:
    """Return the answer's text."""
    return "".join(event.text for event in events if isinstance(event, Token))


def sources(events: list[Event]) -> Sources:
    """Return the event that names the sources."""
    (found,) = [event for event in events if isinstance(event, Sources)]
    return found


def new_conversation() -> UUID:
    """Return an id that no other test uses: what they store stays."""
    return uuid4()


@pytest.fixture
def use_model(settings: Settings) -> Callable[..., None]:
    """Have turns answered by these model servers, the second being the fallback."""

    def use(*servers: ModelServer, **options: Any) -> None:
        settings.CHAT_MODELS = {
            name: {
                "BACKEND": "chat.llm.openai.OpenAICompatible",
                "OPTIONS": {"base_url": server.base_url, "model": "test-model", "api_key": "k", **options},
            }
            for name, server in zip(("primary", "fallback"), servers, strict=False)
        }

    return use
