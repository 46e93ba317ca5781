"""From passages, voice, memory and question to the prompt that a chat model is asked."""

from collections.abc import Sequence
from string import Template
from xml.sax.saxutils import escape, quoteattr

from chat import personality
from chat.personality import Voice
from chat.prompts import read
from chat.values import Message, Passage, Prompt, Tier

MAX_ANSWER_TOKENS = 700


def compose(
    *,
    query: str,
    passages: Sequence[Passage],
    tier: Tier,
    voice: Voice | None,
    weight: float,
    history: Sequence[Message],
    disagreeing: Sequence[Sequence[int]] = (),
) -> Prompt:
    """Return the prompt; ``weight`` is the voice really applied, ``history`` the remembered turns, oldest first.

    ``disagreeing`` holds the numbers of passages that give different figures for one thing; the model is told of them.
    """
    system = Template(read("answer.txt")).substitute(
        attribution=_attribution(passages, tier) + "".join(map(_disagreement, disagreeing)),
        voice=personality.instructions(voice, weight=weight) if voice else "",
        passages="\n".join(_quoted(number, passage) for number, passage in enumerate(passages, start=1)),
    )
    messages = (Message("system", system), *history, Message("user", query))
    return Prompt(messages=messages, temperature=personality.temperature(weight), max_tokens=MAX_ANSWER_TOKENS)


def _attribution(passages: Sequence[Passage], tier: Tier) -> str:
    if tier is not Tier.CREATOR:
        return read("attribution-others.txt").strip()
    return Template(read("attribution-creator.txt")).substitute(creator=passages[0].creator).strip()


def _disagreement(passages: Sequence[int]) -> str:
    numbers = " and ".join(map(str, passages))
    return "\n" + Template(read("disagreement.txt")).substitute(numbers=numbers).strip()


def _quoted(number: int, passage: Passage) -> str:
    """Delimit a passage; escaping keeps its text from closing the quotation or opening another."""
    names = f"creator={quoteattr(passage.creator)} work={quoteattr(passage.title)}"
    if passage.published:
        names += f" published={quoteattr(passage.published)}"
    heading = f" heading={quoteattr(passage.heading)}" if passage.heading else ""
    return f'<passage number="{number}" {names}{heading}>\n{escape(passage.text)}\n</passage>'
