"""Asking several models in turn: breakers that rest a failing one, the first that answers, and whole completions."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace

from django.core.cache import cache
from django.utils import timezone

from chat.events.events import Prompt, Usage
from chat.events.turn import USUAL, Terms
from chat.llm import spending
from chat.llm.base import (
    MODEL_NAMES,
    ChatModel,
    Delta,
    ModelError,
    MovableTimeout,
    PromptFor,
    PromptTooLong,
    get_model,
)
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.text import is_blank

MAX_FAILURES = 5
"""Turns in a row that must fail before their first word for the model to be rested."""
REST_SECONDS = 15.0
"""Seconds for which a failing model is not asked."""
PROBE_SECONDS = 60.0
"""Seconds after which a probe whose end was never reported is given up, as after a crash."""
MEMORY_SECONDS = 600
"""Seconds for which failures are remembered after the last one."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """The circuit breaker of a model, shared by all processes under its ``name``; ``rest`` is in seconds."""

    name: str
    rest: float = REST_SECONDS

    def state(self) -> "BreakerState":
        """Return whether the model may be asked now; after a rest only one turn may, as a probe. Synchronous."""
        failures = int(cache.get(self._failures) or 0)
        if failures < MAX_FAILURES:
            return BreakerState(self, may_ask=True, failures=failures)
        is_resting = cache.get(self._resting) is not None
        return BreakerState(
            self, may_ask=not is_resting and cache.add(self._probing, 1, PROBE_SECONDS), failures=failures
        )

    def failed(self) -> None:
        """Count a turn that failed before its first word."""
        failures = self._count()
        cache.touch(self._failures, MEMORY_SECONDS)
        if failures >= MAX_FAILURES:
            cache.set(self._resting, 1, self.rest)
            cache.delete(self._probing)

    def answered(self) -> None:
        """Forget the failures: the model answered."""
        cache.delete_many([self._failures, self._resting, self._probing])

    def gave_up(self) -> None:
        """Let another turn probe: the one that did was cancelled, which says nothing about the model."""
        cache.delete(self._probing)

    def _count(self) -> int:
        if cache.add(self._failures, 1, MEMORY_SECONDS):
            return 1
        try:
            return cache.incr(self._failures)
        except ValueError:  # it ran out in between
            cache.add(self._failures, 1, MEMORY_SECONDS)
            return 1

    @property
    def _failures(self) -> str:
        return f"breaker:{self.name}:failures"

    @property
    def _resting(self) -> str:
        return f"breaker:{self.name}:resting"

    @property
    def _probing(self) -> str:
        return f"breaker:{self.name}:probing"


@dataclass(frozen=True, slots=True)
class BreakerState:
    """Whether a turn may ask a model, and how many failures in a row came before."""

    breaker: Breaker
    may_ask: bool
    failures: int = 0

    def report(self, *, failed: bool, answered: bool) -> None:
        """Report how the turn ended; neither means cancelled, or answered by another model. Synchronous."""
        if failed:
            self.breaker.failed()
        elif answered and self.failures:
            self.breaker.answered()
        elif self.may_ask and self.failures >= MAX_FAILURES and not answered:
            self.breaker.gave_up()


OnFailure = Callable[[str, ModelError, bool], None]
"""Called with a model's name, its error, and whether its first word was out by then."""


class AllModelsFailed(Exception):
    """No model gave a single word."""


class AnswerCutOff(Exception):
    """The model ``name`` broke off after its first word: what it said stands, and no other model may continue."""

    def __init__(self, name: str, error: ModelError) -> None:
        super().__init__(f"{name}: {error}")
        self.name = name
        self.error = error


@dataclass(frozen=True, slots=True)
class ModelStream:
    """The answer of the model ``name``: its deltas up to the first word, and the iterator of those that follow."""

    name: str
    first_deltas: tuple[Delta, ...]
    rest: AsyncIterator[Delta]
    on_failure: OnFailure

    async def deltas(self, *, deadline: float) -> AsyncGenerator[Delta, None]:
        """Yield all its deltas; one of them has a finish. ``deadline`` is a reading of the loop's clock.

        Raises ``AnswerCutOff`` where it breaks off or the time is up. Close it (``contextlib.aclosing``) when leaving
        early, and the model's connection closes too.
        """
        limit, is_finished = MovableTimeout(deadline), False
        try:
            for delta in self.first_deltas:
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
            raise AnswerCutOff(self.name, error) from error
        finally:
            limit.close()
            await _close(self.rest)

    def _cut_off(self, reason: str) -> AnswerCutOff:
        error = ModelError(reason, retryable=True)
        self.on_failure(self.name, error, True)
        return AnswerCutOff(self.name, error)


