"""A turn as an article: its answer, its notes, and what stands above and below."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from django.utils.safestring import SafeString

from chat.conversations.stored import PastTurn, State, Thread
from chat.events.events import (
    Citation,
    Disagreement,
    Done,
    Event,
    Failed,
    Heading,
    Source,
    Sources,
    Suggestion,
    Tier,
    Token,
)
from chat.events.messages import WORDS, clock, grounding_words, tier_words
from chat.rendering.answer import Sentences, answer_html
from chrysopedia.core.links import link_to


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the ground of an answer; ``kind`` chooses its sign."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one creator says of a parameter; ``published`` is None where it is unknown or no date."""

    creator: str
    title: str
    published: date | None
    value: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A parameter of which creators say different things, in words and with each of them."""

    heading: str
    sides: tuple[Said, ...]


def findings(done: Done) -> tuple[Finding, ...]:
    """Return what there is to say about citations and sentences; nothing about an honest "none"."""
    if done.answered_by == "none":
        return ()
    found = done.grounding
    cited = found.supported + found.weak + found.unsupported
    holds = cited if found.supported == cited else 0
    rows = [("supported", holds, cited), ("unsupported", found.unsupported, cited), ("weak", found.weak, cited)]
    return tuple(_told([*rows, ("bare", found.uncited, found.claims)]))


def _told(rows: Sequence[tuple[str, int, int]]) -> Iterator[Finding]:
    for kind, count, of in rows:
        if count:
            yield Finding(kind, grounding_words(kind, count=count, of=of))


def disputes(found: Sequence[Disagreement], *, sources: Sequence[Source]) -> tuple[Dispute, ...]:
    """Return the disagreements as the page shows them; a work is called by its title where its source is known."""
    titles = {source.number: source.title for source in sources}
    return tuple(
        Dispute(
            heading=WORDS["disagree"].format(parameter=one.parameter),
            sides=tuple(
                Said(
                    creator=setting.creator,
                    title=titles.get(setting.number, setting.work),
                    published=_date(setting.published),
                    value=setting.value,
                    quote=setting.quote,
                    url=setting.url,
                )
                for setting in one.settings
            ),
        )
        for one in found
    )


def _date(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a work where something was said: the words, and links that open it there.

    ``label`` is the time as a player shows it; in a text the first words, where the answer says them itself.
    ``url`` is the work's own address, "" where it has none; ``transcript`` is its page here. ``verdict`` says how well
    the sentence of the answer rests on it, ``problems`` in what it does not.
    """

    quote: str
    label: str
    is_timed: bool
    url: str
    transcript: str
    verdict: str = ""
    verdict_words: str = ""
    problems: tuple[str, ...] = ()
    anchor: str = ""
    claims: tuple[int, ...] = ()
    """The sentences that rest on it, by where they begin in the answer."""


@dataclass(frozen=True, slots=True)
class Note:
    """A source as it stands in the margin, with the places that sentences of the answer rest on."""

    id: str
    source: Source
    spots: tuple[Spot, ...]
    tier: str


def notes_of(
    sources: Sequence[Source], citations: Sequence[Citation], *, is_one_asked: bool, said: str, key: str = ""
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Return the notes of the cited sources, in the order in which they are cited, and those of the others.

    ``is_one_asked`` says that one creator was asked: words of another are then named as such. ``key`` begins the ids.
    """
    by_number = {source.number: source for source in sources}
    order = list(dict.fromkeys(one.number for one in sorted(citations, key=lambda citation: citation.start)))
    numbers = [number for number in order if number in by_number]
    numbers += [source.number for source in sources if source.number not in order]
    notes = [_note(by_number[n], citations, is_one_asked=is_one_asked, said=said, key=key) for n in numbers]
    cited = len(set(order) & set(by_number))
    return tuple(notes[:cited]), tuple(notes[cited:])


def places_of(citations: Sequence[Citation], *, key: str = "") -> dict[Citation, str]:
    """Return the id of each citation's spot; the note itself where it has only one."""
    places: dict[Citation, str] = {}
    for number in {citation.number for citation in citations}:
        groups = _groups(citations, number)
        for index, group in enumerate(groups, start=1):
            anchor = f"{key}note-{number}-{index}" if len(groups) > 1 else f"{key}note-{number}"
            places.update(dict.fromkeys(groups[group], anchor))
    return places


def _groups(citations: Sequence[Citation], number: int) -> dict[object, list[Citation]]:
    """Return the citations of a source by what they show: sentences that rest on the same words share a spot."""
    groups: dict[object, list[Citation]] = {}
    for citation in citations:
        if citation.number == number:
            groups.setdefault((citation.quote, citation.verdict, citation.problems), []).append(citation)
    return groups


def _note(source: Source, citations: Sequence[Citation], *, is_one_asked: bool, said: str, key: str) -> Note:
    places = places_of(citations, key=key)
    note = f"{key}note-{source.number}"
    spots = [
        _spot_of(source, group, said, places[group[0]] if places[group[0]] != note else "")
        for group in _groups(citations, source.number).values()
    ]
    if not spots:
        spots = [spot(source, words=source.excerpt, url=source.url, seconds=source.start_seconds)]
    is_foreign = is_one_asked and source.tier != Tier.CREATOR
    return Note(id=note, source=source, spots=tuple(spots), tier=WORDS["other_creator"] if is_foreign else "")


def _spot_of(source: Source, citations: Sequence[Citation], said: str, anchor: str) -> Spot:
    citation = citations[0]
    shown = spot(
        source,
        words=citation.quote,
        is_said=_plain(citation.quote) in _plain(said),
        url=citation.url,
        seconds=citation.start_seconds,
        citation=citation,
    )
    return replace(shown, anchor=anchor, claims=tuple(one.start for one in citations))


def spot(
    source: Source,
    *,
    words: str,
    url: str,
    seconds: float | None,
    is_said: bool = False,
    citation: Citation | None = None,
) -> Spot:
    """Return a place in a work; words that the answer says already are not repeated.

    Without times the browser finds the words in the text by itself.
    """
    return Spot(
        quote="" if is_said else _plain(words),
        label=clock(seconds) if seconds is not None else _beginning(words) if is_said else "",
        is_timed=seconds is not None,
        url="" if url.startswith("/") else url,
        transcript=link_to(url="", work=source.work, seconds=seconds, quote=words if citation else ""),
        verdict=citation.verdict.value if citation else "",
        verdict_words=WORDS[citation.verdict.value] if citation else "",
        problems=tuple(problem.message for problem in citation.problems) if citation else (),
    )


def _beginning(words: str) -> str:
    return "“" + " ".join(words.split()[:4]) + "…”"


def _plain(text: str) -> str:
    return " ".join(text.split())


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


def articles_of(thread: Thread) -> tuple[Article, ...]:
    """Return the turns of a kept conversation as articles, oldest first."""
    return tuple(article_of_turn(turn, conversation_id=thread.conversation_id) for turn in thread.turns)


def article_of_turn(turn: PastTurn, *, conversation_id: UUID) -> Article:
    """Return a kept turn as an article; one that never came to an end says so."""
    opening = Opening(
        heading=Heading(turn.question, creator=turn.creator_slug, name=turn.creator_name, weight=turn.weight),
        turn_id=str(turn.id),
        conversation_id=str(conversation_id),
        rating=turn.feedback.rating if turn.feedback else "",
    )
    error = WORDS[f"turn_{turn.state}"] if turn.state in {State.FAILED, State.LOST} else ""
    return article_of(opening, sources=turn.sources, text=turn.answer, end=turn.done, error=error)
