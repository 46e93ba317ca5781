"""A chat model behind the OpenAI chat-completions protocol: hosted ones, vLLM, Ollama, llama.cpp and others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Any, TypeVar, cast

import openai
from openai import AsyncAPIResponse, Omit, omit

from chat.llm.base import Delta, ModelError
from chat.llm.clients import Clients
from chat.llm.errors import FAILURES, as_model_error, rejected_field, wait_before_retry
from chat.llm.reader import AnswerReader
from chat.values import Prompt

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

_T = TypeVar("_T")

# After a finish reason come only the usage and the end of the body, which frees the connection.
_SETTLE_SECONDS = 0.5


class OpenAICompatible:
    """Streams answers from ``base_url``; timeouts in seconds.

    ``first_token_timeout`` bounds all that comes before the first sign of life, connecting and one
    retry included; ``idle_timeout`` the wait between two of them. A piece of reasoning is a sign
    of life, though it is no text.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        connect_timeout: float = 5.0,
        first_token_timeout: float = 30.0,
        idle_timeout: float = 30.0,
    ) -> None:
        self._clients = Clients(base_url=base_url, api_key=api_key.strip(), connect_timeout=connect_timeout)
        self._model = model
        self._has_key = bool(api_key.strip())
        self._first_token_timeout = first_token_timeout
        self._idle_timeout = idle_timeout
        self._rejected: set[str] = set()

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta]:
        """Yield texts, then one delta with the finish and the usage; or raise ``ModelError``."""
        reader = AnswerReader()
        deadline = _now() + self._first_token_timeout
        async with AsyncExitStack() as stack:
            try:
                packets = await self._within(deadline, self._open(prompt, stack), reader)
                while packet := await self._within(deadline, anext(packets, b""), reader):
                    signs = reader.signs
                    for delta in reader.feed(packet):
                        yield delta
                    deadline = self._new_deadline(reader, signs, deadline)
                for delta in reader.close():
                    yield delta
            except ModelError:
                # An answer that has said it is finished can no longer be spoilt.
                if reader.finish is None:
                    raise
            yield reader.last()

    async def aclose(self) -> None:
        """Close the connections that the running loop holds."""
        await self._clients.aclose()

    def _new_deadline(self, reader: AnswerReader, signs_before: int, deadline: float) -> float:
        # Counted from when the reader of the answer is ready for more, however slow that reader was.
        if reader.signs != signs_before:
            deadline = _now() + self._idle_timeout
        return deadline if reader.finish is None else min(deadline, _now() + _SETTLE_SECONDS)

    async def _within(self, deadline: float, step: Awaitable[_T], reader: AnswerReader) -> _T:
        try:
            async with asyncio.timeout_at(deadline):
                return await step
        except TimeoutError:
            waited = (
                f"silent for {self._idle_timeout:g}" if reader.signs else f"no token in {self._first_token_timeout:g}"
            )
            raise ModelError(f"the model server: {waited} s", retryable=True) from None
        except FAILURES as error:
            raise as_model_error(error) from None

    async def _open(self, prompt: Prompt, stack: AsyncExitStack) -> AsyncIterator[bytes]:
        retried = False
        while True:
            options = self._options(prompt)
            try:
                response = await stack.enter_async_context(self._request(prompt, options))
                return response.iter_bytes()
            except openai.APIError as error:
                if field := rejected_field(error, options):
                    self._rejected.add(field)
                    continue  # ends, because each field is left out only once
                wait = wait_before_retry(error)
                if retried or wait is None:
                    raise
            retried = True
            await asyncio.sleep(wait)

    def _request(
        self, prompt: Prompt, options: dict[str, object]
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[Any]]:
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        # Omitted, because the client would take these two from variables meant for another program.
        headers: dict[str, str | Omit] = {"OpenAI-Organization": omit, "OpenAI-Project": omit}
        if not self._has_key:
            headers["Authorization"] = omit
        return self._clients.get().chat.completions.with_streaming_response.create(
            model=self._model,
            messages=cast("list[ChatCompletionMessageParam]", messages),
            stream=True,
            extra_headers=headers,
            extra_body=options,
        )

    def _options(self, prompt: Prompt) -> dict[str, object]:
        options: dict[str, object] = {
            "stream_options": {"include_usage": True},
            "temperature": prompt.temperature,
            "max_tokens": prompt.max_tokens,
        }
        if "max_tokens" in self._rejected:
            options["max_completion_tokens"] = prompt.max_tokens
        return {field: value for field, value in options.items() if field not in self._rejected}


def _now() -> float:
    return asyncio.get_running_loop().time()
