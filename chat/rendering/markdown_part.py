"""A kept conversation as Markdown to take away, and one answer as plain text with its citations."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from chat.conversations.thread import PastTurn, Thread
from chat.events.messages import WORDS, tier_words
from chat.rendering.article import Note, Spot, notes_of
from chat.rendering.markdown import escaped, rewritten
from chrysopedia.core.links import web_address

WITHOUT_MODEL = ("quotes", "fallback", "pinned")
"""By whom an answer may be that its reader should be told of."""


def thread_markdown(thread: Thread, *, site: str) -> str:
    """Return a conversation as Markdown: a heading for each question, the answer, and its sources by number.

    ``site`` is the address of this site, for links to what has none of its own. Nothing that was said or typed can
    become a link, a picture or HTML in it.
    """
    parts = [turn_markdown(turn, site=site) for turn in thread.turns]
    if len(parts) > 1:
        parts = [f"# {escaped(thread.title)}\n", *(f"#{part}" for part in parts)]
    return "\n".join(parts)


def turn_markdown(turn: PastTurn, *, site: str) -> str:
    """Return one question as a heading with its answer and sources; see ``thread_markdown``."""
    answer = rewritten(turn.answer, numbers={source.number for source in turn.sources})
    remarks = escaped(" ".join(_remarks(turn)))
    sources = "\n".join(_item(note, spot, site=site) for note in _cited(turn) for spot in note.spots)
    heading = f"# {escaped(turn.question)}"
    return "\n\n".join(part for part in (heading, answer, remarks and f"*{remarks}*", sources) if part) + "\n"


def turn_text(turn: PastTurn, *, site: str) -> str:
    """Return one question with its answer and sources as plain text, to be pasted anywhere."""
    sources = "\n".join(_line(note, spot, site=site) for note in _cited(turn) for spot in note.spots)
    parts = (turn.question, turn.answer.strip(), " ".join(_remarks(turn)), sources)
    return "\n\n".join(part for part in parts if part) + "\n"


def _cited(turn: PastTurn) -> Sequence[Note]:
    citations = turn.done.citations if turn.done else ()
    cited, _ = notes_of(turn.sources, citations, is_one_asked=bool(turn.creator_slug), said=turn.answer)
    return cited


def _remarks(turn: PastTurn) -> Iterator[str]:
    """Yield whose words the answer rests on, by whom it is, and why it ended."""
    if turn.done is None:
        yield WORDS["unanswered"]
        return
    if turn.creator_name:
        yield WORDS["asked_of"].format(creator=turn.creator_name)
    yield f"{tier_words(turn.done.cascade_tier)}."
    if turn.done.answered_by in WITHOUT_MODEL:
        yield WORDS[turn.done.answered_by]
    if turn.done.finish != "complete":
        yield WORDS[turn.done.finish]


def _item(note: Note, spot: Spot, *, site: str) -> str:
    source = note.source
    place = f"[{escaped(spot.label) or WORDS['open_source']}](<{_address(spot, site)}>)"
    said = f": “{escaped(spot.quote)}”" if spot.quote else ""
    who = f"{escaped(source.creator)}, *{escaped(source.title)}*"
    return " ".join([f"- [{source.number}] {who}, {place}{said}", *map(escaped, _verdict(spot))])


def _line(note: Note, spot: Spot, *, site: str) -> str:
    source = note.source
    time = f", {spot.label}" if spot.is_timed else ""
    line = f"[{source.number}] {source.creator}, “{source.title}”{time}, {_address(spot, site)}"
    return " ".join([line, *_verdict(spot)])


def _verdict(spot: Spot) -> Iterator[str]:
    """Yield in words how the sentence stands in the source, and what it says otherwise."""
    if spot.verdict_words:
        yield f"({' '.join([f'{spot.verdict_words}.', *spot.problems])})"


def _address(spot: Spot, site: str) -> str:
    """Return where the place opens: in the work's own place, or else here. Nothing in it ends a link."""
    return quote(web_address(spot.url) or f"{site}{spot.transcript}", safe="%/:?#@!$&'*+,=~")
