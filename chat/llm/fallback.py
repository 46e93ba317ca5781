"""The switch from one model to the next: it may be made until the first word is out, and not after it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing

from chat.llm.base import ChatModel, Delta, ModelError
from chat.values import Prompt


class NoModel(Exception):
    """No model gave a single word."""


class CutOff(Exception):
    """The model called ``name`` broke off after its first word: what it said stands, and no other model may go on."""

    def __init__(self, name: str, error: ModelError) -> None:
        super().__init__(f"{name}: {error}")
        self.name = name
        self.error = error


async def stream_with_fallback(
    models: Sequence[tuple[str, ChatModel]],
    prompt: Prompt,
    *,
    on_failure: Callable[[str, ModelError, bool], None],
) -> AsyncGenerator[tuple[str, Delta], None]:
    """Yield the deltas of the first of these models that speaks, each with that model's name.

    Nothing is yielded before the first word, and the last delta has a finish. ``on_failure`` hears
    of every failure, and whether a word was out by then. Raises ``NoModel`` if all of them fail before a word is out,
    ``CutOff`` if one fails after that.
    Close it (``contextlib.aclosing``) when leaving early, and the model's connection closes too.
    """
    for name, model in models:
        spoken = False
        try:
            async with aclosing(_answer(model, prompt)) as deltas:
                async for delta in deltas:
                    spoken = True
                    yield name, delta
                return
        except ModelError as error:
            on_failure(name, error, spoken)
            if spoken:
                raise CutOff(name, error) from error
    raise NoModel


async def _answer(model: ChatModel, prompt: Prompt) -> AsyncGenerator[Delta, None]:
    """The model's answer from its first word on; ``ModelError`` if it has none, or no end."""
    held: list[Delta] = []
    spoken = finished = False
    deltas = model.stream(prompt)
    try:
        async for delta in deltas:
            held.append(delta)
            finished = finished or delta.finish is not None
            spoken = spoken or bool(delta.text.strip())
            if spoken:
                for ready in held:
                    yield ready
                held.clear()
    finally:
        await _close(deltas)
    if not spoken:
        raise ModelError("the model answered without a word", retryable=True)
    if not finished:
        raise ModelError("the answer ended without a finish reason", retryable=True)


async def _close(deltas: AsyncIterator[Delta]) -> None:
    if isinstance(deltas, AsyncGenerator):
        await deltas.aclose()
