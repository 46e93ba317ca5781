"""Kept conversations as Markdown and as plain text, to take away.

What came from a model, a transcript or a visitor may hold links, pictures or HTML. It is parsed as the page parses it,
and written anew with everything but its formatting escaped, so that no program that shows the file makes more of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode

from chat.conversations.stored import StoredConversation, StoredTurn
from chat.events.messages import MESSAGES, tier_message
from chat.rendering.answer import marker_parser, reading_order
from chat.rendering.article import NOT_SEARCHED
from chat.rendering.notes import Note, QuotedPlace, notes_of
from chrysopedia.core.links import web_address
from chrysopedia.core.text import without_unseen

TOLD_AUTHORS = ("quotes", "fallback", "pinned", "catalogue")
"""Values of ``answered_by`` that the reader is told of: the answer is not what the usual model wrote."""


def conversation_markdown(conversation: StoredConversation, *, site: str) -> str:
    """Return a conversation as Markdown: a heading for each question, the answer, and its sources by number.

    ``site`` is the address of this site, for links to what has none of its own. Nothing that was said or typed can
    become a link, a picture or HTML in it.
    """
    parts = [turn_markdown(turn, site=site) for turn in conversation.turns]
    if len(parts) > 1:
        parts = [f"# {escape_markdown(conversation.title)}\n", *(f"#{part}" for part in parts)]
    return "\n".join(parts)


def turn_markdown(turn: StoredTurn, *, site: str) -> str:
    """Return one question as a heading with its answer and sources; see ``conversation_markdown``."""
    labels = _labels(turn)
    answer = safe_markdown(turn.answer, numbers=labels)
    remarks = escape_markdown(" ".join(_remarks(turn)))
    notes = _cited_notes(turn, labels)
    sources = "\n".join(_source_item(note, place, site=site) for note in notes for place in note.places)
    heading = f"# {escape_markdown(turn.head.query)}"
    return "\n\n".join(part for part in (heading, answer, remarks and f"*{remarks}*", sources) if part) + "\n"


def turn_text(turn: StoredTurn, *, site: str) -> str:
    """Return one question with its answer and sources as plain text, to be pasted anywhere."""
    labels = _labels(turn)
    notes = _cited_notes(turn, labels)
    sources = "\n".join(_source_line(note, place, site=site) for note in notes for place in note.places)
    answer = renumbered(turn.answer.strip(), numbers=labels)
    parts = (turn.head.query, answer, " ".join(_remarks(turn)), sources)
    return without_unseen("\n\n".join(part for part in parts if part)) + "\n"


def _labels(turn: StoredTurn) -> Mapping[int, int]:
    """Return the numbers under which the sources are shown, as the page has them."""
    return reading_order(turn.answer, numbers={source.number for source in turn.sources})


def _cited_notes(turn: StoredTurn, labels: Mapping[int, int]) -> Sequence[Note]:
    cited, _ = notes_of(
        turn.sources,
        turn.done.citations if turn.done else (),
        labels=labels,
        is_one_asked=bool(turn.head.creator),
        said=turn.answer,
        is_quoted=turn.done is not None and turn.done.answered_by == "quotes",
    )
    return cited


def _remarks(turn: StoredTurn) -> Iterator[str]:
    """Yield who was asked, whose words the answer rests on, who wrote it, and why it ended early."""
    if turn.done is None:
        yield MESSAGES["unanswered"]
        return
    if turn.head.creator_name:
        yield MESSAGES["asked_of"].format(creator=turn.head.creator_name)
    if turn.done.answered_by not in NOT_SEARCHED:
        yield f"{tier_message(turn.done.cascade_tier)}."
    if turn.done.coverage == "partly":
        yield MESSAGES["nearest_only"]
    if turn.done.answered_by in TOLD_AUTHORS:
        yield MESSAGES[turn.done.answered_by]
    if turn.done.finish != "complete":
        yield MESSAGES[turn.done.reason or turn.done.finish]


def _source_item(note: Note, place: QuotedPlace, *, site: str) -> str:
    source = note.source
    link = f"[{escape_markdown(place.label) or MESSAGES['open_source']}](<{_address(place, site)}>)"
    said = f": “{escape_markdown(place.quote)}”" if place.quote else ""
    who = f"{escape_markdown(_speaker_of(note))}, *{escape_markdown(source.title)}*"
    return " ".join([f"- [{note.label}] {who}, {link}{said}", *map(escape_markdown, _verdict_sentences(place))])


def _source_line(note: Note, place: QuotedPlace, *, site: str) -> str:
    source = note.source
    time = f", {place.label}" if place.is_timed else ""
    line = f"[{note.label}] {_speaker_of(note)}, “{source.title}”{time}, {_address(place, site)}"
    return " ".join([line, *_verdict_sentences(place)])


def _speaker_of(note: Note) -> str:
    """Return who is cited: the creator, or a guest and whose guest it is."""
    creator = note.source.creator
    message = MESSAGES["with_guest" if note.is_shared else "guest_of"]
    return message.format(guest=note.guest, creator=creator) if note.guest else creator


def _verdict_sentences(place: QuotedPlace) -> Iterator[str]:
    """Yield the verdict on the claim, with what it says otherwise, in brackets; nothing where there is none."""
    if place.verdict_words:
        yield f"({' '.join([f'{place.verdict_words}.', *place.problems])})"


def _address(place: QuotedPlace, site: str) -> str:
    """Return the address of the place, the work's own or else here, percent-encoded so that it ends no link."""
    return quote(web_address(place.url) or f"{site}{place.transcript}", safe="%/:?#@!$&'*+,=~")


