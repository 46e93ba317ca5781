"""A turn as the templates show it: the answer with its notes, and what stands above and below it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, assert_never

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from chat.conversations.stored import State, StoredConversation, StoredTurn
from chat.events.events import (
    Disagreement,
    Done,
    Event,
    Failed,
    Source,
    Sources,
    Suggestion,
    Tier,
    Token,
)
from chat.events.messages import MESSAGES, grounding_message, tier_message
from chat.events.turn import TurnHead
from chat.rendering.answer import SentenceLocator, answer_blocks
from chat.rendering.notes import Note, date_of, notes_of, place_anchors

NOT_SEARCHED = frozenset({"catalogue", "conversation"})
"""Values of ``answered_by`` for which nobody's words were searched, so that they stand on none."""


def key_of(head: TurnHead) -> str:
    """Return what the ids of a turn's notes begin with, so that several articles stand on one page."""
    return f"t{str(head.turn_id)[:8]}-"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One sentence on how the answer is grounded; ``kind`` is a verdict or ``bare``, and the CSS class."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DisputeSide:
    """What one creator says of a disputed parameter; ``published`` is None where the date is unknown or is none."""

    creator: str
    title: str
    published: date | None
    value: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A parameter for which creators give different values: a sentence that says so, and what each gives."""

    heading: str
    sides: tuple[DisputeSide, ...]


class NextQuestion(Protocol):
    """A question to go on with, and whom to ask."""

    @property
    def query(self) -> str:
        """The question."""

    @property
    def creator_slug(self) -> str:
        """Whom it goes to, "" for everyone."""


@dataclass(frozen=True, slots=True)
class Article:
    """An answered question as the template shows it.

    ``finish`` is how it ended: as ``done`` says, "error" for one that failed, "" while it is being written. ``rating``
    is what the reader thinks of it, "" where they have not said. ``coverage`` is that of ``done``, "" before it.
    ``lead`` introduces an answer that is only the nearest to one. ``works`` are those consulted, or else suggested, by
    slug; ``next`` are questions to go on with, where a page offers them.
    """

    head: TurnHead
    finish: str = ""
    standing: str = ""
    coverage: str = ""
    lead: str = ""
    answer: SafeString | str = ""
    notes: tuple[Note, ...] = ()
    consulted: tuple[Note, ...] = ()
    findings: tuple[IssueLine, ...] = ()
    remarks: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    suggestions_lead: str = ""
    error: str = ""
    rating: str = ""
    works: tuple[str, ...] = ()
    next: tuple[NextQuestion, ...] = ()

    @property
    def suggests_one(self) -> bool:
        """Whether all suggestions are of the creator who was asked."""
        return {suggestion.creator_slug for suggestion in self.suggestions} == {self.head.creator}


async def article_from(events: AsyncIterator[Event], *, head: TurnHead) -> Article:
    """Read a turn to its end and return it as an article."""
    sources: tuple[Source, ...] = ()
    pieces: list[str] = []
    end: Done | Failed | None = None
    async for event in events:
        match event:
            case Sources():
                sources = event.sources
            case Token():
                pieces.append(event.text)
            case Done() | Failed():
                end = event
            case _:
                assert_never(event)
    return await asyncio.to_thread(article_of, head, sources=sources, text="".join(pieces), end=end)


def articles_of(conversation: StoredConversation) -> tuple[Article, ...]:
    """Return the turns of a kept conversation as articles, oldest first."""
    return tuple(article_of_turn(turn) for turn in conversation.turns)


def article_of_turn(turn: StoredTurn) -> Article:
    """Return a kept turn as an article; one that never came to an end says so."""
    error = MESSAGES[f"turn_{turn.state}"] if turn.state in {State.FAILED, State.LOST} else ""
    rating = turn.feedback.rating if turn.feedback else ""
    return article_of(turn.head, sources=turn.sources, text=turn.answer, end=turn.done, error=error, rating=rating)


def article_of(
    head: TurnHead,
    *,
    sources: Sequence[Source],
    text: str,
    end: Done | Failed | None,
    error: str = "",
    rating: str = "",
) -> Article:
    """Return a turn as an article; ``end`` is None while its answer is written, or never came because of ``error``."""
    key = key_of(head)
    error = end.message if isinstance(end, Failed) else error
    done = end if isinstance(end, Done) else None
    is_quoted = done is not None and done.answered_by in {"quotes", *NOT_SEARCHED}
    citations = done.citations if done else ()
    bare = done.grounding.bare if done and done.answered_by not in {"none", "quotes"} else ()
    sentences = SentenceLocator(text, citations=citations, bare=bare, places=place_anchors(citations, key=key))
    labels: dict[int, int] = {}
    numbers = {source.number for source in sources}
    blocks = answer_blocks(text, numbers=numbers, sentences=sentences, key=key, labels=labels, is_quoted=is_quoted)
    notes, consulted = notes_of(
        sources, citations, labels=labels, is_one_asked=bool(head.creator), said=text, key=key, is_quoted=is_quoted
    )
    is_near = is_quoted and done is not None and done.coverage == "partly"
    suggestions = _own_first(done.suggestions, head) if done else ()
    return Article(
        head=head,
        finish=done.finish if done else "error" if error else "",
        standing=_standing(done) if done else "",
        coverage=done.coverage if done else "",
        lead=_lead(done, text) if done else "",
        answer=mark_safe("".join(_with_origins(blocks, notes) if is_near else blocks)),  # noqa: S308 -- clean
        notes=notes,
        consulted=consulted,
        findings=findings(done) if done else (),
        remarks=tuple(_remarks(done, weight=head.weight)) if done else (),
        disputes=disputes(done.disagreements, sources=sources) if done else (),
        suggestions=suggestions,
        suggestions_lead=_suggestions_lead(suggestions, head),
        error=error,
        rating=rating,
        works=tuple(dict.fromkeys([*(one.work for one in sources), *(one.work for one in suggestions)])),
    )


def _own_first(suggestions: Sequence[Suggestion], head: TurnHead) -> tuple[Suggestion, ...]:
    """Return what the asked creator talks about; what others do only where there is nothing of theirs."""
    own = tuple(suggestion for suggestion in suggestions if suggestion.creator_slug == head.creator)
    return own or tuple(suggestions)


def _suggestions_lead(suggestions: Sequence[Suggestion], head: TurnHead) -> str:
    is_own = {suggestion.creator_slug for suggestion in suggestions} == {head.creator}
    return MESSAGES["suggestions_of"].format(creator=head.creator_name) if is_own else MESSAGES["suggestions"]


def _standing(done: Done) -> str:
    """Return whose words an answer rests on and, of quotations, how well they fit the question.

    That goes by the coverage, since the relevance of one passage can't tell it (decision 17).
    """
    if done.answered_by in NOT_SEARCHED or (done.answered_by == "pinned" and not done.cited):
        return ""
    whose = tier_message(done.cascade_tier)
    return f"{whose}. {MESSAGES['fits']}" if done.answered_by == "quotes" and done.coverage == "full" else whose


def _lead(done: Done, text: str) -> str:
    """Return what introduces an answer that is only near; "" where the answer says so itself."""
    if done.coverage != "partly":
        return ""
    lead = MESSAGES["nearest" if done.answered_by == "quotes" else "covered_partly"]
    return "" if lead.partition(".")[0] in text else lead


CLAIM = re.compile(r'data-claim="(\d+)"')


def _with_origins(blocks: Iterable[str], notes: Sequence[Note]) -> Iterator[str]:
    """Yield each block of quotations, and behind it who says it, where and when."""
    for block in blocks:
        yield block
        claims = {int(start) for start in CLAIM.findall(block)}
        for note in notes:
            if places := tuple(place for place in note.places if claims & set(place.claims)):
                yield render_to_string("chat/whence.html", {"note": replace(note, places=places[:1])})


def _remarks(done: Done, *, weight: float) -> Iterable[str]:
    """Yield what the reader should know about how the answer came to be."""
    if done.answered_by in {"quotes", "fallback", "pinned", "catalogue"}:
        yield MESSAGES[done.answered_by]
    if done.model_note:
        yield done.model_note
    yield from done.understood.notes
    if done.memory_note:
        yield done.memory_note
    if done.voice_note:
        yield done.voice_note
    elif weight and not done.voice_applied and done.answered_by not in NOT_SEARCHED:
        yield MESSAGES[f"voice_{_why_no_voice(done)}"]
    if done.finish != "complete":
        yield MESSAGES[done.reason or done.finish]


def _why_no_voice(done: Done) -> str:
    if done.answered_by in {"quotes", "none"}:
        return done.answered_by
    return "other" if done.cascade_tier == Tier.CREATOR else "others"


def findings(done: Done) -> tuple[IssueLine, ...]:
    """Return sentences that count well and badly grounded citations.

    () where the answer is that nobody knows, and for quotations: that they stand in their sources is no news.
    """
    if done.answered_by in {"none", "quotes", *NOT_SEARCHED}:
        return ()
    found = done.grounding
    cited = found.supported + found.weak + found.unsupported
    holds = cited if found.supported == cited else 0
    rows = [("supported", holds, cited), ("unsupported", found.unsupported, cited), ("weak", found.weak, cited)]
    return tuple(_findings([*rows, ("bare", found.uncited, found.claims)]))


def _findings(rows: Sequence[tuple[str, int, int]]) -> Iterator[IssueLine]:
    for kind, count, of in rows:
        if count:
            yield IssueLine(kind, grounding_message(kind, count=count, of=of))


def disputes(found: Sequence[Disagreement], *, sources: Sequence[Source]) -> tuple[Dispute, ...]:
    """Return the disagreements as the page shows them; a work without a source among these is called by its slug."""
    titles = {source.number: source.title for source in sources}
    return tuple(
        Dispute(
            heading=MESSAGES["disagree"].format(parameter=one.parameter),
            sides=tuple(
                DisputeSide(
                    creator=setting.creator,
                    title=titles.get(setting.number, setting.work),
                    published=date_of(setting.published),
                    value=setting.value,
                    quote=setting.quote,
                    url=setting.url,
                )
                for setting in one.settings
            ),
        )
        for one in found
    )
