"""Language models behind one seam: ``get_model`` makes those that the settings name."""

import json
from functools import lru_cache
from typing import Any, Literal, cast

from chat.llm.base import ChatModel, Delta, ModelError

__all__ = ["ChatModel", "Delta", "ModelError", "close_models", "get_model"]

MODEL_NAMES: tuple[Literal["primary", "fallback"], ...] = ("primary", "fallback")


def get_model(name: Literal["primary", "fallback"]) -> ChatModel | None:
    """The model under this name in ``settings.CHAT_MODELS``; None if there is none.

    One instance in a process for each configuration, because its connections are worth keeping.
    """
    from django.conf import settings

    config: dict[str, Any] | None = settings.CHAT_MODELS.get(name)
    return _model_of(json.dumps(config, sort_keys=True)) if config else None


async def close_models() -> None:
    """Close the connections that the running loop holds to the models, where they have any."""
    for name in MODEL_NAMES:
        aclose = getattr(get_model(name), "aclose", None)
        if aclose:
            await aclose()


@lru_cache(maxsize=8)
def _model_of(config: str) -> ChatModel:
    # Keyed by the configuration itself, so that changed settings give another model.
    from django.utils.module_loading import import_string

    described = json.loads(config)
    return cast(ChatModel, import_string(described["BACKEND"])(**described.get("OPTIONS", {})))
