"""What the environment says of the services that the program uses: database, cache, models, embedder and judge."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chrysopedia.core.token_vocabulary import read_vocabulary
from chrysopedia.embedded.cluster import ROLE
from chrysopedia.env import Environment, SettingError

EXAMPLE = "postgresql://user:password@db.example:5432/chrysopedia"
POOL = {"min_size": 1, "max_size": 10, "timeout": 5}
COMMON = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def embedded_database(*, socket_dir: Path) -> dict[str, Any]:
    """Return the settings for the embedded PostgreSQL, which listens on a private socket only."""
    options = {"pool": dict(POOL), "connect_timeout": 5}
    return COMMON | {"NAME": "chrysopedia", "USER": ROLE, "HOST": str(socket_dir), "OPTIONS": options}


def database_from_url(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return the settings for a PostgreSQL URL; its query holds options of libpq, such as ``sslmode``.

    Raises ``SettingError``, whose message never holds the URL: there is a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingError(name, "is not a URL (is the port a number?)", example=EXAMPLE) from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingError(name, "must begin with postgresql://", example=EXAMPLE)
    if not parts.path.strip("/"):
        raise SettingError(name, "names no database", example=EXAMPLE)
    query = dict(parse_qsl(parts.query))
    return COMMON | {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder can't stand in the host's place, so libpq takes it in the query as well.
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {"pool": dict(POOL), "connect_timeout": 5} | query,
        # A transaction pooler may stand in between, and there a cursor does not outlive its transaction.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def cache_for(env: Environment) -> dict[str, Any]:
    """Return the settings of the cache: Redis when REDIS_URL is set, else a table of the database."""
    schemes = ("redis", "rediss", "unix")
    url = env.string("REDIS_URL")
    if not url:
        return {
            "BACKEND": "chrysopedia.core.cache.DatabaseCache",
            "LOCATION": "chrysopedia_cache",
            "TIMEOUT": 3600,
        }
    if urlsplit(url).scheme not in schemes:
        raise SettingError("REDIS_URL", "must begin with redis:// or rediss://", example="redis://127.0.0.1:6379/0")
    return {
        "BACKEND": "chrysopedia.core.cache.RedisCache",
        "LOCATION": url,
        "TIMEOUT": 3600,
        "KEY_PREFIX": "chrysopedia",
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 2, "SOCKET_TIMEOUT": 2},
    }


BASE_URL = "https://api.openai.com/v1"
SHA256 = re.compile(r"[0-9a-f]{64}")
CHAT_BACKEND = "chat.llm.openai.OpenAICompatible"


FIRST_TOKEN_SECONDS, LOCAL_FIRST_TOKEN_SECONDS = 30, 120
"""For a server on the internet, and for one nearby, which may have no graphics card to read the prompt with."""
SMALL_PARAMETERS = 2_000_000_000
"""Of a model, by its name, up to which it gets the short prompt."""
_PARAMETERS = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)([mb])(?![a-z0-9])", re.IGNORECASE)
_NEARBY = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


def chat_models(env: Environment) -> dict[str, dict[str, Any]]:
    """Return the settings of the models that are configured: "primary", "fallback", both, or none.

    A fallback without a primary is the primary that someone mistyped, so it is refused.
    """
    named = {"primary": _chat_model(env, "LLM"), "fallback": _chat_model(env, "LLM_FALLBACK")}
    if named["fallback"] and not named["primary"]:
        raise SettingError("LLM_BASE_URL", "is missing: LLM_FALLBACK_BASE_URL needs it", example=BASE_URL)
    return {name: config for name, config in named.items() if config}


def _chat_model(env: Environment, prefix: str) -> dict[str, Any]:
    options = _remote(env, prefix, example="gpt-5-mini")
    local = bool(options) and is_nearby(urlsplit(options["base_url"]).hostname or "")
    default = LOCAL_FIRST_TOKEN_SECONDS if local else FIRST_TOKEN_SECONDS
    seconds = env.number(f"{prefix}_FIRST_TOKEN_SECONDS", default, at_least=1, at_most=3600)
    context = env.integer(f"{prefix}_CONTEXT_TOKENS", 0, at_least=0, at_most=100_000_000)
    if 0 < context < LEAST_CONTEXT:
        problem = f"is {context}; it must be 0 (to be learnt), or {LEAST_CONTEXT} at least"
        raise SettingError(f"{prefix}_CONTEXT_TOKENS", problem, example="4096")
    style = env.choice(f"{prefix}_PROMPT", "auto", among=("auto", "full", "short"))
    if not options:
        return {}
    is_short = is_small(options["model"]) if style == "auto" else style == "short"
    options |= {"first_token_timeout": seconds, "context_tokens": context or None}
    return {"BACKEND": CHAT_BACKEND, "OPTIONS": options, "SHORT_PROMPT": is_short, "PRICES": _prices(env, prefix)}


DEAREST = 1_000_000
"""Of a million tokens, in any currency."""


def _prices(env: Environment, prefix: str) -> tuple[float, float] | None:
    """Return what a million tokens cost, of a prompt and of an answer; None where neither is set: 0 is a price, too."""
    if not any(env.string(f"{prefix}_{part}_PRICE") for part in ("INPUT", "OUTPUT")):
        return None
    asked, written = (
        env.number(f"{prefix}_{part}_PRICE", 0, at_least=0, at_most=DEAREST) for part in ("INPUT", "OUTPUT")
    )
    return asked, written


def money_per_day(env: Environment) -> float:
    """Return what models may cost in a day, 0 for no cap; it is refused where no price is known to count by."""
    most = env.number("MONEY_PER_DAY", 0, at_least=0, at_most=1_000_000_000)
    if most and not any(sum(_prices(env, prefix) or ()) for prefix in ("LLM", "LLM_FALLBACK")):
        raise SettingError("LLM_INPUT_PRICE", "is missing: MONEY_PER_DAY counts by the price of tokens", example="0.25")
    return most


LEAST_CONTEXT = 1024
"""Tokens below which no passage has room beside the rules and an answer."""


def is_nearby(host: str) -> bool:
    """Say whether a host is this machine, or one in a network of one's own, by its address or name."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_NEARBY)
    return address.is_private or address.is_loopback or address.is_link_local


