"""Which chat models and which embedder the environment names."""

from pathlib import Path
from typing import Any

from chrysopedia.env import Environment, SettingError

BASE_URL = "https://api.openai.com/v1"
CHAT_BACKEND = "chat.llm.openai.OpenAICompatible"


def chat_models(env: Environment) -> dict[str, dict[str, Any]]:
    """Return the settings of the models that are configured: "primary", "fallback", both, or none.

    A fallback without a primary is the primary that someone mistyped, so it is refused.
    """
    named = {
        "primary": _remote(env, "LLM", example="gpt-5-mini"),
        "fallback": _remote(env, "LLM_FALLBACK", example="gpt-5-mini"),
    }
    if named["fallback"] and not named["primary"]:
        raise SettingError("LLM_BASE_URL", "is missing: LLM_FALLBACK_BASE_URL needs it", example=BASE_URL)
    return {name: {"BACKEND": CHAT_BACKEND, "OPTIONS": options} for name, options in named.items() if options}


def embedder(env: Environment, *, models_dir: Path) -> dict[str, Any]:
    """Return the settings of the embedder: a server of the OpenAI protocol, else MiniLM on this machine."""
    remote = _remote(env, "EMBEDDINGS", example="text-embedding-3-small")
    precision = env.choice("EMBEDDINGS_PRECISION", "fp32", among=("fp32", "int8"))
    if remote:
        return {"BACKEND": "creators.embeddings.remote.OpenAICompatible", "OPTIONS": remote}
    options = {"models_dir": models_dir, "precision": precision}
    return {"BACKEND": "creators.embeddings.minilm.MiniLM", "OPTIONS": options}


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
