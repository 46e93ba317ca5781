"""The benchmark of the relay keeps its own laws: every token that was asked for comes, and is counted once."""

import os
import select
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from bench.relay import answers
from bench.relay.asking import job, model
from bench.relay.canned import QUESTION
from bench.relay.doors import DOORS, Door
from bench.relay.engines import Engine
from bench.relay.job import Job
from bench.relay.load import Load
from chat.events.events import Message, Prompt, Usage
from chat.llm.openai import OpenAICompatible
from tests.model_server import ModelServer, wire
from tests.site import Site

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="the benchmark needs Linux")


@pytest.fixture(scope="module")
def relay_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with model(tmp_path_factory.mktemp("relay"), core=min(os.sched_getaffinity(0))) as running:
        yield running


@pytest.mark.parametrize("kind", ["flat-3000", "flat1-3000", "paced-1000-300", "flat-1", "flat-0", "paced-5-1"])
def test_it_counts_the_tokens_that_were_asked_for(relay_model: Engine, kind: str) -> None:
    tokens = int(kind.rpartition("-")[2])
    result = Load(job(relay_model, kind, tokens=tokens, streams=4)).run()
    assert (result.tokens, result.lost, result.errors) == (4 * tokens, 0, {})
    assert len(result.firsts) == (4 if tokens else 0)


def test_it_asks_one_after_the_other(relay_model: Engine) -> None:
    result = Load(job(relay_model, "paced-20-5", tokens=5, streams=3, at_once=1)).run()
    assert (result.lost, result.gaps) == (0, 3 * 4)
    assert result.wall > 3 * 3 / 20  # the model paces each, and none runs beside another


def test_it_measures_gaps_in_the_steady_time_only(relay_model: Engine) -> None:
    times = {"ramp": 0.1, "steady": 0.2, "until": 0.3}
    result = Load(job(relay_model, "paced-50-25", tokens=25, streams=10, **times)).run()
    assert result.lost == 0
    assert 10 <= result.gaps < 10 * 24
    assert 0 < result.gap_p50 <= result.gap_p99 <= result.gap_most


@pytest.mark.parametrize(("stall", "stalled"), [(0.05, 3), (30.0, 0), (0.0, 0)])
def test_it_counts_streams_that_stall(relay_model: Engine, stall: float, stalled: int) -> None:
    result = Load(job(relay_model, "paced-10-4", tokens=4, streams=3, stall=stall)).run()
    assert (result.stalled, result.lost) == (stalled, 0)


def test_it_leaves_streams_that_are_held_and_the_model_lives_on(relay_model: Engine) -> None:
    held = Load(job(relay_model, "paced-1-60", tokens=60, streams=20, hold=0.2, watched={"model": relay_model.process}))
    assert 20 <= held.run().tokens <= 40
    assert held.result.errors == {}
    assert held.result.memory["model"] > 1
    assert Load(job(relay_model, "flat-10", tokens=10, streams=1)).run().lost == 0


async def test_it_speaks_as_the_program_expects_of_a_model(relay_model: Engine) -> None:
    client = OpenAICompatible(base_url=f"http://127.0.0.1:{relay_model.port}/v1", model="bench")
    prompt = Prompt(messages=(Message("user", "paced-500-30 or flat-40 please?"),), temperature=0.0, max_tokens=5)
    deltas = [delta async for delta in client.stream(prompt)]
    await client.aclose()
    assert "".join(delta.text for delta in deltas).count("~") == 40
    assert (deltas[-1].finish, deltas[-1].usage) == ("complete", Usage(prompt_tokens=12, completion_tokens=40))


def test_it_says_what_was_refused(site: Site) -> None:
    refused = Job(port=_port(site), path="/api/v1/chat", body="{}", streams=2, tokens=1)
    result = Load(refused).run()
    assert (result.lost, result.errors) == (2, {"HTTP/1.1 422 Un": 2})


def test_it_counts_every_token_once_through_the_program(model_site: Site, site_model: ModelServer) -> None:
    for _ in range(6):
        site_model.send(*wire.answer(answers.text(number) for number in range(200)))
    ours = Engine("ours-daphne", _port(model_site), 0)
    result = Load(job(ours, QUESTION, tokens=200, streams=6, at_once=3)).run()
    assert (result.tokens, result.lost, result.errors) == (6 * 200, 0, {})


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_it_counts_every_token_once_at_each_door(model_site: Site, site_model: ModelServer, door: Door) -> None:
    for _ in range(2):
        site_model.send(*wire.answer(answers.text(number) for number in range(100)))
    ours = Engine("ours-daphne", _port(model_site), 0, door=door)
    result = Load(job(ours, QUESTION, tokens=100, streams=2, at_once=1)).run()
    assert (result.tokens, result.lost, result.errors, len(result.firsts)) == (2 * 100, 0, {}, 2)


def _port(site: Site) -> int:
    port = urlsplit(site.url).port
    assert port is not None
    return port
