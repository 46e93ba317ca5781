"""An answer as HTML, block by block: formatting, markers, and its sentences marked by how they rest on sources."""

from collections.abc import Collection, Iterator, Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token as MarkdownToken

from chat.rendering.answer import parser
from chat.rendering.sentences import Sentences

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h3", "sup", "a", "span"}
ATTRIBUTES = {
    "a": {"href", "aria-label", "class", "data-claim"},
    "sup": {"class"},
    "ol": {"start"},
    "span": {"class", "data-claim"},
}


def answer_html(
    text: str, *, numbers: Collection[int], sentences: Sentences | None = None, key: str = ""
) -> SafeString:
    """Return an answer as HTML in which ``[n]`` leads to the note of source ``n`` and never begins a line.

    Only formatting survives: no HTML of the text's own, no links, no pictures. ``key`` begins the ids of the notes.
    """
    return mark_safe("".join(answer_blocks(text, numbers=numbers, sentences=sentences, key=key)))  # noqa: S308 -- clean


def answer_blocks(
    text: str, *, numbers: Collection[int], sentences: Sentences | None = None, key: str = ""
) -> list[str]:
    """Return an answer as HTML, each paragraph, list, heading, quotation and piece of code by itself."""
    env = {"numbers": numbers, "sentences": sentences or Sentences(text), "key": key}
    tokens = _MARKDOWN.parse(text, env)
    return [_clean(_MARKDOWN.renderer.render(block, _MARKDOWN.options, env)) for block in _blocks(tokens)]


def blocks_begin(text: str) -> list[tuple[int, str]]:
    """Return for each block of a text the line, from 0, at which it begins, and its tag."""
    tokens = _MARKDOWN.parse(text, {"numbers": (), "sentences": Sentences(text), "key": ""})
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
    clean = nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, link_rel=None, url_schemes=set())
    joined = clean.replace('</sup><sup class="mark">', "").replace(
        ' </span><sup class="mark">', '</span> <sup class="mark">'
    )
    return joined.replace(' <sup class="mark">', '\u00a0<sup class="mark">')


_MARKDOWN = parser()
