"""What a chat model is, the models that the settings name, and the timeout over an answer's many waits."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Literal, NamedTuple, Protocol, Self, TypeVar, cast

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from chat.events.events import Prompt, Usage


class Delta(NamedTuple):
    """A piece of an answer: text, or how it ended, or what it cost; usually only one of them is set.

    ``tokens`` counts the model's own pieces, reasoning included, that were joined in it. A tuple, as one is made for
    each token: several times cheaper than a frozen dataclass.
    """

    text: str = ""
    tokens: int = 0
    finish: Literal["complete", "length"] | None = None
    usage: Usage | None = None


@dataclass(eq=False)
class ModelError(Exception):
    """A model failed. ``reason`` is for the log, never for the reader.

    ``retryable`` says whether asking again later may help (a timeout does, a 401 does not).
    """

    reason: str
    retryable: bool

    def __str__(self) -> str:
        return self.reason


class PromptTooLong(ModelError):
    """The server refused a prompt for its length; ``context_tokens`` is what prompt and answer may have together."""

    def __init__(self, reason: str, *, context_tokens: int) -> None:
        super().__init__(reason, retryable=False)
        self.context_tokens = context_tokens


PromptFor = Callable[[str, int | None], Prompt]
"""Returns the prompt for the model of this name, whose context has so many tokens, None where that is not known."""


class ChatModel(Protocol):
    """Anything that streams an answer to a prompt.

    ``context_tokens``, where a model has it, is what prompt and answer may have together, None where that is unknown.
    """

    def stream(self, prompt: Prompt) -> AsyncIterator[Delta]:
        """Yield the answer piece by piece; end after a ``finish``, or raise ``ModelError``.

        An answer that breaks off without a finish reason raises ``ModelError`` too.
        Closing the iterator closes the connection to the model at once.
        """
        ...


class ReadyModel(ChatModel, Protocol):
    """A chat model whose next question is on its way, up to the prompt; what was not asked by its end is not sent.

    A model that has it gives it by a method ``ready``, called on the loop on which it will be asked.
    """

    def close(self) -> None:
        """Let go of what was not asked."""
        ...


MODEL_NAMES: tuple[Literal["primary", "fallback"], ...] = ("primary", "fallback")
"""The models that ``settings.CHAT_MODELS`` may configure, in the order in which they are asked."""


def get_model(name: Literal["primary", "fallback"]) -> ChatModel | None:
    """Return the model configured under this name in ``settings.CHAT_MODELS``; None if there is none.

    A process has one instance for each configuration, because its connections are worth keeping.
    """
    config: dict[str, Any] | None = settings.CHAT_MODELS.get(name)
    return _model_of(json.dumps(config, sort_keys=True)) if config else None


@lru_cache(maxsize=8)
def _model_of(config: str) -> ChatModel:
    # Keyed by the configuration itself, so that changed settings give another model.
    described = json.loads(config)
    return cast(ChatModel, import_string(described["BACKEND"])(**described.get("OPTIONS", {})))


def has_model() -> bool:
    """Say whether any language model is configured."""
    return any(get_model(name) for name in MODEL_NAMES)


def has_judge() -> bool:
    """Say whether the model that is asked first can judge claims: small ones call nearly every one supported."""
    first = next((name for name in MODEL_NAMES if get_model(name)), None)
    return first is not None and not settings.CHAT_MODELS[first].get("SHORT_PROMPT")


async def close_models() -> None:
    """Close the connections that the running loop holds to the models, where they have any."""
    for name in MODEL_NAMES:
        aclose = getattr(get_model(name), "aclose", None)
        if aclose:
            await aclose()


T = TypeVar("T")


def run_sync(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that asks models to its end, from synchronous code, in a loop of its own.

    Not in the server's loop: closing its connections there would break other readers' answers.
    """

    async def closing() -> T:
        try:
            return await work
        finally:
            await close_models()

    _release_connections()
    return asyncio.run(closing())


def _release_connections() -> None:
    """Return this thread's database connections to the pool for the minutes that a model may take."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


class MovableTimeout:
    """Ends waits at a time that may be moved; ``when`` is a reading of the loop's clock.

    ``with timeout: await …``, any number of times, raises ``TimeoutError`` as ``asyncio.timeout_at`` does. That makes a
    timer for each wait, which a relay of tokens would feel: here one timer serves all and is set again if it rings
    early. Close it in the end.
    """

    def __init__(self, when: float) -> None:
        self.when = when
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[object] | None = None
        self._others = 0
        self._has_rung = False

    def now(self) -> float:
        """Return a reading of the loop's clock."""
        return self._loop.time()

    def move(self, when: float) -> None:
        """Have it end waits at another time."""
        self.when = when
        if self._timer and when < self._timer.when():
            self.close()

    def close(self) -> None:
        """Let go of the timer."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def __enter__(self) -> Self:
        # With the loop given: until CPython 3.12 looking for it is a system call.
        self._task = asyncio.current_task(self._loop)
        self._others = self._task.cancelling() if self._task else 0
        if self._timer is None:
            self._timer = self._loop.call_at(self.when, self._ring)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._has_rung:
            self._has_rung = False
            is_ours = task is not None and task.uncancel() <= self._others
            if is_ours and isinstance(error, asyncio.CancelledError):
                raise TimeoutError from error

    def _ring(self) -> None:
        self._timer = None
        if self.when > self._loop.time():
            self._timer = self._loop.call_at(self.when, self._ring)
        elif self._task:
            self._has_rung = True
            self._task.cancel()
