"""The reader of Markdown (.md): articles with headings, and transcripts with speakers in bold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from creators.transcripts.blocks import Block
from creators.transcripts.front_matter import read_front_matter
from creators.transcripts.turns import segments_of_blocks
from creators.transcripts.values import Transcript

# Beyond its nesting the parser drops text: by default that is a list ten deep
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
_TAG = re.compile(r"<[^<>]*>")
_SILENT = ("script", "style")


def read_markdown(text: str, *, name: str) -> Transcript:
    """Return the transcript of a Markdown file; without a title in its front matter, its first ``#`` heading is one."""
    lines = text.split("\n")
    about = read_front_matter(lines, name=name)
    reading = _Reading(about.lines)
    blocks = list(reading.blocks(_MARKDOWN.parse("\n".join(lines[about.lines :]))))
    return Transcript(
        segments_of_blocks(blocks, name=name),
        title=about.title or reading.title,
        url=about.url,
        kind=about.kind,
        language=about.language,
        published=about.published,
        warnings=about.warnings,
    )


@dataclass(slots=True)
class _Reading:
    """Where the reading of the tokens stands: the headings it is under, and the first title met."""

    above: int
    """Lines of front matter above the tokens."""
    path: list[tuple[int, str]] = field(default_factory=list)
    title: str = ""

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        cells: list[str] | None = None
        for before, token in zip([None, *tokens], tokens, strict=False):
            match token.type:
                case "tr_open":
                    cells = []
                case "tr_close":
                    yield from self._block(" | ".join(cells or ()), token, before)
                    cells = None
                case "inline" if before is not None and before.type == "heading_open":
                    self._enter(int(before.tag[1]), " ".join(_inline(token).split()))
                case "inline" if cells is not None:
                    cells.append(_inline(token))
                case "inline":
                    yield from self._block(_inline(token), token, before)
                case "fence" | "code_block":
                    yield from self._block(token.content.strip("\n"), token, before, code=True)
                case "html_block":
                    yield from self._block(_without_html(token.content), token, before)

    def _enter(self, level: int, heading: str) -> None:
        self.path = [(depth, text) for depth, text in self.path if depth < level]
        if heading:
            self.path.append((level, heading))
        if level == 1:
            self.title = self.title or heading

    def _block(self, text: str, token: Token, before: Token | None, *, code: bool = False) -> Iterator[Block]:
        place = token.map or (before.map if before else None) or [0]
        if text.strip():
            heading = " › ".join(text for _, text in self.path)
            yield Block(text if code else text.strip(), self.above + place[0] + 1, heading, code)


def _inline(token: Token) -> str:
    """Return what is said in a line of Markdown: no emphasis, no images, no HTML, links as their text."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)


def _without_html(source: str) -> str:
    """Return the text of a block of HTML, without comments, scripts and styles."""
    kept, at = [], 0
    while (begin := source.find("<!--", at)) >= 0:
        kept.append(source[at:begin])
        end = source.find("-->", begin)
        at = len(source) if end < 0 else end + 3
    text = "".join([*kept, source[at:]])
    if text.lstrip().lower().startswith(tuple(f"<{tag}" for tag in _SILENT)):
        return ""
    return unescape(_TAG.sub("", text))
