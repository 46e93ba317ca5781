"""Prompts, composed of the texts beside this file."""

from collections.abc import Sequence
from string import Template
from xml.sax.saxutils import escape

from chat.events.events import Message, Passage, Prompt, Tier
from chat.prompts import voice
from chat.prompts import voice as personality
from chat.prompts.voice import Voice, read
from chrysopedia.core.text import without_unseen

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
    return Template(read("attribution-creator.txt")).substitute(creator=voice.phrase(passages[0].creator)).strip()


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
    return voice.passage(passage.text, number=number, **names)


DRAFT_TOKENS, TEMPERATURE = 3_000, 0.2
LONGEST_ECHO = 4_000
"""Characters of a wrong answer that are sent back with what is wrong with it."""


def compose_personality(*, name: str, excerpts: Sequence[tuple[str, str]]) -> Prompt:
    """Return the prompt for a creator's name and excerpts, each with the title of its work."""
    passages = "\n".join(
        voice.passage(text, number=number, work=title) for number, (title, text) in enumerate(excerpts, start=1)
    )
    system = Template(read("personality.txt")).substitute(name=voice.phrase(name), passages=passages)
    request = Template(read("personality-request.txt")).substitute(name=voice.phrase(name)).strip()
    return Prompt(
        (Message("system", system), Message("user", request)),
        temperature=TEMPERATURE,
        max_tokens=DRAFT_TOKENS,
    )


def compose_correction(answer: str, *, reason: str) -> tuple[Message, Message]:
    """Return the messages that send an answer back with what is wrong with it."""
    told = Template(read("personality-correction.txt")).substitute(reason=reason).strip()
    return Message("assistant", answer[:LONGEST_ECHO]), Message("user", told)


REVIEW_TOKENS = 1_200


def compose_review(pairs: Sequence[tuple[str, str]]) -> Prompt:
    """Return the prompt for pairs of a sentence and the passage that it cites; they are numbered from 1."""
    listed = "\n".join(
        f'<pair id="{number}">\n<sentence>{escape(claim)}</sentence>\n<passage>{escape(passage)}</passage>\n</pair>'
        for number, (claim, passage) in enumerate(pairs, start=1)
    )
    system = Template(read("review.txt")).substitute(pairs=listed)
    return Prompt((Message("system", system), Message("user", read("review-request.txt").strip())), 0.0, REVIEW_TOKENS)
