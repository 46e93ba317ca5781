"""Answers of a real model in full, as it gave them and as a reader gets them: ``python -m bench.beside > FILE``.

Asked is the model that ``LLM_BASE_URL`` and ``LLM_MODEL`` name, else that of ``bench.local_model`` where it is there.
Each question goes the way of a turn, but the model is read to its end before the turn hears of it, so that what it
would have said is known where a turn stops it. Give it time by ``LLM_FIRST_TOKEN_SECONDS``.
"""

import argparse
import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bench.answers import UNANSWERED, load, questions_of
from bench.prompts import DEMO, Answered, Asked, ask, served_model
from bench.relevance import own_database
from chat.events.events import Prompt
from chat.llm.base import Delta
from chat.llm.openai import OpenAICompatible

if TYPE_CHECKING:
    from chat.llm.requests import BegunRequest


class ReadWhole(OpenAICompatible):
    """A model whose answers are read to their end, and kept, before anybody hears of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answers: list[str] = []

    async def stream(self, prompt: Prompt, *, begun: "BegunRequest | None" = None) -> AsyncGenerator[Delta, None]:
        """Yield the answer, once all of it is there."""
        deltas = [delta async for delta in super().stream(prompt, begun=begun)]
        self.answers.append("".join(delta.text for delta in deltas))
        for delta in deltas:
            yield delta


@dataclass(frozen=True, slots=True)
class Both:
    """An answer as a reader gets it, and as the model gave it."""

    answered: Answered
    raw: str


async def both(asked: Asked) -> Both | None:
    """Ask a question as a visitor does; None where no model was asked."""
    from chat.llm import get_model

    model = cast(ReadWhole, get_model("primary"))
    before = len(model.answers)
    answered = await ask(asked)
    return Both(answered, model.answers[-1]) if len(model.answers) > before else None


def shown(number: int, one: Both) -> Iterator[str]:
    """Yield the Markdown of an answer, both ways, with how it ended."""
    asked, done = one.answered.asked, one.answered.done
    reason = f" ({done.reason})" if done.reason else ""
    markers = [citation for citation in done.citations if done.quoted_from is None or citation.start < done.quoted_from]
    found = sum(citation.found for citation in markers)
    yield f"\n**{number}. {asked.text}** ({f'to {asked.creator}' if asked.creator else 'to everyone'})\n"
    yield f"As the model gave it:\n\n{_quoted(one.raw)}\n"
    yield f"As a reader gets it ({done.finish}{reason}; {len(markers)} markers, {found} of them set by the program):\n"
    yield _quoted(one.answered.text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


async def _print_all(questions: Sequence[Asked], *, most: int) -> None:
    count = 0
    for asked in questions:
        one = await both(asked)
        if one is not None:
            count += 1
            print("\n".join(shown(count, one)), flush=True)
        if count == most:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", default="demo-5", help="a set of questions over the demo (demo-5)")
    parser.add_argument("--every", type=int, default=4, help="ask every so many of those that are answered (4)")
    parser.add_argument("--most", type=int, default=10, help="answers by the model (10)")
    options = parser.parse_args()
    with served_model():
        own_database("answers-demo")
        load("demo", DEMO)
        from django.conf import settings

        settings.CHAT_MODELS["primary"]["BACKEND"] = "bench.beside.ReadWhole"
        asked = [
            Asked(one.text, one.creator, one.kind)
            for one in questions_of(options.questions, DEMO, is_locked=False)
            if not one.history and one.kind not in UNANSWERED
        ]
        asyncio.run(_print_all(asked[:: options.every], most=options.most))


if __name__ == "__main__":
    main()
