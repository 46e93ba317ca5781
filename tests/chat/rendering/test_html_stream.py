"""An article as it comes: the events of a run as HTML."""

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import UUID

import pytest

from chat.events.events import Event, Failed, NumberedEvent, Token
from chat.events.serialize import HEARTBEAT
from chat.events.turn import ANYONE, TurnHead
from chat.rendering import html_stream
from tests.chat.sample_turns import judged_turn

TURN = UUID(int=1)
HEAD = TurnHead(TURN, TURN, ANYONE, "Why <b>?", creator="mara-lindqvist", creator_name="Mara Lindqvist")
Shown = list[tuple[int, str, dict[str, Any]]]


async def rendered(*events: Event, after: int = 0) -> Shown:
    async def batches() -> AsyncGenerator[Sequence[NumberedEvent], None]:
        yield ()
        for numbered in enumerate(events, start=1):
            yield [numbered]

    parts = [part async for part in html_stream.render(batches(), head=HEAD, after=after)]
    assert parts.pop(0) == HEARTBEAT
    lines = [part.decode().strip().split("\n") for part in parts]
    return [(int(i[4:]), name[7:], json.loads(value[6:])) for i, name, value in lines]


@pytest.fixture
async def shown() -> Shown:
    return await rendered(*judged_turn())


async def test_it_has_an_event_for_each_event_under_its_number(shown: Shown) -> None:
    assert [number for number, _, _ in shown] == list(range(1, len(judged_turn()) + 1))
    assert [name for _, name, _ in shown] == [event.type for event in judged_turn()]


async def test_it_says_what_is_read_and_shows_the_sources(shown: Shown) -> None:
    assert shown[0][2]["standing"].startswith("Reading 5 passages from")
    assert 'id="t00000000-note-5"' in shown[0][2]["notes"]


async def test_its_article_stands_under_the_same_ids(shown: Shown) -> None:
    html = shown[-1][2]["html"]
    assert html.startswith('<article class="turn" id="turn-00000000-0000')
    assert 'data-finish="complete"' in html
    assert 'id="t00000000-note-2"' in html
    assert "Why &lt;b&gt;?" in html


async def test_it_goes_on_after_an_event_as_if_it_had_never_stopped(shown: Shown) -> None:
    assert await rendered(*judged_turn(), after=2) == shown[2:]


async def test_it_tells_of_a_failure_to_a_reader_who_has_seen_more_than_was_kept() -> None:
    ((_, name, _),) = await rendered(Token("Half"), Failed("internal", "Gone.", True, TURN, TURN), after=9)
    assert name == "error"


async def test_it_keeps_what_came_before_a_failure() -> None:
    *_, (_, name, value) = await rendered(Token("Half an "), Failed("internal", "Try again.", True, TURN, TURN))
    assert (name, value["message"], value["retryable"]) == ("error", "Try again.", True)
    assert "Half an" in value["html"]
    assert "Try again." in value["html"]
