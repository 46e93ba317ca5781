"""Prompts, composed of the texts in this folder, and the voice that an answer may take on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape, quoteattr

from chat.events.events import TOKENS_A_MESSAGE, Message, Passage, Prompt, Tier
from chrysopedia.core.text import estimated_tokens, without_unseen
from creators.transcripts.sentences import sentence_spans


@cache
def prompt_text(name: str) -> str:
    """Return the text of a prompt file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def quoted_passage(text: str, *, number: int, **names: str) -> str:
    """Return a text as an element whose attributes are the names that are not empty."""
    named = "".join(f" {key}={quoteattr(one_line(name))}" for key, name in names.items() if name)
    return f'<passage number="{number}"{named}>\n{escape(without_unseen(text))}\n</passage>'


def phrase(text: str) -> str:
    """Return a name or a few words that stand among the rules, where they may begin neither a line nor an element."""
    return one_line(text).replace("<", "&lt;")


def one_line(text: str) -> str:
    """Return a text with single spaces and no line breaks."""
    return " ".join(without_unseen(text).split())


COOLEST, WARMEST = 0.2, 0.7


@dataclass(frozen=True, slots=True)
class Voice:
    """A creator's personality as the prompt needs it; empty lists where the curator wrote nothing."""

    name: str
    summary: str = ""
    tone: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    habits: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything to sound like."""
        return any((self.summary, self.tone, self.vocabulary, self.habits, self.phrases))


PART_THRESHOLDS = (("tone", 0.0), ("vocabulary", 0.25), ("habits", 0.5), ("phrases", 0.75))


def voice_applied(*, weight: float, tier: Tier, voice: Voice | None) -> float:
    """Return the weight really used: nobody is given other people's claims to say, or a voice nobody described."""
    return weight if tier is Tier.CREATOR and voice is not None and voice.is_known else 0.0


def temperature_for(weight: float) -> float:
    """Return the sampling temperature for a weight from 0 to 1."""
    return round(COOLEST + (WARMEST - COOLEST) * weight, 3)


def voice_instructions(voice: Voice, *, weight: float) -> str:
    """Return what the prompt says about the voice; "" at weight 0."""
    if weight <= 0:
        return ""
    lines = [f"{part.capitalize()}: {_joined(_share(voice, part, weight))}." for part in _parts_at(voice, weight)]
    if voice.avoid:
        lines.append(f"Never: {_joined(voice.avoid)}.")
    described = "\n".join(([phrase(voice.summary)] if voice.summary else []) + lines)
    template = Template(prompt_text(f"voice-{_strength(weight)}.txt"))
    return template.substitute(name=phrase(voice.name), described=described).strip()


def _joined(items: Sequence[str]) -> str:
    return "; ".join(map(phrase, items))


def _strength(weight: float) -> str:
    """Return which of the four texts asks for a weight above 0."""
    return ("hint", "balanced", "strong", "full")[ceil(weight * 4) - 1]


def _parts_at(voice: Voice, weight: float) -> list[str]:
    return [part for part, above in PART_THRESHOLDS if weight > above and getattr(voice, part)]


def _share(voice: Voice, part: str, weight: float) -> tuple[str, ...]:
    items: tuple[str, ...] = getattr(voice, part)
    return items[: ceil(len(items) * weight)]


MAX_ANSWER_TOKENS = 700
LEAST_ANSWER_TOKENS = 150
"""Room for an answer in the smallest context."""
LONGEST_HISTORY = 0.25
"""Share of a context that is too small for everything which the turns before may take."""
LEAST_PASSAGE = 200
"""Characters of a passage below which it is not worth giving."""


@dataclass(frozen=True, slots=True)
class PromptSize:
    """What a model can take: tokens of prompt and answer together, None where that is not known; the short rules."""

    context_tokens: int | None = None
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    query: str
    passages: Sequence[Passage]
    tier: Tier
    voice: Voice | None
    weight: float
    history: Sequence[Message]
    disagreeing: Sequence[Sequence[int]]


