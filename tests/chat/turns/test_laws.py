"""The laws of the stream, for whatever a model may do."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from chat.events.events import Done, Event, Failed, Sources, Token, Verdict
from chat.events.serialize import encode
from chat.grounding.markers import numbers_in
from chat.rendering import json as document
from chrysopedia.core.errors import Problem
from tests.chat.asking import ask, joined, sources
from tests.chat.sse import events_in
from tests.model_server.server import ModelServer
from tests.strength import examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

PIECES = st.lists(st.text(alphabet="ab 1[2]3.!\n【】", min_size=1, max_size=12), max_size=8)
CLAIMS = st.lists(
    st.sampled_from(
        [
            "The attack is 20 ms",
            "She never uses 90 dB",
            " [1]",
            "[2]",
            "[7]",
            ". ",
            "? ",
            "\n",
            "`[1]`",
            "So it is then.",
        ]
    ),
    max_size=10,
)
ENDINGS = st.sampled_from(
    ["say", "cut_after", "no_finish", "error_midstream", "malformed_chunk_after", "fail", "garbage"]
)
laws = hypothesis_settings(
    max_examples=examples(0.4), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
fewer = hypothesis_settings(laws, max_examples=examples(0.16))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def modelled(server: ModelServer, settings: Settings) -> ModelServer:
    options = {"base_url": server.base_url, "model": "m"}
    backend = "chat.llm.openai.OpenAICompatible"
    settings.CHAT_MODELS = {"primary": {"BACKEND": backend, "OPTIONS": options}}
    return server


def turn(server: ModelServer, pieces: list[str], ending: str, *, creator: str | None = "mara-lindqvist") -> list[Event]:
    """Have the model say this in that way and return the turn's events."""
    server._queue.clear()
    if ending == "say":
        server.say(*pieces)
    elif ending in ("fail", "garbage"):
        for _ in range(2):
            getattr(server, ending)()
    else:
        getattr(server, ending)("".join(pieces))
    return asyncio.run(ask(creator=creator))


async def replayed(events: list[Event]) -> AsyncGenerator[Event, None]:
    for event in events:
        yield event


def streamed(events: list[Event]) -> str:
    return b"".join(encode(event, number=number) for number, event in enumerate(events, start=1)).decode()


def whole(events: list[Event]) -> dict[str, Any]:
    try:
        return asyncio.run(document.render(replayed(events)))
    except Problem as problem:
        return dict(problem.document())


@laws
@given(pieces=PIECES, ending=ENDINGS)
def test_it_sends_sources_first_and_one_terminal_event_last(
    modelled: ModelServer, pieces: list[str], ending: str
) -> None:
    events = turn(modelled, pieces, ending)
    assert isinstance(events[0], Sources)
    assert isinstance(events[-1], Done | Failed)
    assert all(isinstance(event, Token) and event.text for event in events[1:-1])


@laws
@given(pieces=PIECES, ending=ENDINGS)
def test_it_has_a_citation_for_every_marker(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    events = turn(modelled, pieces, ending)
    done = events[-1]
    assert isinstance(done, Done)
    assert set(numbers_in(joined(events))) == set(done.cited) == {citation.number for citation in done.citations}
    assert set(done.cited) <= {source.number for source in sources(events).sources}


@laws
@given(pieces=PIECES, ending=ENDINGS)
def test_it_quotes_sentences_at_the_offsets_it_gives(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    events = turn(modelled, pieces, ending)
    done, answer = events[-1], joined(events)
    assert isinstance(done, Done)
    assert all(f"[{citation.number}]" in answer[citation.start : citation.end] for citation in done.citations)


@fewer
@given(pieces=CLAIMS, ending=ENDINGS)
def test_it_counts_the_verdicts_that_its_citations_have(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    done = turn(modelled, pieces, ending)[-1]
    assert isinstance(done, Done)
    verdicts = [citation.verdict for citation in done.citations]
    found = done.grounding
    assert [found.supported, found.weak, found.unsupported] == [verdicts.count(verdict) for verdict in Verdict]
    assert all(citation.problems for citation in done.citations if citation.verdict != Verdict.SUPPORTED)


@fewer
@given(pieces=CLAIMS, ending=ENDINGS)
def test_it_counts_a_sentence_as_cited_or_not(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    done = turn(modelled, pieces, ending)[-1]
    assert isinstance(done, Done)
    found = done.grounding
    assert (found.claims, found.uncited) == (found.cited + found.uncited, len(found.bare))
    assert found.cited == len({(citation.start, citation.end) for citation in done.citations})


@fewer
@given(pieces=CLAIMS, ending=ENDINGS)
def test_it_gives_the_same_receipts_through_every_door(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    events = turn(modelled, pieces, ending)
    (last,) = [data for _, kind, data in events_in(streamed(events)) if kind == "done"]
    document = whole(events)
    assert (last["citations"], last["grounding"]) == (document["citations"], document["grounding"])


@laws
@given(pieces=PIECES, ending=ENDINGS)
def test_it_gives_the_same_text_through_every_door(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    events = turn(modelled, pieces, ending)
    tokens = [data for _, kind, data in events_in(streamed(events)) if kind == "token"]
    assert "".join(tokens) == joined(events) == whole(events)["answer"]


@laws
@given(pieces=PIECES, ending=ENDINGS)
def test_it_writes_every_event_as_one_line_of_json(modelled: ModelServer, pieces: list[str], ending: str) -> None:
    body = streamed(turn(modelled, pieces, ending))
    for line in body.splitlines():
        assert not line.startswith("data: ") or json.loads(line.removeprefix("data: ")) is not None


def test_it_carries_the_ids_of_the_turn(modelled: ModelServer) -> None:
    done = turn(modelled, ["Yes [1]."], "say")[-1]
    assert isinstance(done, Done)
    assert isinstance(done.turn_id, UUID)
