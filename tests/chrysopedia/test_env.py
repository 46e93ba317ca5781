"""Reading the environment: what is taken, and the one line that refuses the rest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chrysopedia.env import Environment, SettingError
from chrysopedia.services import (
    cache_for,
    chat_models,
    database_from_url,
    embedder,
    money_per_day,
    reranker,
    token_vocabulary,
)
from chrysopedia.services import is_small as is_small_by_name

REFUSED: list[tuple[str, str, Callable[[Environment], Any]]] = [
    ("PORT", "80a", lambda env: env.integer("PORT", 8000, at_least=1, at_most=65535)),
    ("PORT", "65536", lambda env: env.integer("PORT", 8000, at_least=1, at_most=65535)),
    ("GRACE", "nan", lambda env: env.number("GRACE", 20, at_least=0, at_most=60)),
    ("DEBUG", "maybe", lambda env: env.flag("DEBUG")),
    ("URL", "example.org", lambda env: env.url("URL", example="https://example.org")),
    ("URL", "https://example.org:x", lambda env: env.url("URL", example="https://example.org")),
    ("ORIGINS", "https://a.example/path", lambda env: env.origins("ORIGINS")),
    ("PRECISION", "fp64", lambda env: env.choice("PRECISION", "fp32", among=("fp32", "int8"))),
    ("TEXT", "a\nb", lambda env: env.string("TEXT")),
    ("FOLDER", "~nobody-of-this-name/x", lambda env: env.path("FOLDER")),
    ("REDIS_URL", "localhost:6379", cache_for),
    ("DATABASE_URL", "mysql://db/x", lambda env: database_from_url(env.string("DATABASE_URL"))),
    ("DATABASE_URL", "postgresql://db:port/x", lambda env: database_from_url(env.string("DATABASE_URL"))),
    ("DATABASE_URL", "postgresql://user:secret@db", lambda env: database_from_url(env.string("DATABASE_URL"))),
]


@pytest.mark.parametrize(("name", "value", "read"), REFUSED)
def test_it_refuses_in_one_line_that_names_the_variable(name: str, value: str, read: Callable[..., Any]) -> None:
    with pytest.raises(SettingError) as refusal:
        read(Environment({name: value}))
    line = str(refusal.value)
    assert line.startswith(name)
    assert f"for example {name}=" in line
    assert "\n" not in line
    assert "secret" not in line


def test_it_takes_an_empty_value_for_none() -> None:
    env = Environment({"PORT": "", "DEBUG": " ", "DATA_DIR": ""})
    assert env.integer("PORT", 8000, at_least=1, at_most=65535) == 8000
    assert env.flag("DEBUG", default=True)
    assert env.path("DATA_DIR") is None


def test_it_reads_lists_flags_and_paths() -> None:
    env = Environment({"HOSTS": "a.example, b.example,,", "DEBUG": "Yes", "DATA_DIR": "~/data"})
    assert env.words("HOSTS") == ("a.example", "b.example")
    assert env.flag("DEBUG")
    assert env.path("DATA_DIR") == Path.home() / "data"


def test_it_takes_a_database_url_apart() -> None:
    database = database_from_url("postgres://us%40er:p%2Fw@db.example:6543/corpus?sslmode=require")
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("us@er", "p/w", "corpus")
    assert (database["HOST"], database["PORT"]) == ("db.example", "6543")
    assert database["OPTIONS"]["sslmode"] == "require"


def test_it_takes_a_socket_folder_in_a_database_url() -> None:
    assert database_from_url("postgresql:///corpus?host=/run/postgresql")["HOST"] == "/run/postgresql"


def test_it_has_no_chat_model_by_default() -> None:
    assert chat_models(Environment({})) == {}


def test_it_sets_up_a_primary_and_a_fallback_model() -> None:
    models = chat_models(
        Environment(
            {
                "LLM_BASE_URL": "http://localhost:11434/v1/",
                "LLM_MODEL": "small",
                "LLM_FALLBACK_BASE_URL": "https://api.example/v1",
                "LLM_FALLBACK_MODEL": "large",
                "LLM_FALLBACK_API_KEY": "key",
            }
        )
    )
    assert models["primary"]["OPTIONS"] == {
        "base_url": "http://localhost:11434/v1",
        "model": "small",
        "api_key": "",
        "first_token_timeout": 120,
        "context_tokens": None,
    }
    assert models["fallback"]["OPTIONS"]["api_key"] == "key"


@pytest.mark.parametrize(
    ("host", "seconds"),
    [
        ("api.example", 30),
        ("127.0.0.1:8080", 120),
        ("[::1]", 120),
        ("192.168.1.7", 120),
        ("ollama", 120),
        ("8.8.8.8", 30),
    ],
)
def test_it_waits_longer_for_a_model_nearby(host: str, seconds: float) -> None:
    models = chat_models(Environment({"LLM_BASE_URL": f"http://{host}/v1", "LLM_MODEL": "m"}))
    assert models["primary"]["OPTIONS"]["first_token_timeout"] == seconds


@pytest.mark.parametrize(
    ("model", "is_small"),
    [
        ("smollm2-135m-instruct", True),
        ("llama3.2:1b", True),
        ("gpt-5-mini", False),
        ("qwen3-30b-a3b", False),
        ("m", False),
    ],
)
def test_it_gives_a_small_model_the_short_prompt(model: str, is_small: bool) -> None:
    assert is_small_by_name(model) is is_small


def test_it_gives_any_model_the_prompt_that_is_set() -> None:
    named = {"LLM_BASE_URL": "https://api.example/v1", "LLM_MODEL": "llama3.2:1b", "LLM_PROMPT": "full"}
    assert chat_models(Environment(named))["primary"]["SHORT_PROMPT"] is False


def test_it_refuses_a_context_in_which_nothing_fits() -> None:
    with pytest.raises(SettingError, match=r"^LLM_CONTEXT_TOKENS is 17"):
        chat_models(Environment({"LLM_CONTEXT_TOKENS": "17"}))


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"LLM_BASE_URL": "https://api.example/v1"}, "LLM_MODEL"),
        ({"LLM_MODEL": "small"}, "LLM_BASE_URL"),
        ({"LLM_FALLBACK_BASE_URL": "https://api.example", "LLM_FALLBACK_MODEL": "small"}, "LLM_BASE_URL"),
    ],
)
def test_it_refuses_half_a_model(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingError, match=f"^{missing} is missing"):
        chat_models(Environment(given))


def test_it_embeds_on_this_machine_by_default(tmp_path: Path) -> None:
    settings = embedder(Environment({"EMBEDDINGS_PRECISION": "int8"}), models_dir=tmp_path)
    assert settings["OPTIONS"] == {"models_dir": tmp_path, "precision": "int8"}


def test_it_embeds_on_a_server_where_one_is_named(tmp_path: Path) -> None:
    env = Environment({"EMBEDDINGS_BASE_URL": "https://api.example/v1", "EMBEDDINGS_MODEL": "embed"})
    assert embedder(env, models_dir=tmp_path)["OPTIONS"]["model"] == "embed"


def test_it_ranks_again_where_a_judge_is_named(tmp_path: Path) -> None:
    env = Environment({"RERANK_BASE_URL": "http://127.0.0.1:8080", "RERANK_MODEL": "judge", "RERANK_TIMEOUT": "2"})
    assert reranker(Environment({}), models_dir=tmp_path) == {}
    assert reranker(env, models_dir=tmp_path)["OPTIONS"]["timeout"] == 2.0


def test_it_takes_the_judge_from_a_folder_where_one_is_named(tmp_path: Path) -> None:
    env = Environment({"RERANK_MODEL_DIR": str(tmp_path), "RERANK_PRECISION": "int8", "RERANK_MODEL_SHA256": "A" * 64})
    found = reranker(env, models_dir=tmp_path / "models")
    assert found["BACKEND"] == "chat.retrieval.cross_encoder.CrossEncoder"
    assert found["OPTIONS"] == {
        "models_dir": tmp_path / "models",
        "precision": "int8",
        "model_dir": tmp_path,
        "digest": "a" * 64,
        "timeout": 1.0,
    }


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"RERANK_MODEL_DIR": "/nowhere/at/all"}, "RERANK_MODEL_DIR"),
        ({"RERANK_MODEL_SHA256": "0" * 64}, "RERANK_MODEL_DIR"),
        ({"RERANK_MODEL_DIR": "/", "RERANK_MODEL_SHA256": "0" * 63}, "RERANK_MODEL_SHA256"),
        ({"RERANK_MODEL_DIR": "/", "RERANK_PRECISION": "int4"}, "RERANK_PRECISION"),
        ({"RERANK_MODEL_DIR": "/", "RERANK_BASE_URL": "http://a.b", "RERANK_MODEL": "m"}, "RERANK_MODEL_DIR"),
    ],
)
def test_it_refuses_a_folder_that_gives_no_judge(given: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"^{named} "):
        reranker(Environment(given), models_dir=tmp_path)


def test_it_takes_the_model_from_a_folder_where_one_is_named(tmp_path: Path) -> None:
    env = Environment({"EMBEDDINGS_MODEL_DIR": str(tmp_path), "EMBEDDINGS_MODEL_SHA256": "A" * 64})
    options = embedder(env, models_dir=tmp_path)["OPTIONS"]
    assert (options["model_dir"], options["digest"]) == (tmp_path, "a" * 64)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"EMBEDDINGS_MODEL_DIR": "/nowhere/at/all"}, "EMBEDDINGS_MODEL_DIR"),
        ({"EMBEDDINGS_MODEL_DIR": __file__}, "EMBEDDINGS_MODEL_DIR"),
        ({"EMBEDDINGS_MODEL_SHA256": "0" * 64}, "EMBEDDINGS_MODEL_DIR"),
        ({"EMBEDDINGS_MODEL_DIR": "/", "EMBEDDINGS_MODEL_SHA256": "0" * 63}, "EMBEDDINGS_MODEL_SHA256"),
        (
            {"EMBEDDINGS_MODEL_DIR": "/", "EMBEDDINGS_BASE_URL": "http://a.b", "EMBEDDINGS_MODEL": "m"},
            "EMBEDDINGS_MODEL_DIR",
        ),
    ],
)
def test_it_refuses_a_folder_that_gives_no_model(given: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"^{named} "):
        embedder(Environment(given), models_dir=tmp_path)


def test_it_reads_tokens_by_a_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "small.tiktoken"
    path.write_text("YQ== 0\n\nYg== 1\n")
    assert token_vocabulary(Environment({})) is None
    assert token_vocabulary(Environment({"EMBEDDINGS_VOCABULARY": str(path)})) == path
    with pytest.raises(SettingError, match="EMBEDDINGS_VOCABULARY names"):
        token_vocabulary(Environment({"EMBEDDINGS_VOCABULARY": "/nowhere/at/all"}))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"", "empty"),
        (b"YQ== 0\nb?\n", "line 2"),
        (b"YQ== a\n", "line 1"),
        (b"Y= 0\n", "line 1"),
        (b"\xff\xfe 1", "line 1"),
    ],
)
def test_it_refuses_a_file_that_holds_no_tokens(written: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "small.tiktoken"
    path.write_bytes(written)
    with pytest.raises(SettingError, match=f"^EMBEDDINGS_VOCABULARY names .*{told}"):
        token_vocabulary(Environment({"EMBEDDINGS_VOCABULARY": str(path)}))


def test_it_counts_money_by_a_price_alone() -> None:
    assert money_per_day(Environment({"MONEY_PER_DAY": "2.5", "LLM_OUTPUT_PRICE": "2"})) == 2.5
    with pytest.raises(SettingError, match="LLM_INPUT_PRICE is missing"):
        money_per_day(Environment({"MONEY_PER_DAY": "2.5"}))
