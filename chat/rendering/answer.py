"""The text of an answer as HTML, in which sentences carry their verdicts and markers lead to notes."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MarkdownToken

from chat.events.events import Citation, Span, Verdict
from chat.events.messages import MESSAGES

Kind = Literal["claim", "unsupported", "bare"]
MAX_FORMATTING = 200
"""The most characters of formatting that can stand between two pieces of text."""


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Consecutive words of an answer that belong to one sentence, or to none that cites or ought to.

    ``kind`` is None for words that claim nothing. ``start`` is the offset at which the sentence begins in the answer;
    ``is_end`` says that it ends with these words.
    """

    words: str
    kind: Kind | None = None
    start: int = 0
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class MarkerTarget:
    """Where a marker leads: the id of a place in the notes; the verdict on its sentence, and that one's offset."""

    sentence: int
    place: str
    verdict: Verdict


class SentenceLocator:
    """Finds the sentence that a piece of an answer belongs to, for the pieces in the order of a Markdown parser.

    ``bare`` are the claims without a marker; ``places`` has for each citation the id of its place in the notes.
    """

    def __init__(
        self,
        text: str,
        *,
        citations: Sequence[Citation] = (),
        bare: Sequence[Span] = (),
        places: Mapping[Citation, str] | None = None,
    ) -> None:
        self._text = text
        self._cursor = 0
        self._citations = sorted(citations, key=lambda citation: citation.start)
        self._starts = [citation.start for citation in self._citations]
        self._places = places or {}
        wrong = {(one.start, one.end) for one in citations if one.verdict == Verdict.UNSUPPORTED}
        cited = {(one.start, one.end) for one in citations}
        marks: list[tuple[int, int, Kind]] = [(*one, "unsupported" if one in wrong else "claim") for one in cited]
        # Sentences don't overlap, so that what is before and behind a place can be told by halving.
        self._marked = sorted([*marks, *((span.start, span.end, "bare") for span in bare)])

    def find(self, piece: str) -> int | None:
        """Return where a piece stands; only signs of formatting stand between it and the piece before.

        None where the parser has changed it (an escape, an entity): such a piece is shorter than what it was made of.
        """
        at = self._text.find(piece, self._cursor, self._cursor + len(piece) + MAX_FORMATTING)
        self._cursor = (self._cursor if at < 0 else at) + len(piece)
        return at if at >= 0 else None

    def cited_at(self, at: int | None) -> dict[int, MarkerTarget]:
        """Return what the sentence around offset ``at`` cites, by source number; {} for None."""
        if at is None:
            return {}
        begun = bisect_right(self._starts, at)
        first = bisect_left(self._starts, self._starts[begun - 1]) if begun else 0
        here = [one for one in self._citations[first:begun] if at < one.end]
        return {one.number: MarkerTarget(one.start, self._places.get(one, ""), one.verdict) for one in here}

    def cut(self, piece: str, *, start: int) -> Iterator[AnswerPart]:
        """Yield the piece, which stands at ``start``, in parts that each belong to one sentence."""
        end = start + len(piece)
        near = self._marked_between(start, end)
        edges = {edge for first, last, _ in near for edge in (first, last) if start < edge < end}
        for first, last in pairwise(sorted({start, end, *edges})):
            words = piece[first - start : last - start]
            begin, stop, kind = near[max(0, bisect_right(near, first, key=_start_of) - 1)] if near else (0, 0, None)
            is_within = begin <= first and last <= stop
            yield AnswerPart(words, kind, begin, is_end=stop == last) if kind and is_within else AnswerPart(words)

    def _marked_between(self, start: int, end: int) -> list[tuple[int, int, Kind]]:
        """Return the marked sentences that begin before the end of a piece, from the last to begin by its start."""
        first = bisect_right(self._marked, start, key=_start_of) - 1
        return self._marked[max(0, first) : bisect_left(self._marked, end, key=_start_of)]


def _start_of(marked: tuple[int, int, Kind]) -> int:
    return marked[0]


