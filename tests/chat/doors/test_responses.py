"""OpenAI's responses, by its official client against a running program."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI

from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer
from tests.site import Site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{site.url}/v1", api_key="anonymous", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def answer(client: OpenAI) -> Any:
    return client.responses.create(model="mara-lindqvist", input=VOCAL)


def test_it_answers_with_citations_and_receipts(answer: Any) -> None:
    part = answer.output[0].content[0]
    assert (answer.status, answer.output_text) == ("completed", part.text)
    assert all("[" in part.text[one.start_index : one.end_index] for one in part.annotations) and part.annotations
    assert answer.model_extra["chrysopedia"]["citations"]


def test_it_streams_the_same_by_typed_events(client: OpenAI, answer: Any) -> None:
    events: list[Any] = list(client.responses.create(model="mara-lindqvist", input=VOCAL, stream=True))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == answer.output_text == events[-1].response.output_text
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")


def test_it_builds_up_the_response_as_the_client_does(client: OpenAI, answer: Any) -> None:
    with client.responses.stream(model="mara-lindqvist", input=VOCAL) as stream:
        assert stream.get_final_response().output_text == answer.output_text


def test_it_reads_a_list_of_messages(client: OpenAI) -> None:
    said: Any = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "input_text", "text": VOCAL}]},
    ]
    assert client.responses.create(model="mara", input=said, temperature=0).output_text


def test_it_goes_on_from_a_response(model_site: Site, site_model: ModelServer) -> None:
    site_model.say("Four to one [1].")
    site_model.say("Faster [1].")
    with OpenAI(base_url=f"{model_site.url}/v1", api_key="anonymous", max_retries=0) as client:
        first = client.responses.create(model="mara", input=VOCAL)
        client.responses.create(model="mara", input="And the attack on a vocal?", previous_response_id=first.id)
    assert [one["content"] for one in site_model.bodies[-1]["messages"]][1] == VOCAL


@pytest.mark.parametrize(
    ("asked", "param"),
    [({"input": ""}, "query"), ({"input": "a", "previous_response_id": "resp_x"}, "previous_response_id")],
)
def test_it_says_which_parameter_is_wrong(client: OpenAI, asked: Any, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        client.responses.create(model="mara", **asked)
    assert refusal.value.param == param