async def first_stream(
    models: Sequence[tuple[str, ChatModel]], prompt: Prompt | PromptFor, *, on_failure: OnFailure
) -> ModelStream:
    """Return the answer of the first of these models that gives a word; before that a switch can't be seen.

    A prompt that is composed for each model is composed once more, shorter, where one refuses it for its length.
    ``on_failure`` hears of every failure, and whether a word was out by then. Raises ``AllModelsFailed``
    before one.
    """
    for name, model in models:
        try:
            return await _begun(name, model, prompt, on_failure)
        except ModelError as error:
            on_failure(name, error, False)
    raise AllModelsFailed


async def _begun(name: str, model: ChatModel, prompt: Prompt | PromptFor, on_failure: OnFailure) -> ModelStream:
    """Return the answer of a model up to its first word, at the second try where the first was too long for it."""
    context: int | None = getattr(model, "context_tokens", None)
    for is_retry in (False, True):
        deltas = model.stream(prompt if isinstance(prompt, Prompt) else prompt(name, context))
        try:
            return ModelStream(name, await _until_first_word(deltas), deltas, on_failure)
        except PromptTooLong as error:
            await _close(deltas)
            if is_retry or isinstance(prompt, Prompt):
                raise
            context = error.context_tokens
        except BaseException:
            await _close(deltas)
            raise
    raise AllModelsFailed  # never reached: the second try returns or raises


async def _until_first_word(deltas: AsyncIterator[Delta]) -> tuple[Delta, ...]:
    begun: list[Delta] = []
    async for delta in deltas:
        begun.append(delta)
        if not is_blank(delta.text):
            return tuple(begun)
    raise ModelError("the model answered without a word", retryable=True)


async def _close(deltas: AsyncIterator[Delta]) -> None:
    if isinstance(deltas, AsyncGenerator):
        await deltas.aclose()


class CompletionError(Exception):
    """No model gave a whole answer; the message says why and holds nothing of the prompt or a key."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer, the name of its model, whether it was cut at the limit of tokens, and what it cost."""

    text: str
    model: str
    is_cut: bool
    charge: spending.Charge = field(default=spending.NO_CHARGE, compare=False)


async def complete(prompt: Prompt | PromptFor, *, deadline: float, terms: Terms = USUAL) -> Completion:
    """Return the whole answer of the first model that gives a word; ``deadline`` is a reading of the loop's clock.

    What it may cost is reckoned by the prompt at its longest. Raises ``CompletionError`` where none does, where it
    breaks off, and where what may be spent today is used up.
    """
    payers, aside = spending.payers_for(terms), spending.Aside()
    longest = prompt if isinstance(prompt, Prompt) else prompt(MODEL_NAMES[0], None)
    asked = Usage(longest.tokens - longest.max_tokens, longest.max_tokens)
    told: list[tuple[str, Usage]] = []
    try:
        if any(payer.is_capped for payer in payers):
            cost = max((spending.cost_of(asked, model=name) for name in MODEL_NAMES), key=lambda one: one.micros)
            await in_one_hop(aside.reserve, payers, cost, now=timezone.now())
        return await _complete(prompt, asked, deadline=deadline, told=told)
    except spending.CapReached:
        raise CompletionError("What may be spent on language models today is used up.") from None
    finally:
        reserved = aside.leave()
        spent = spending.cost_of(told[-1][1], model=told[-1][0]) if told else spending.NOTHING
        if reserved or told:
            await asyncio.shield(in_one_hop(_count, payers, spent, reserved))


def _count(payers: Sequence[spending.Payer], spent: spending.Cost, reserved: spending.Reservation | None) -> None:
    with suppress(*STORAGE_ERRORS):
        spending.settle(payers, spent, reserved=reserved, now=timezone.now())


async def _complete(
    prompt: Prompt | PromptFor, asked: Usage, *, deadline: float, told: list[tuple[str, Usage]]
) -> Completion:
    """As ``complete``, adding to ``told`` what it cost."""
    reasons: list[str] = []

    def on_failure(name: str, error: ModelError, has_spoken: bool) -> None:
        reasons.append(f"The {name} model {'broke off' if has_spoken else 'failed'}: {error.reason}.")

    models = [(name, model) for name in MODEL_NAMES if (model := get_model(name))]
    pieces: list[str] = []
    is_cut, tokens = False, 0
    usage: Usage | None = None
    try:
        async with asyncio.timeout_at(deadline):
            speaker = await first_stream(models, prompt, on_failure=on_failure)
        async with aclosing(speaker.deltas(deadline=deadline)) as deltas:
            async for delta in deltas:
                pieces.append(delta.text)
                tokens += delta.tokens
                usage = delta.usage or usage
                about = replace(asked, completion_tokens=tokens)
                told.append((speaker.name, (usage or about).filled(about)))
                is_cut = is_cut or delta.finish == "length"
    except TimeoutError:
        raise CompletionError("The language model took too long.") from None
    except (AllModelsFailed, AnswerCutOff):
        raise CompletionError(" ".join(reasons) or "There is no language model.") from None
    name, used = told[-1]
    charge = spending.charge_of(spending.cost_of(used, model=name), model=name)
    return Completion("".join(pieces), model=name, is_cut=is_cut, charge=charge)