MARKER = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
DISABLED_RULES = (
    "link",
    "image",
    "autolink",
    "reference",
    "html_block",
    "html_inline",
    "hr",
    "lheading",
    "code",
    "entity",
)
"""Rules of Markdown that no answer gets; entities are among them, as brackets written so would look like a marker."""


def _marker_rule(state: StateInline, silent: bool) -> bool:
    found = MARKER.match(state.src, state.pos)
    numbers = [int(number) for number in found[1].split(",")] if found else []
    if not found or not all(number in state.env["numbers"] for number in numbers):
        return False
    if not silent:
        token = state.push("marker", "sup", 0)
        token.content = found[0]
        token.meta = {"numbers": numbers}
    state.pos = found.end()
    return True


def _marker_html(
    _: RendererHTML, tokens: Sequence[MarkdownToken], index: int, __: object, env: Mapping[str, Any]
) -> str:
    meta = tokens[index].meta
    links = (_link(number, meta["cited"].get(number), env) for number in meta["numbers"])
    return f'<sup class="mark">{"".join(links)}</sup>'


def _link(number: int, cited: MarkerTarget | None, env: Mapping[str, Any]) -> str:
    """Return the link of a marker to the place that its sentence rests on, or else to the note of its source."""
    note, label = f"{env['key']}note-{number}", env["labels"][number]
    if cited is None:
        return f'<a href="#{note}" aria-label="Source {label}">{label}</a>'
    named = f"Source {label}" if env["is_quoted"] else f"Source {label}: {MESSAGES[cited.verdict]}"
    place = cited.place or note
    return f'<a class="{cited.verdict}" href="#{place}" aria-label="{named}" data-claim="{cited.sentence}">{label}</a>'


def _part_html(_: RendererHTML, tokens: Sequence[MarkdownToken], index: int, *__: object) -> str:
    part: AnswerPart = tokens[index].meta["part"]
    names = "bare" if part.kind == "bare" else "claim unsupported" if part.kind == "unsupported" else "claim"
    words = f'<span class="unseen"> ({MESSAGES["bare"]})</span>' if part.kind == "bare" and part.is_end else ""
    return f'<span class="{names}" data-claim="{part.start}">{escape(part.words)}</span>{words}'


def _table_html(*_: object) -> str:
    """Open a table within a box of its own, which scrolls sideways where the table is wider than the page."""
    return '<div class="table" role="group" aria-label="Table" tabindex="0"><table>'


def _locate_tokens(state: StateCore) -> None:
    """Find each piece of text and each marker in the sentences of the answer, and mark it as its sentence is."""
    sentences: SentenceLocator = state.env["sentences"]
    for token in state.tokens:
        if alignment := token.attrs.pop("style", None):  # which the page's policy forbids
            token.attrSet("class", str(alignment).removeprefix("text-align:"))
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"
        if token.type == "fence":
            sentences.find(token.content)
        token.children = [new for child in token.children or () for new in _located(child, sentences)] or token.children


def _name_once(state: StateCore) -> None:
    """Take out what markers say again that stand side by side, and number their sources as they are read."""
    for token in state.tokens:
        token.children = _named_once(token.children or (), state.env["labels"]) or token.children


def _named_once(tokens: Sequence[MarkdownToken], labels: MutableMapping[int, int]) -> list[MarkdownToken]:
    """Return the tokens without what markers say again that stand side by side, and number their sources as read."""
    kept: list[MarkdownToken] = []
    named: set[int] = set()
    for token in tokens:
        if token.type == "marker":
            new = [number for number in dict.fromkeys(token.meta["numbers"]) if number not in named]
            named.update(new)
            token.meta["numbers"] = new
            for number in new:
                labels.setdefault(number, len(labels) + 1)
            if not new:
                continue
        elif token.content.strip():
            named = set()
        kept.append(token)
    return kept


def _located(token: MarkdownToken, sentences: SentenceLocator) -> list[MarkdownToken]:
    if token.type not in {"text", "marker", "code_inline"}:
        return [token]
    start = sentences.find(token.content)
    if token.type == "marker":
        token.meta["cited"] = sentences.cited_at(start)
    if token.type != "text" or start is None:
        return [token]
    return [
        MarkdownToken("part" if part.kind else "text", "", 0, content=part.words, meta={"part": part})
        for part in sentences.cut(token.content, start=start)
    ]


