"""From excerpts of what a creator said to the prompt that a model is asked to describe their manner by."""

from collections.abc import Sequence
from string import Template

from chat.events.events import Message, Prompt
from chat.prompts import quoting
from chat.prompts.prompts import read

MAX_TOKENS, TEMPERATURE = 3_000, 0.2
LONGEST_ECHO = 4_000
"""Characters of a wrong answer that are sent back with what is wrong with it."""


def compose_personality(*, name: str, excerpts: Sequence[tuple[str, str]]) -> Prompt:
    """Return the prompt for a creator's name and excerpts, each with the title of its work."""
    passages = "\n".join(
        quoting.passage(text, number=number, work=title) for number, (title, text) in enumerate(excerpts, start=1)
    )
    system = Template(read("personality.txt")).substitute(name=quoting.phrase(name), passages=passages)
    request = Template(read("personality-request.txt")).substitute(name=quoting.phrase(name)).strip()
    return Prompt((Message("system", system), Message("user", request)), temperature=TEMPERATURE, max_tokens=MAX_TOKENS)


def compose_correction(answer: str, *, reason: str) -> tuple[Message, Message]:
    """Return the messages that send an answer back with what is wrong with it."""
    told = Template(read("personality-correction.txt")).substitute(reason=reason).strip()
    return Message("assistant", answer[:LONGEST_ECHO]), Message("user", told)
