"""A turn as HTML: the events collected into one article, for readers whose browser runs no script."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import assert_never

from django.utils.safestring import SafeString

from chat.events import Done, Event, Failed, Sources, Token
from chat.renderers.answer import answer_html
from chat.renderers.notes import Note, notes_of, places_of
from chat.renderers.sentences import Sentences
from chat.renderers.verdicts import Dispute, Finding, disputes, findings
from chat.values import Source, Suggestion, Tier
from chat.words import WORDS, tier_words


@dataclass(frozen=True, slots=True)
class Article:
    """An answered question as the template shows it."""

    query: str
    asked: str
    standing: str = ""
    answer: SafeString | str = ""
    notes: tuple[Note, ...] = ()
    consulted: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    error: str = ""
    conversation_id: str = ""


@dataclass(slots=True)
class _Turn:
    sources: tuple[Source, ...] = ()
    pieces: list[str] = field(default_factory=list)
    end: Done | Failed | None = None


async def article_from(events: AsyncIterator[Event], *, query: str, asked: str, weight: float) -> Article:
    """Read a turn to its end and return it as an article; ``asked`` names the creator, "" for everyone."""
    turn = _Turn()
    async for event in events:
        match event:
            case Sources():
                turn.sources = event.sources
            case Token():
                turn.pieces.append(event.text)
            case Done() | Failed():
                turn.end = event
            case _:
                assert_never(event)
    return _article(turn, query=query, asked=asked, weight=weight)


def _article(turn: _Turn, *, query: str, asked: str, weight: float) -> Article:
    text = "".join(turn.pieces)
    done = turn.end if isinstance(turn.end, Done) else None
    citations = done.citations if done else ()
    bare = done.grounding.bare if done and done.answered_by != "none" else ()
    sentences = Sentences(text, citations=citations, bare=bare, places=places_of(citations))
    notes, consulted = notes_of(turn.sources, citations, asked=asked, said=text)
    return Article(
        query=query,
        asked=asked,
        standing=tier_words(done.cascade_tier) if done else "",
        answer=answer_html(text, numbers={source.number for source in turn.sources}, sentences=sentences),
        notes=notes,
        consulted=consulted,
        findings=findings(done) if done else (),
        remarks=tuple(_remarks(done, weight=weight)) if done else (),
        disputes=disputes(done.disagreements, sources=turn.sources) if done else (),
        suggestions=done.suggestions if done else (),
        error=turn.end.message if isinstance(turn.end, Failed) else "",
        conversation_id=str(turn.end.conversation_id) if turn.end else "",
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
