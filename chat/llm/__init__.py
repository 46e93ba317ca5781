"""Language models behind one protocol: those that the settings name, asked in turn until one answers."""

from chat.llm.base import (
    MODEL_NAMES,
    ChatModel,
    Delta,
    ModelError,
    ReadyModel,
    close_models,
    get_model,
    has_judge,
    has_model,
    run_sync,
)
from chat.llm.fallback import (
    AllModelsFailed,
    AnswerCutOff,
    Breaker,
    BreakerState,
    Completion,
    CompletionError,
    ModelStream,
    complete,
    first_stream,
)

__all__ = [
    "MODEL_NAMES",
    "AllModelsFailed",
    "AnswerCutOff",
    "Breaker",
    "BreakerState",
    "ChatModel",
    "Completion",
    "CompletionError",
    "Delta",
    "ModelError",
    "ModelStream",
    "ReadyModel",
    "close_models",
    "complete",
    "first_stream",
    "get_model",
    "has_judge",
    "has_model",
    "run_sync",
]
