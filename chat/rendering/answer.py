"""The formatting that answers have: a parser of Markdown that knows markers, and whose words know their sentences."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MarkdownToken

from chat.events.messages import WORDS
from chat.rendering.sentences import Cited, Part, Sentences

MARKER = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
PLAIN = ("link", "image", "autolink", "reference", "html_block", "html_inline", "hr", "lheading", "code", "entity")
"""What Markdown knows and an answer does not; of entities, as brackets written by number would look like a marker."""


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
    links = (_link(number, meta["cited"].get(number), env["key"]) for number in meta["numbers"])
    return f'<sup class="mark">{"".join(links)}</sup>'


def _link(number: int, cited: Cited | None, key: str) -> str:
    """Return the link of a marker to the place that its sentence rests on, or else to the note of its source."""
    note = f"{key}note-{number}"
    if cited is None:
        return f'<a href="#{note}" aria-label="Source {number}">{number}</a>'
    label = f"Source {number}: {WORDS[cited.verdict]}"
    place = cited.place or note
    return f'<a class="{cited.verdict}" href="#{place}" aria-label="{label}" data-claim="{cited.sentence}">{number}</a>'


def _part_html(_: RendererHTML, tokens: Sequence[MarkdownToken], index: int, *__: object) -> str:
    part: Part = tokens[index].meta["part"]
    names = "bare" if part.kind == "bare" else "claim unsupported" if part.kind == "unsupported" else "claim"
    words = f'<span class="unseen"> ({WORDS["bare"]})</span>' if part.kind == "bare" and part.is_end else ""
    return f'<span class="{names}" data-claim="{part.start}">{escape(part.words)}</span>{words}'


def _place(state: StateCore) -> None:
    """Find each piece of text and each marker in the sentences of the answer, and mark it as its sentence is."""
    sentences: Sentences = state.env["sentences"]
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"
        if token.type == "fence":
            sentences.find(token.content)
        token.children = [new for child in token.children or () for new in _placed(child, sentences)] or token.children


def _placed(token: MarkdownToken, sentences: Sentences) -> list[MarkdownToken]:
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


def formatting() -> MarkdownIt:
    """Return a parser of emphasis, code, lists, quotations, headings and breaks, and of nothing else."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(PLAIN)


def parser() -> MarkdownIt:
    """Return the parser of answers, which knows markers and the sentences they stand in."""
    markdown = formatting()
    markdown.inline.ruler.push("marker", _marker_rule)
    markdown.add_render_rule("marker", _marker_html)
    markdown.add_render_rule("part", _part_html)
    markdown.core.ruler.push("place", _place)
    return markdown
