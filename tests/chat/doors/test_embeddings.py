"""OpenAI's embeddings, by its official client against a running program."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest
from django.test import AsyncClient
from openai import OpenAI
from pytest_django import Settings

from creators.embeddings import get_embedder
from tests.chat.doors.test_openai import client_of
from tests.chrysopedia.running import manage
from tests.site import Site

TEXTS = ["Compress the vocal.", "How much reverb?", "Compress the vocal."]


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[OpenAI]:
    with client_of(site) as client:
        yield client


def post(site: Site, **body: Any) -> Any:
    with site.client() as client:
        return client.post("/v1/embeddings", json={"model": "chrysopedia", **body})


def error_of(site: Site, status: int, **body: Any) -> dict[str, Any]:
    refused = post(site, **body)
    assert refused.status_code == status, refused.text
    error: dict[str, Any] = refused.json()["error"]
    return error


def test_it_gives_the_vectors_of_the_search(client: OpenAI) -> None:
    made = client.embeddings.create(model="chrysopedia", input=TEXTS)
    vectors = np.array([one.embedding for one in made.data], np.float32)
    assert [one.index for one in made.data] == [0, 1, 2]
    assert np.allclose(vectors, get_embedder().embed_questions(TEXTS), atol=1e-4)


def test_it_gives_one_for_a_text_alone(client: OpenAI) -> None:
    made = client.embeddings.create(model="chrysopedia", input=TEXTS[0], encoding_format="float")
    (vector,) = made.data
    assert len(vector.embedding) == 384
    assert made.usage.prompt_tokens == made.usage.total_tokens > 3


def test_it_writes_them_as_base64(site: Site) -> None:
    as_text = post(site, input=TEXTS[0], encoding_format="base64").json()["data"][0]["embedding"]
    as_numbers = post(site, input=TEXTS[0]).json()["data"][0]["embedding"]
    assert np.allclose(np.frombuffer(base64.b64decode(as_text), "<f4"), as_numbers)


def test_it_goes_by_the_name_of_its_space(site: Site) -> None:
    named = post(site, input=TEXTS[0]).json()["model"]
    assert post(site, input=TEXTS[0], model=named).status_code == 200
    assert post(site, input=TEXTS[0], model=named.rpartition("/")[0]).status_code == 200


def test_it_knows_no_other_model(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        client.embeddings.create(model="text-embedding-3-small", input=TEXTS)
    assert refused.value.code == "model_not_found"


def test_it_takes_no_other_dimensions(site: Site) -> None:
    assert "does not support specifying dimensions" in error_of(site, 400, input="a", dimensions=64)["message"]
    assert post(site, input="a", dimensions=384).status_code == 200


@pytest.mark.parametrize(
    "given",
    ["", "  ", [], [""], [1, 2], [[1, 2]], ["a", 3], {"a": 1}, None, "a\0", ["a"] * 1001, [True], [[]], [[1], "a"]],
)
def test_it_refuses_what_is_no_text(site: Site, given: Any) -> None:
    error = error_of(site, 400, input=given)
    assert (error["type"], error["param"].partition(".")[0]) == ("invalid_request_error", "input")


def test_it_refuses_what_would_be_cut(site: Site) -> None:
    error = error_of(site, 400, input=["short", "sound " * 300])
    assert (error["code"], "input.1 has 302" in error["message"]) == ("context_length_exceeded", True)
    cut = post(site, input="sound " * 300, truncate="END").json()
    assert cut["usage"]["prompt_tokens"] == 256


def test_it_counts_sixteen_texts_as_a_search(site: Site) -> None:
    key = add_key(site, "--searches", "2")
    with OpenAI(base_url=f"{site.url}/v1", api_key=key, max_retries=0) as client:
        client.embeddings.create(model="chrysopedia", input=["a"] * 17)
        with pytest.raises(openai.RateLimitError):
            client.embeddings.create(model="chrysopedia", input="a")


@pytest.fixture
def vocabulary(settings: Settings, tmp_path: Path) -> None:
    """Have the site know a vocabulary in which each byte is a token, and "vocal" another."""
    path = settings.EMBEDDINGS_VOCABULARY = tmp_path / "small.tiktoken"
    tokens = [*(bytes([number]) for number in range(256)), b"vocal"]
    path.write_text("".join(f"{base64.b64encode(token).decode()} {number}\n" for number, token in enumerate(tokens)))


async def embedded(given: Any) -> Any:
    answer = await AsyncClient().post("/v1/embeddings", {"model": "chrysopedia", "input": given}, "application/json")
    return answer.json()


@pytest.mark.usefixtures("vocabulary")
async def test_it_reads_tokens_where_it_knows_their_vocabulary() -> None:
    tokens = [*b"Compress the ", 256, *b".", 0xC3]
    found = [(await embedded(given))["data"] for given in (tokens, [tokens], TEXTS[0])]
    assert len(found[0]) == 1
    assert found[0] == found[1] == found[2]


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize("given", [[257], [-1], [[1], [300]], [10, 10], [[0]]])
async def test_it_refuses_tokens_that_are_none(given: Any) -> None:
    assert (await embedded(given))["error"]["param"].startswith("input.")


def test_it_says_how_a_client_sends_texts(site: Site) -> None:
    assert "check_embedding_ctx_length=False" in error_of(site, 400, input=[[1, 2]])["message"]


def test_it_counts_before_it_looks_at_the_texts(site: Site) -> None:
    key = add_key(site, "--searches", "1")
    with OpenAI(base_url=f"{site.url}/v1", api_key=key, max_retries=0) as client:
        with pytest.raises(openai.BadRequestError):
            client.embeddings.create(model="chrysopedia", input="sound " * 300)
        with pytest.raises(openai.RateLimitError):
            client.embeddings.create(model="chrysopedia", input="sound " * 300)


def test_it_wants_a_key_that_may_search(site: Site) -> None:
    key = add_key(site, "--scope", "chat")
    with (
        OpenAI(base_url=f"{site.url}/v1", api_key=key) as client,
        pytest.raises(openai.PermissionDeniedError),
    ):
        client.embeddings.create(model="chrysopedia", input="a")


def add_key(site: Site, *options: str) -> str:
    made = manage("key", "add", "embeds", *options, data_dir=site.data_dir, DATABASE_URL=site.database_url)
    return made.stdout.strip()
