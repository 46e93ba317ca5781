"""An answer as HTML: formatting and markers, and marks on sentences that don't stand in their source or cite none."""

import re
from collections.abc import Collection, Sequence

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MarkdownToken

from chat.renderers.formatting import formatting
from chat.renderers.sentences import Sentences
from chat.words import WORDS

MARKER = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h3", "sup", "a", "span"}
ATTRIBUTES = {"a": {"href", "aria-label", "class"}, "sup": {"class"}, "ol": {"start"}, "span": {"class"}}


def answer_html(text: str, *, numbers: Collection[int], sentences: Sentences | None = None) -> SafeString:
    """Return an answer as HTML in which ``[n]`` leads to the note of source ``n`` and never begins a line.

    Only formatting survives: no HTML of the text's own, no links, no pictures.
    """
    rendered = _MARKDOWN.render(text, {"numbers": numbers, "sentences": sentences or Sentences(text)})
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
        token.content = found[0]
        token.meta = {"numbers": numbers}
    state.pos = found.end()
    return True


def _marker_html(_: RendererHTML, tokens: Sequence[MarkdownToken], index: int, *__: object) -> str:
    meta = tokens[index].meta
    return (
        f'<sup class="mark">{"".join(_link(number, meta["verdicts"].get(number)) for number in meta["numbers"])}</sup>'
    )


def _link(number: int, found: tuple[str, str] | None) -> str:
    """Return the link of a marker to the place that its sentence rests on, or else to the note of its source."""
    if found is None:
        return f'<a href="#note-{number}" aria-label="Source {number}">{number}</a>'
    place, verdict = found
    label = f"Source {number}: {WORDS[verdict]}"
    return f'<a class="{verdict}" href="#{place}" aria-label="{label}">{number}</a>'


def _marked_html(_: RendererHTML, tokens: Sequence[MarkdownToken], index: int, *__: object) -> str:
    token = tokens[index]
    words = f'<span class="unseen"> ({WORDS["bare"]})</span>' if token.meta["is_end"] else ""
    return f'<span class="{token.meta["mark"]}">{escape(token.content)}</span>{words}'


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
        token.meta["verdicts"] = sentences.cited_at(start)
    if token.type != "text" or start is None:
        return [token]
    return [
        MarkdownToken("marked" if mark else "text", "", 0, content=words, meta={"mark": mark, "is_end": is_end})
        for words, mark, is_end in sentences.cut(token.content, start=start)
    ]


def _markdown() -> MarkdownIt:
    """Return the parser of answers, which knows markers and the sentences they stand in."""
    markdown = formatting()
    markdown.inline.ruler.push("marker", _marker_rule)
    markdown.add_render_rule("marker", _marker_html)
    markdown.add_render_rule("marked", _marked_html)
    markdown.core.ruler.push("place", _place)
    return markdown


_MARKDOWN = _markdown()