_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]|(?<=[Ww]{3})\.|:(?=//)|(?<=\w)@(?=\w)|(?<=mailto):")
_BEGINS = re.compile(r"^([ \t]*)(\d{0,9})((?<=\d)[.)]|(?<!\d)[#+=:-])", re.ASCII)
_CLOSES = re.compile(r"(\s)(#+)$")
_BREAK = "\\\n"
_PARSER = marker_parser()


def escape_markdown(text: str) -> str:
    """Return a text as one line of Markdown that renders as the text itself, wherever in a line it is put."""
    # First of all, as what is escaped goes by what stands beside it.
    line = " ".join(without_unseen(text).split())
    return _escape_heading_end(_escape_line_start(_escape_inline(line)))


def safe_markdown(answer: str, *, numbers: Mapping[int, int]) -> str:
    """Return an answer as Markdown that does nothing but format; ``[n]`` stays for these ``numbers``, as shown."""
    shown = {"numbers": numbers.keys(), "labels": dict(numbers)}
    tree = SyntaxTreeNode(_PARSER.parse(without_unseen(answer), shown))
    return "\n\n".join(_block(node, numbers) for node in tree.children)


def _escape_inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _escape_line_start(line: str) -> str:
    """Escape what would make the line a heading, a list item or a rule."""
    return _BEGINS.sub(r"\1\2\\\3", line)


def _escape_heading_end(text: str) -> str:
    """Escape the number signs at the end of a heading, which Markdown leaves out."""
    return _CLOSES.sub(r"\1\\\2", text)


def _block(node: SyntaxTreeNode, numbers: Mapping[int, int]) -> str:
    match node.type:
        case "heading":
            text = "### " + _escape_heading_end(_inline(node, numbers).replace(_BREAK, " "))
        case "bullet_list":
            text = _list(node, ("-" for _ in count()), numbers)
        case "ordered_list":
            text = _list(node, (f"{number}." for number in count(int(node.attrs.get("start", 1)))), numbers)
        case "blockquote":
            text = _prefixed(_blocks(node.children, numbers), first="> ", rest="> ")
        case "fence":
            text = _fenced(node.content)
        case "table":
            text = _table(node, numbers)
        case _:
            text = _inline(node, numbers)
    return text


def _blocks(nodes: Iterable[SyntaxTreeNode], numbers: Mapping[int, int]) -> str:
    return "\n\n".join(_block(node, numbers) for node in nodes)


def _list(node: SyntaxTreeNode, signs: Iterator[str], numbers: Mapping[int, int]) -> str:
    items = [(sign, _blocks(item.children, numbers)) for sign, item in zip(signs, node.children, strict=False)]
    return "\n".join(_prefixed(text, first=f"{sign} ", rest=" " * (len(sign) + 1)) for sign, text in items)


def _table(node: SyntaxTreeNode, numbers: Mapping[int, int]) -> str:
    rows = [row.children for part in node.children for row in part.children]
    lines = [" | ".join(_inline(cell, numbers) for cell in row) for row in rows]
    rule = " | ".join(_RULES.get(str(cell.attrs.get("style", "")), "---") for cell in rows[0])
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


_RULES = {"text-align:left": ":--", "text-align:center": ":-:", "text-align:right": "--:"}


def _prefixed(text: str, *, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        (first if place == 0 else rest) + line if line else rest.rstrip() for place, line in enumerate(lines)
    )


def _fenced(code: str) -> str:
    fence = "`" * max(3, _longest_run(code) + 1)
    return f"{fence}\n{code.rstrip(chr(10))}\n{fence}"


def _inline(node: SyntaxTreeNode, numbers: Mapping[int, int]) -> str:
    (inline,) = node.children or (None,)
    text = "".join(_span(child, numbers) for child in inline.children) if inline else ""
    lines = [_escape_line_start(line.rstrip(" ")) for line in text.split(_BREAK)]
    # A break behind the last words would be shown as a backslash; where a line only named a source again, one is left.
    while not lines[-1] and len(lines) > 1:
        lines.pop()
    return _BREAK.join(lines)


def _span(node: SyntaxTreeNode, numbers: Mapping[int, int]) -> str:
    match node.type:
        case "strong" | "em":
            return node.markup + "".join(_span(child, numbers) for child in node.children) + node.markup
        case "code_inline":
            return _code(node.content)
        case "softbreak" | "hardbreak":
            return _BREAK
        case "marker":
            shown = "".join(f"[{numbers[number]}]" for number in node.meta["numbers"])
            # The sign behind it would turn the last into a link.
            follows = node.next_sibling.content if node.next_sibling else ""
            return _LAST_MARKER.sub(r"\\[\1\\]", shown) if follows.startswith(("(", ":")) else shown
        case _:
            return _escape_inline(node.content)


def _code(code: str) -> str:
    ticks = "`" * (_longest_run(code) + 1)
    space = " " if code.startswith(("`", " ")) or code.endswith(("`", " ")) else ""
    return f"{ticks}{space}{code}{space}{ticks}"


def _longest_run(code: str) -> int:
    return max((len(run) for run in re.findall("`+", code)), default=0)


_LAST_MARKER = re.compile(r"\[(\d{1,3})\]\Z")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_NAMED = re.compile(rf"{_MARKER.pattern}(?:[ \t]*{_MARKER.pattern})*")


def renumbered(text: str, *, numbers: Mapping[int, int]) -> str:
    """Return a plain text with its markers as a reader sees them: numbered as read, none twice side by side."""
    return _NAMED.sub(lambda run: _renumbered_run(run[0], numbers), text)


def _renumbered_run(run: str, numbers: Mapping[int, int]) -> str:
    named: set[str] = set()

    def show(found: re.Match[str]) -> str:
        label = numbers.get(int(found[1]))
        shown = found[0] if label is None else f"[{label}]"
        is_new = shown not in named
        named.add(shown)
        return shown if is_new else ""

    return _MARKER.sub(show, run).rstrip()
