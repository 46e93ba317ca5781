"""The request for a completion: what is sent, and the one retry that fits before a reader's first token."""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Any, cast

import openai
from openai import AsyncAPIResponse, Omit, omit

from chat.events.events import Prompt
from chat.llm.clients import Clients
from chat.llm.errors import rejected_field, wait_before_retry
from chat.llm.packets import Read, reads

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam


class Completions:
    """Asks one model of one server; remembers which optional fields it refuses."""

    def __init__(self, *, base_url: str, model: str, api_key: str, connect_timeout: float) -> None:
        self._clients = Clients(base_url=base_url, api_key=api_key, connect_timeout=connect_timeout)
        self._model = model
        # Omitted, because the client would take the first two from variables meant for another program.
        self._headers: dict[str, str | Omit] = {"OpenAI-Organization": omit, "OpenAI-Project": omit}
        if not api_key:
            self._headers["Authorization"] = omit
        self._refused: set[str] = set()

    async def open(self, prompt: Prompt, stack: AsyncExitStack) -> Read:
        """Ask, and give what reads the answer's next packet; leaving ``stack`` closes the connection."""
        retried = False
        while True:
            options = self._options(prompt)
            try:
                return await reads(self._request(prompt, options), stack)
            except openai.APIError as error:
                if field := rejected_field(error, options):
                    self._refused.add(field)
                    continue  # ends, because each field is left out only once
                wait = wait_before_retry(error)
                if retried or wait is None:
                    raise
            retried = True
            await asyncio.sleep(wait)

    async def aclose(self) -> None:
        """Close the connections that the running loop holds."""
        await self._clients.aclose()

    def _request(
        self, prompt: Prompt, options: dict[str, object]
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[Any]]:
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        return self._clients.get().chat.completions.with_streaming_response.create(
            model=self._model,
            messages=cast("list[ChatCompletionMessageParam]", messages),
            stream=True,
            extra_headers=self._headers,
            extra_body=options,
        )

    def _options(self, prompt: Prompt) -> dict[str, object]:
        options: dict[str, object] = {
            "stream_options": {"include_usage": True},
            "temperature": prompt.temperature,
            "max_tokens": prompt.max_tokens,
        }
        if "max_tokens" in self._refused:
            options["max_completion_tokens"] = prompt.max_tokens
        return {field: value for field, value in options.items() if field not in self._refused}