def is_small(model: str) -> bool:
    """Say whether a model has few parameters, as far as its name tells: ``smollm2-135m``, ``llama3.2:1b``."""
    sizes = [float(size) * (1e6 if unit in "mM" else 1e9) for size, unit in _PARAMETERS.findall(model)]
    return bool(sizes) and max(sizes) <= SMALL_PARAMETERS


def transcriber(env: Environment) -> dict[str, Any]:
    """Return the settings of the server that transcribes recordings, none where none is named."""
    return _remote(env, "TRANSCRIBE", example="whisper-1")


def embedder(env: Environment, *, models_dir: Path) -> dict[str, Any]:
    """Return the settings of the embedder: a server of the OpenAI protocol, else MiniLM on this machine."""
    remote = _remote(env, "EMBEDDINGS", example="text-embedding-3-small")
    precision = env.choice("EMBEDDINGS_PRECISION", "fp32", among=("fp32", "int8"))
    folder = _model_folder(env, "EMBEDDINGS", example="/srv/models/all-MiniLM-L6-v2")
    if remote and folder:
        raise SettingError(
            "EMBEDDINGS_MODEL_DIR", "is set beside EMBEDDINGS_BASE_URL: take one of them away", example=""
        )
    if remote:
        return {"BACKEND": "creators.embeddings.remote.OpenAICompatible", "OPTIONS": remote}
    options = {"models_dir": models_dir, "precision": precision, **folder}
    return {"BACKEND": "creators.embeddings.minilm.MiniLM", "OPTIONS": options}


def token_vocabulary(env: Environment) -> Path | None:
    """Return the file by which the tokens of OpenAI's clients are read, None where they are not."""
    path = env.path(name := "EMBEDDINGS_VOCABULARY")
    if path is None:
        return None
    try:
        read_vocabulary(path)
    except OSError as error:
        problem = f"names {path}, which can't be read ({error.strerror})"
        raise SettingError(name, problem, example="/srv/models/cl100k_base.tiktoken") from None
    except ValueError as error:
        problem = f"names {path}, which is no vocabulary: {error}"
        raise SettingError(name, problem, example="/srv/models/cl100k_base.tiktoken") from None
    return path


def reranker(env: Environment, *, models_dir: Path) -> dict[str, Any]:
    """Return the settings of what ranks passages again, a server or a model from a folder; {} where none is named."""
    remote = _remote(env, "RERANK", example="bge-reranker-v2-m3")
    seconds = env.number("RERANK_TIMEOUT", 1.0, at_least=0.05, at_most=10)
    precision = env.choice("RERANK_PRECISION", "fp32", among=("fp32", "int8"))
    folder = _model_folder(env, "RERANK", example="/srv/models/ms-marco-MiniLM-L6-v2")
    if remote and folder:
        raise SettingError("RERANK_MODEL_DIR", "is set beside RERANK_BASE_URL: take one of them away", example="")
    if remote:
        return {"BACKEND": "chat.retrieval.reranking.RerankServer", "OPTIONS": {**remote, "timeout": seconds}}
    if not folder:
        return {}
    options = {"models_dir": models_dir, "precision": precision, **folder, "timeout": seconds}
    return {"BACKEND": "chat.retrieval.cross_encoder.CrossEncoder", "OPTIONS": options}


def _model_folder(env: Environment, prefix: str, *, example: str) -> dict[str, Any]:
    """Return the options of a model that is taken from a folder, none where none is named."""
    name, pinned = f"{prefix}_MODEL_DIR", f"{prefix}_MODEL_SHA256"
    folder, digest = env.path(name), env.string(pinned).lower()
    if digest and not SHA256.fullmatch(digest):
        raise SettingError(pinned, "must be the 64 hexadecimal digits of model.safetensors", example="53aa5117…")
    if digest and folder is None:
        raise SettingError(name, f"is missing: {pinned} needs it", example=example)
    if folder is None:
        return {}
    if not folder.is_dir():
        problem = f"names {folder}, which is no folder: give one that sentence-transformers has saved"
        raise SettingError(name, problem, example=example)
    return {"model_dir": folder, "digest": digest}


def _remote(env: Environment, prefix: str, *, example: str) -> dict[str, Any]:
    base_url = env.url(f"{prefix}_BASE_URL", example=BASE_URL)
    model = env.string(f"{prefix}_MODEL")
    if base_url and not model:
        raise SettingError(f"{prefix}_MODEL", f"is missing: {prefix}_BASE_URL needs it", example=example)
    if model and not base_url:
        raise SettingError(f"{prefix}_BASE_URL", f"is missing: {prefix}_MODEL needs it", example=BASE_URL)
    key = env.string(f"{prefix}_API_KEY")
    if not key.isascii():
        raise SettingError(f"{prefix}_API_KEY", "holds characters that no key has", example="sk-4f2a")
    return {"base_url": base_url, "model": model, "api_key": key} if model else {}
