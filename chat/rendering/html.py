"""A turn as an article of the page: the question, the answer, its notes, and what the reader should know about it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from django.utils.safestring import SafeString

from chat.events.events import Heading, Source, Suggestion, Tier
from chat.events.events_part import Done, Event, Failed, Sources, Token
from chat.events.messages import WORDS, tier_words
from chat.rendering.answer_part import answer_html
from chat.rendering.article import Note, notes_of, places_of
from chat.rendering.sentences import Sentences
from chat.rendering.verdicts import Dispute, Finding, disputes, findings


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a turn before its first event; ``rating`` is what the reader said of it since, or ""."""

    heading: Heading
    turn_id: str
    conversation_id: str
    rating: str = ""

    @property
    def key(self) -> str:
        """What the ids of its notes begin with, so that several articles stand on one page."""
        return f"t{self.turn_id[:8]}-"


@dataclass(frozen=True, slots=True)
class Article:
    """An answered question as the template shows it.

    ``finish`` is how it ended: as ``done`` says, "error" for one that failed, "" while it is being written.
    """

    opening: Opening
    finish: str = ""
    standing: str = ""
    answer: SafeString | str = ""
    notes: tuple[Note, ...] = ()
    consulted: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    error: str = ""

    @property
    def heading(self) -> Heading:
        """The question and who was asked."""
        return self.opening.heading


async def article_from(events: AsyncIterator[Event], *, opening: Opening) -> Article:
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
    return await asyncio.to_thread(article_of, opening, sources=sources, text="".join(pieces), end=end)


def article_of(
    opening: Opening, *, sources: Sequence[Source], text: str, end: Done | Failed | None, error: str = ""
) -> Article:
    """Return a turn as an article; ``end`` is None while its answer is written, or never came because of ``error``."""
    error = end.message if isinstance(end, Failed) else error
    done = end if isinstance(end, Done) else None
    citations = done.citations if done else ()
    bare = done.grounding.bare if done and done.answered_by != "none" else ()
    sentences = Sentences(text, citations=citations, bare=bare, places=places_of(citations, key=opening.key))
    is_one_asked = bool(opening.heading.creator)
    notes, consulted = notes_of(sources, citations, is_one_asked=is_one_asked, said=text, key=opening.key)
    return Article(
        opening=opening,
        finish=done.finish if done else "error" if error else "",
        standing=tier_words(done.cascade_tier) if done else "",
        answer=answer_html(text, numbers={source.number for source in sources}, sentences=sentences, key=opening.key),
        notes=notes,
        consulted=consulted,
        findings=findings(done) if done else (),
        remarks=tuple(_remarks(done, weight=opening.heading.weight)) if done else (),
        disputes=disputes(done.disagreements, sources=sources) if done else (),
        suggestions=done.suggestions if done else (),
        error=error,
    )


def _remarks(done: Done, *, weight: float) -> Iterable[str]:
    """Yield what the reader should know about how the answer came to be."""
    if done.answered_by in {"quotes", "fallback", "pinned"}:
        yield WORDS[done.answered_by]
    if done.voice_note:
        yield done.voice_note
    elif weight and not done.voice_applied:
        yield WORDS[f"voice_{_why_no_voice(done)}"]
    if done.finish != "complete":
        yield WORDS[done.finish]


def _why_no_voice(done: Done) -> str:
    if done.answered_by in {"quotes", "none"}:
        return done.answered_by
    return "other" if done.cascade_tier == Tier.CREATOR else "others"
