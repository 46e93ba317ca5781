"""From passages, voice, memory and question to the prompt that a chat model is asked."""

from collections.abc import Sequence
from string import Template

from chat.events.events import Message, Passage, Prompt, Tier
from chat.prompts import quoting
from chat.prompts import voice as personality
from chat.prompts.prompts import read
from chat.prompts.voice import Voice
from chrysopedia.core.unseen import without_unseen

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
    said = [Message(one.role, without_unseen(one.content)) for one in (*history, Message("user", query))]
    messages = (Message("system", system), *said)
    return Prompt(messages=messages, temperature=personality.temperature(weight), max_tokens=MAX_ANSWER_TOKENS)


def _attribution(passages: Sequence[Passage], tier: Tier) -> str:
    if tier is not Tier.CREATOR:
        return read("attribution-others.txt").strip()
    return Template(read("attribution-creator.txt")).substitute(creator=quoting.phrase(passages[0].creator)).strip()


def _disagreement(passages: Sequence[int]) -> str:
    numbers = " and ".join(map(str, passages))
    return "\n" + Template(read("disagreement.txt")).substitute(numbers=numbers).strip()


def _quoted(number: int, passage: Passage) -> str:
    names = {
        "creator": passage.creator,
        "work": passage.title,
        "published": passage.published,
        "heading": passage.heading,
    }
    return quoting.passage(passage.text, number=number, **names)