def compose_answer(
    *,
    query: str,
    passages: Sequence[Passage],
    tier: Tier,
    voice: Voice | None,
    weight: float,
    history: Sequence[Message],
    disagreeing: Sequence[Sequence[int]] = (),
    size: PromptSize = PromptSize(),
) -> Prompt:
    """Return the prompt; ``weight`` is the voice really applied, ``history`` the remembered turns, oldest first.

    ``disagreeing`` holds the numbers of passages that give different figures for one thing; the model is told of them.
    The prompt fits ``size`` with room for the answer: where it would not, the turns before give way, oldest first, then
    passages, the last ones first.
    """
    request = _Request(query, passages, tier, voice, weight, history, disagreeing)
    whole, context = _composed(request, is_short=size.is_short), size.context_tokens
    if context is None or whole.tokens <= context:
        return whole
    answer = max(LEAST_ANSWER_TOKENS, min(MAX_ANSWER_TOKENS, context // 4))
    newest = _newest(history, tokens=int((context - answer) * LONGEST_HISTORY))
    for fewer in (replace(request, history=newest), replace(request, history=())):
        for count in range(len(passages), 0, -1):
            few = replace(fewer, passages=passages[:count])
            prompt = replace(_composed(few, is_short=size.is_short), max_tokens=answer)
            if prompt.tokens <= context:
                return prompt
    return _with_part(replace(request, history=()), answer=answer, context_tokens=context)


def _with_part(request: _Request, *, answer: int, context_tokens: int) -> Prompt:
    """Return the short prompt with as much of the first passage as fits, and a little where nothing does."""
    first = request.passages[0]
    ends = [end for _, end in sentence_spans(first.text) if end >= LEAST_PASSAGE] or [len(first.text)]
    for end in reversed(ends):
        part = replace(request, passages=[replace(first, text=first.text[:end])])
        prompt = replace(_composed(part, is_short=True), max_tokens=answer)
        if prompt.tokens <= context_tokens:
            break
    return prompt


def _newest(history: Sequence[Message], *, tokens: int) -> Sequence[Message]:
    """Return the newest exchanges that have no more than so many tokens."""
    kept = 0
    for at in range(len(history) - 2, -1, -2):
        tokens -= sum(estimated_tokens(one.content) + TOKENS_A_MESSAGE for one in history[at : at + 2])
        if tokens < 0:
            break
        kept = len(history) - at
    return history[len(history) - kept :]


def _composed(request: _Request, *, is_short: bool) -> Prompt:
    voice = voice_instructions(request.voice, weight=request.weight) if request.voice else ""
    count = len(request.passages)
    disagreeing = [numbers for numbers in request.disagreeing if max(numbers) <= count]
    system = Template(prompt_text("answer-short.txt" if is_short else "answer.txt")).substitute(
        attribution=_attribution(request.passages, request.tier) + "".join(map(_disagreement, disagreeing)),
        voice=voice,
        passages="\n".join(_quoted(number, passage) for number, passage in enumerate(request.passages, start=1)),
    )
    said = [
        Message(one.role, without_unseen(one.content)) for one in (*request.history, Message("user", request.query))
    ]
    messages = (Message("system", system), *said)
    return Prompt(messages, temperature=temperature_for(request.weight), max_tokens=MAX_ANSWER_TOKENS, passages=count)


def _attribution(passages: Sequence[Passage], tier: Tier) -> str:
    if tier is not Tier.CREATOR:
        return prompt_text("attribution-others.txt").strip()
    creator = phrase(passages[0].creator)
    rule = Template(prompt_text("attribution-creator.txt")).substitute(creator=creator).strip()
    guests = sorted({phrase(name) for passage in passages for name in passage.guests})
    if guests:
        template = Template(prompt_text("attribution-guests.txt"))
        rule += "\n" + template.substitute(creator=creator, guests=", ".join(guests)).strip()
    return rule


def _disagreement(passages: Sequence[int]) -> str:
    numbers = " and ".join(map(str, passages))
    return "\n" + Template(prompt_text("disagreement.txt")).substitute(numbers=numbers).strip()


def _quoted(number: int, passage: Passage) -> str:
    names = {
        "creator": passage.creator,
        "work": passage.title,
        "published": passage.published,
        "heading": passage.heading,
        "speaker": passage.speaker if passage.guests else "",
    }
    return quoted_passage(passage.text, number=number, **names)


MAX_DRAFT_TOKENS, DRAFT_TEMPERATURE = 3_000, 0.2
MAX_ECHO = 4_000
"""Characters of a wrong answer that are sent back with what is wrong with it."""


def compose_personality(*, name: str, excerpts: Sequence[tuple[str, str]]) -> Prompt:
    """Return the prompt for a creator's name and excerpts, each with the title of its work."""
    passages = "\n".join(
        quoted_passage(text, number=number, work=title) for number, (title, text) in enumerate(excerpts, start=1)
    )
    system = Template(prompt_text("personality.txt")).substitute(name=phrase(name), passages=passages)
    request = Template(prompt_text("personality-request.txt")).substitute(name=phrase(name)).strip()
    return Prompt(
        (Message("system", system), Message("user", request)),
        temperature=DRAFT_TEMPERATURE,
        max_tokens=MAX_DRAFT_TOKENS,
    )


def compose_correction(answer: str, *, reason: str) -> tuple[Message, Message]:
    """Return the messages that send an answer back with what is wrong with it."""
    told = Template(prompt_text("personality-correction.txt")).substitute(reason=reason).strip()
    return Message("assistant", without_unseen(answer[:MAX_ECHO])), Message("user", without_unseen(told))


MAX_REVIEW_TOKENS, TOKENS_A_VERDICT = 1_200, 100


def _seen(text: str) -> str:
    return escape(without_unseen(text))


def compose_review(pairs: Sequence[tuple[str, str]], *, context_tokens: int | None = None) -> Prompt:
    """Return the prompt for pairs of a sentence and the passage that it cites; they are numbered from 1.

    Where the context is known, only as many of them stand in it as fit, the first ones, and one at least.
    """
    if context_tokens is None:
        return _review(pairs, answer=MAX_REVIEW_TOKENS)
    for count in range(len(pairs), 0, -1):
        prompt = _review(pairs[:count], answer=min(MAX_REVIEW_TOKENS, (1 + count) * TOKENS_A_VERDICT))
        if prompt.tokens <= context_tokens:
            break
    return prompt


def _review(pairs: Sequence[tuple[str, str]], *, answer: int) -> Prompt:
    listed = "\n".join(
        f'<pair id="{number}">\n<sentence>{_seen(claim)}</sentence>\n<passage>{_seen(passage)}</passage>\n</pair>'
        for number, (claim, passage) in enumerate(pairs, start=1)
    )
    system = Template(prompt_text("review.txt")).substitute(pairs=listed)
    ids = ", ".join(str(number) for number in range(1, len(pairs) + 1))
    request = Template(prompt_text("review-request.txt")).substitute(ids=ids).strip()
    return Prompt((Message("system", system), Message("user", request)), 0.0, answer)