def plain_markdown_parser() -> MarkdownIt:
    """Return a parser of emphasis, code, lists, tables, quotations, headings and breaks, and of nothing else."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(DISABLED_RULES)


def marker_parser() -> MarkdownIt:
    """Return the plain parser with tokens for markers, each source named once where they stand side by side.

    It is called with ``numbers``, the sources that there are, and ``labels``, the number that each is shown by.
    """
    markdown = plain_markdown_parser()
    markdown.inline.ruler.push("marker", _marker_rule)
    markdown.core.ruler.push("once", _name_once)
    return markdown


def answer_parser() -> MarkdownIt:
    """Return the parser of answers, which knows markers and the sentences they stand in."""
    markdown = marker_parser()
    markdown.add_render_rule("marker", _marker_html)
    markdown.add_render_rule("part", _part_html)
    markdown.add_render_rule("table_open", _table_html)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    markdown.core.ruler.before("once", "place", _locate_tokens)
    return markdown


ALLOWED_TAGS = {
    *("p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h3", "sup", "a", "span"),
    *("div", "table", "thead", "tbody", "tr", "th", "td"),
}
ALLOWED_ATTRIBUTES = {
    "div": {"class", "role", "aria-label", "tabindex"},
    "th": {"class"},
    "td": {"class"},
    "a": {"href", "aria-label", "class", "data-claim"},
    "sup": {"class"},
    "ol": {"start"},
    "span": {"class", "data-claim"},
}


def answer_blocks(
    text: str,
    *,
    numbers: Collection[int],
    sentences: SentenceLocator | None = None,
    key: str = "",
    labels: MutableMapping[int, int] | None = None,
    is_quoted: bool = False,
) -> list[str]:
    """Return an answer as HTML, each paragraph, list, table, heading, quotation and piece of code by itself.

    ``[n]`` leads to the note of source ``n`` and never begins a line. Only formatting survives: no HTML of the text's
    own, no links, no pictures. ``key`` begins the ids of the notes. ``labels`` takes up under which number, from 1 in
    the order read, each source is shown. Of what ``is_quoted`` it is no news that it stands in its source.
    """
    env = _environment(text, numbers=numbers, sentences=sentences, key=key, labels=labels) | {"is_quoted": is_quoted}
    tokens = _PARSER.parse(text, env)
    return [_clean(_PARSER.renderer.render(block, _PARSER.options, env)) for block in _blocks(tokens)]


def reading_order(text: str, *, numbers: Collection[int]) -> Mapping[int, int]:
    """Return under which number, from 1 in the order read, each source is shown that the answer names."""
    env = _environment(text, numbers=numbers)
    _PARSER.parse(text, env)
    labels: Mapping[int, int] = env["labels"]
    return labels


def _environment(
    text: str,
    *,
    numbers: Collection[int] = (),
    sentences: SentenceLocator | None = None,
    key: str = "",
    labels: MutableMapping[int, int] | None = None,
) -> dict[str, Any]:
    return {
        "numbers": numbers,
        "sentences": sentences or SentenceLocator(text),
        "key": key,
        "labels": {} if labels is None else labels,
    }


def block_starts(text: str) -> list[tuple[int, str]]:
    """Return for each block of a text the line, from 0, at which it begins, and its tag."""
    tokens = _PARSER.parse(text, _environment(text))
    firsts = (block[0] for block in _blocks(tokens))
    return [(first.map[0], first.tag) for first in firsts if first.map]


def _blocks(tokens: Sequence[MarkdownToken]) -> Iterator[list[MarkdownToken]]:
    block: list[MarkdownToken] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _clean(rendered: str) -> str:
    clean = nh3.clean(rendered, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None, url_schemes=set())
    joined = clean.replace('</sup><sup class="mark">', "").replace(
        ' </span><sup class="mark">', '</span> <sup class="mark">'
    )
    return joined.replace(' <sup class="mark">', '\u00a0<sup class="mark">')


_PARSER = answer_parser()
