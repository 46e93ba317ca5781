"""The door of OpenAI's protocol, by its official client against a running program."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI

from chat.doors import asking
from chat.doors.openai import ChatMessage, exchanges
from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer
from tests.site import Site

ASKED: Any = [{"role": "user", "content": VOCAL}]


def client_of(site: Site) -> OpenAI:
    return OpenAI(base_url=f"{site.url}/v1", api_key="anonymous", max_retries=0)


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[OpenAI]:
    with client_of(site) as client:
        yield client


@pytest.fixture(scope="module")
def answer(client: OpenAI) -> Any:
    return client.chat.completions.create(model="mara-lindqvist", messages=ASKED)


def test_it_answers_like_any_model(answer: Any) -> None:
    (choice,) = answer.choices
    assert (answer.object, choice.message.role, choice.finish_reason) == ("chat.completion", "assistant", "stop")
    assert "” [" in choice.message.content


def test_it_cites_where_each_sentence_stands(answer: Any) -> None:
    message = answer.choices[0].message
    cited = [one.url_citation for one in message.annotations]
    assert cited and all("[" in message.content[one.start_index : one.end_index] for one in cited)
    assert all(one.url.startswith("http") and one.title for one in cited)


def test_it_carries_the_receipts_beside(answer: Any) -> None:
    receipts = answer.model_extra["chrysopedia"]
    assert {"sources", "citations", "cascade_tier", "grounding"} <= receipts.keys()
    assert {one["verdict"] for one in receipts["citations"]} == {"supported"}


def test_it_puts_the_sources_under_the_answer(client: OpenAI) -> None:
    question: Any = {"role": "user", "content": "Where does the de-esser go?"}
    answer = client.chat.completions.create(model="mara", messages=[question])
    _, _, footer = str(answer.choices[0].message.content).partition(asking.FOOTER)
    assert footer.startswith("- [1] [Compressing a lead vocal](http") and "Mara Lindqvist at " in footer


def test_it_leaves_the_footer_out_where_nobody_wants_it(client: OpenAI) -> None:
    plain = client.chat.completions.create(model="mara", messages=ASKED, extra_body={"sources_footer": False})
    assert asking.FOOTER not in str(plain.choices[0].message.content)


def test_it_streams_the_same_text(client: OpenAI, answer: Any) -> None:
    chunks = list(client.chat.completions.create(model="mara-lindqvist", messages=ASKED, stream=True))
    assert "".join(one.choices[0].delta.content or "" for one in chunks) == answer.choices[0].message.content
    assert [one.choices[0].finish_reason for one in chunks][-2:] == [None, "stop"]
    assert chunks[0].choices[0].delta.role == "assistant"


def test_it_streams_the_usage_where_it_is_wanted(client: OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="chrysopedia", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == [] and chunks[-1].usage is not None
    assert all(one.usage is None for one in chunks[:-1])


def test_it_ends_a_stream_as_openai_does(site: Site) -> None:
    with site.client() as http:
        body = http.post("/v1/chat/completions", json={"model": "mara", "messages": ASKED, "stream": True}).text
    assert body.endswith("\n\ndata: [DONE]\n\n")
    assert all(json.loads(line[6:]) for line in body.split("\n\n")[:-2])


def test_it_takes_parameters_that_mean_nothing_here(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model="mara-lindqvist@0.5", messages=ASKED, temperature=0.1, max_tokens=5, seed=7, user="a", top_p=0.9
    )
    assert answer.model == "mara-lindqvist@0.5"


def test_it_reads_the_parts_of_a_message(client: OpenAI) -> None:
    parts: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": VOCAL}]},
    ]
    assert client.chat.completions.create(model="mara", messages=parts).choices[0].message.content


def test_it_lists_creators_as_models(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[0] == "chrysopedia" and "mara-lindqvist" in names
    assert client.models.retrieve("mara-lindqvist").id == "mara-lindqvist"


@pytest.mark.parametrize("model", ["gpt-4o", "mara-lindqvist@1.5"])
def test_it_knows_no_other_models(client: OpenAI, model: str) -> None:
    with pytest.raises(openai.NotFoundError) as refusal:
        client.chat.completions.create(model=model, messages=ASKED)
    assert refusal.value.code == "model_not_found"


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([], "messages"),
        ([{"role": "assistant", "content": "Hello"}], "messages"),
        ([{"role": "user", "content": ""}], "query"),
        ([{"role": "user", "content": "x" * 1001}], "query"),
    ],
)
def test_it_says_which_parameter_is_wrong(client: OpenAI, messages: Any, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        client.chat.completions.create(model="mara", messages=messages)
    assert (refusal.value.param, refusal.value.type) == (param, "invalid_request_error")


def test_it_refuses_a_wrong_key_as_openai_does(client: OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError) as refusal:
        client.with_options(api_key="sk-wrong").models.list()
    assert refusal.value.code == "invalid_api_key"


def test_it_refuses_what_is_no_address_as_openai_does(site: Site) -> None:
    with site.client() as http:
        answers = [http.get("/v1/nowhere"), http.get("/v1/chat/completions")]
    assert [(answer.status_code, "error" in answer.json()) for answer in answers] == [(404, True), (405, True)]


def test_it_asks_the_model_with_what_was_said_before(model_site: Site, site_model: ModelServer) -> None:
    site_model.say("Faster [1].")
    said: Any = [*ASKED, {"role": "assistant", "content": f"Four to one [1].{asking.FOOTER}- [1] A"}]
    with client_of(model_site) as client:
        client.chat.completions.create(
            model="mara", messages=[*said, {"role": "user", "content": "And the attack on a lead vocal?"}]
        )
    sent = [one["content"] for one in site_model.bodies[-1]["messages"]]
    assert sent[1:3] == [VOCAL, "Four to one."]


def test_it_stops_the_model_when_its_reader_leaves(model_site: Site, site_model: ModelServer) -> None:
    site_model.forget()
    site_model.hang_after("Four to one, then ")
    with client_of(model_site) as client:
        stream = client.chat.completions.create(model="mara", messages=ASKED, stream=True)
        next(iter(stream))
        stream.close()
    assert site_model.closed_early.wait(1.0)


def test_it_cuts_long_answers_of_before() -> None:
    said = [ChatMessage(role="user", content="a" * 5000), ChatMessage(role="assistant", content="b" * 50_000)]
    ((question, answer),) = exchanges(said)
    assert (len(question), len(answer)) == (1000, 8000)


def test_it_refuses_what_can_not_be_stored(client: OpenAI) -> None:
    said: Any = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b\0"}, *ASKED]
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="mara", messages=said)


def test_it_pairs_questions_with_their_answers() -> None:
    said = [("user", "a"), ("user", "b"), ("assistant", "c"), ("assistant", "d")]
    assert exchanges([ChatMessage(role=role, content=text) for role, text in said]) == (("b", "c"),)
