"""The switch from one model to the next: it may be made until the first word is out, and not after it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from chat.events.events import Prompt
from chat.llm.base import ChatModel, Delta, ModelError
from chat.llm.deadline import Deadline

Heard = Callable[[str, ModelError, bool], None]


class NoModel(Exception):
    """No model gave a single word."""


class CutOff(Exception):
    """The model called ``name`` broke off after its first word: what it said stands, and no other model may go on."""

    def __init__(self, name: str, error: ModelError) -> None:
        super().__init__(f"{name}: {error}")
        self.name = name
        self.error = error


@dataclass(frozen=True, slots=True)
class Speaker:
    """A model that speaks: its name, its deltas up to its first word, those that follow, and who hears if it fails."""

    name: str
    begun: tuple[Delta, ...]
    rest: AsyncIterator[Delta]
    on_failure: Heard

    async def said(self, *, until: float) -> AsyncGenerator[Delta, None]:
        """Yield all its deltas; the last of them has a finish. ``until`` is a reading of the loop's clock.

        Raises ``CutOff`` where it breaks off or the time is up. Close it (``contextlib.aclosing``) when leaving
        early, and the model's connection closes too.
        """
        limit, is_finished = Deadline(until), False
        try:
            for delta in self.begun:
                is_finished = is_finished or delta.finish is not None
                yield delta
            while True:
                with limit:
                    delta = await anext(self.rest)
                is_finished = is_finished or delta.finish is not None
                yield delta
        except StopAsyncIteration:
            if not is_finished:
                raise self._cut_off("the answer ended without a finish reason") from None
        except TimeoutError:
            raise self._cut_off("the turn took too long") from None
        except ModelError as error:
            self.on_failure(self.name, error, True)
            raise CutOff(self.name, error) from error
        finally:
            limit.close()
            await _close(self.rest)

    def _cut_off(self, reason: str) -> CutOff:
        error = ModelError(reason, retryable=True)
        self.on_failure(self.name, error, True)
        return CutOff(self.name, error)


async def first_to_speak(models: Sequence[tuple[str, ChatModel]], prompt: Prompt, *, on_failure: Heard) -> Speaker:
    """Return the first of these models that says a word; nothing is said before that, so the switch can't be seen.

    ``on_failure`` hears of every failure, and whether a word was out by then. Raises ``NoModel`` if all of them fail
    before one.
    """
    for name, model in models:
        deltas = model.stream(prompt)
        try:
            return Speaker(name, await _until_a_word(deltas), deltas, on_failure)
        except ModelError as error:
            await _close(deltas)
            on_failure(name, error, False)
        except BaseException:
            await _close(deltas)
            raise
    raise NoModel


async def _until_a_word(deltas: AsyncIterator[Delta]) -> tuple[Delta, ...]:
    begun: list[Delta] = []
    async for delta in deltas:
        begun.append(delta)
        if delta.text.strip():
            return tuple(begun)
    raise ModelError("the model answered without a word", retryable=True)


async def _close(deltas: AsyncIterator[Delta]) -> None:
    if isinstance(deltas, AsyncGenerator):
        await deltas.aclose()
