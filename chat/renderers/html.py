"""A turn as HTML: the events collected into one article, for readers whose browser runs no script."""

import re
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import assert_never
from urllib.parse import quote

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MarkdownToken

from chat.events import Done, Event, Failed, Sources, Token
from chat.values import Citation, Source, Suggestion, Tier
from chat.words import WORDS, clock, tier_words

MARKER = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h3", "sup", "a"}
ATTRIBUTES = {"a": {"href", "aria-label"}, "sup": {"class"}, "ol": {"start"}}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a work where something was said: the words, and links that open it there.

    ``label`` is the time as a player shows it; in a text the first words, where the answer says them itself.
    ``url`` is the work's own address, "" where it has none; ``transcript`` is its page here.
    """

    quote: str
    label: str
    is_timed: bool
    url: str
    transcript: str


@dataclass(frozen=True, slots=True)
class Note:
    """A source as it stands in the margin, with the places that sentences of the answer rest on."""

    source: Source
    spots: tuple[Spot, ...]
    tier: str


@dataclass(frozen=True, slots=True)
class Article:
    """An answered question as the template shows it."""

    query: str
    asked: str
    standing: str = ""
    answer: SafeString | str = ""
    notes: tuple[Note, ...] = ()
    consulted: tuple[Note, ...] = ()
    remarks: tuple[str, ...] = ()
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
    cited = [citation.number for citation in sorted(citations, key=lambda citation: citation.start)]
    order = list(dict.fromkeys(cited))
    by_number = {source.number: source for source in turn.sources}
    spotted = (_note(by_number[n], citations, asked=asked, said=text) for n in order if n in by_number)
    rest = (source for source in turn.sources if source.number not in order)
    return Article(
        query=query,
        asked=asked,
        standing=tier_words(done.cascade_tier) if done else "",
        answer=answer_html(text, numbers=by_number),
        notes=tuple(spotted),
        consulted=tuple(_note(source, (), asked=asked) for source in rest),
        remarks=tuple(_remarks(done, weight=weight)) if done else (),
        suggestions=done.suggestions if done else (),
        error=turn.end.message if isinstance(turn.end, Failed) else "",
        conversation_id=str(turn.end.conversation_id) if turn.end else "",
    )


def _remarks(done: Done, *, weight: float) -> Iterable[str]:
    """Yield what the reader should know about how the answer came to be."""
    if done.answered_by in {"quotes", "fallback", "pinned"}:
        yield WORDS[done.answered_by]
    if weight and not done.voice_applied:
        yield WORDS[f"voice_{_why_no_voice(done)}"]
    if done.finish != "complete":
        yield WORDS[done.finish]


def _why_no_voice(done: Done) -> str:
    if done.answered_by in {"quotes", "none"}:
        return done.answered_by
    return "other" if done.cascade_tier == Tier.CREATOR else "others"


def _note(source: Source, citations: Sequence[Citation], *, asked: str, said: str = "") -> Note:
    mine = [citation for citation in citations if citation.number == source.number]
    spots = {
        citation.quote: spot(
            source,
            words=citation.quote,
            is_said=_plain(citation.quote) in _plain(said),
            url=citation.url,
            seconds=citation.start_seconds,
        )
        for citation in mine
    }
    if not spots:
        spots[""] = spot(source, words=source.excerpt, url=source.url, seconds=source.start_seconds)
    is_foreign = bool(asked) and source.tier != Tier.CREATOR
    return Note(source=source, spots=tuple(spots.values()), tier=WORDS["other_creator"] if is_foreign else "")


def spot(source: Source, *, words: str, url: str, seconds: float | None, is_said: bool = False) -> Spot:
    """Return a place in a work; words that the answer says already are not repeated.

    Without times the browser finds the words in the text by itself.
    """
    page = reverse("work", args=[source.work])
    place = f"?at={seconds:.3f}" if seconds is not None else f"#:~:text={quote(words, safe='')}" if words else ""
    return Spot(
        quote="" if is_said else _plain(words),
        label=clock(seconds) if seconds is not None else _beginning(words) if is_said else "",
        is_timed=seconds is not None,
        url="" if url.startswith("/") else url,
        transcript=page + place,
    )


def _beginning(words: str) -> str:
    return "“" + " ".join(words.split()[:4]) + "…”"


def _plain(text: str) -> str:
    return " ".join(text.split())


def answer_html(text: str, *, numbers: Collection[int]) -> SafeString:
    """Return an answer as HTML in which ``[n]`` leads to the note of source ``n`` and never begins a line.

    Only formatting survives: no HTML of the text's own, no links, no pictures.
    """
    rendered = _MARKDOWN.render(text, {"numbers": numbers})
    clean = nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, link_rel=None, url_schemes=set())
    joined = clean.replace('</sup><sup class="mark">', "").replace(' <sup class="mark">', '\u00a0<sup class="mark">')
    return mark_safe(joined)  # noqa: S308 - nh3 leaves only the tags above


def _marker_rule(state: StateInline, silent: bool) -> bool:
    found = MARKER.match(state.src, state.pos)
    numbers = [int(number) for number in found[1].split(",")] if found else []
    if not found or not all(number in state.env["numbers"] for number in numbers):
        return False
    if not silent:
        token = state.push("marker", "sup", 0)
        token.meta = {"numbers": numbers}
    state.pos = found.end()
    return True


def _marker_html(_: RendererHTML, tokens: Sequence[MarkdownToken], index: int, *__: object) -> str:
    numbers: list[int] = tokens[index].meta["numbers"]
    links = (f'<a href="#note-{number}" aria-label="Source {number}">{number}</a>' for number in numbers)
    return f'<sup class="mark">{"".join(links)}</sup>'


def _heading_tag(tokens: Sequence[MarkdownToken]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"


def _markdown() -> MarkdownIt:
    """Return the parser of answers: the formatting that the browser's own writer knows, and nothing else."""
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.disable(["link", "image", "autolink", "reference", "html_block", "html_inline", "hr", "lheading", "code"])
    markdown.inline.ruler.push("marker", _marker_rule)
    markdown.add_render_rule("marker", _marker_html)
    markdown.core.ruler.push("headings", lambda state: _heading_tag(state.tokens))
    return markdown


_MARKDOWN = _markdown()
