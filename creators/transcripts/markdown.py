"""Markdown with front matter: headings, paragraphs and dialogue."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import unescape
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from creators.transcripts.dialogue import segments_of_blocks
from creators.transcripts.segments import Block, Transcript, TranscriptError

KINDS = ("video", "audio", "article", "text")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields a transcript takes, how many lines they filled, and what was passed over."""

    lines: int = 0
    title: str = ""
    url: str = ""
    kind: str = ""
    language: str = ""
    published: date | None = None
    warnings: tuple[str, ...] = ()


def read_front_matter(lines: list[str], *, name: str) -> FrontMatter:
    """Return the front matter of a file, empty where there is none.

    Also known: ``date`` for ``published``, ``media`` for ``url``, ``lang`` for ``language``.
    """
    end = _end(lines)
    if end is None:
        return FrontMatter()
    fields = _fields("\n".join(lines[1:end]), name)
    warnings: list[str] = []
    return FrontMatter(
        end + 1,
        title=_text(fields, "title"),
        url=_url(_text(fields, "url", "media"), warnings),
        kind=_kind(_text(fields, "kind").lower(), warnings),
        language=_text(fields, "language", "lang"),
        published=_date(fields.get("published", fields.get("date")), warnings),
        warnings=tuple(warnings),
    )


def _end(lines: list[str]) -> int | None:
    if lines[0].rstrip() != "---":
        return None
    return next((at for at, line in enumerate(lines) if at and line.rstrip() in ("---", "...")), None)


def _fields(text: str, name: str) -> dict[str, Any]:
    try:
        fields = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise TranscriptError(name, f"the front matter is not YAML: {error.problem}", line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise TranscriptError(name, f"the front matter can't be read: {reason}", 2) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise TranscriptError(name, "the front matter is no list of fields (“title: …”)", 2)
    return fields


def _text(fields: dict[str, Any], *keys: str) -> str:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return " ".join(str(value).split())
    return ""


def _url(url: str, warnings: list[str]) -> str:
    if url and not url.startswith(("https://", "http://")):
        warnings.append(f"the url “{url[:80]}” is no web address and was passed over")
        return ""
    return url


def _kind(kind: str, warnings: list[str]) -> str:
    if kind and kind not in KINDS:
        warnings.append(f"the kind “{kind[:40]}” is none of {', '.join(KINDS)} and was passed over")
        return ""
    return kind


def _date(value: object, warnings: list[str]) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and value.strip():
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            warnings.append(f"the date “{value[:40]}” is no YYYY-MM-DD and was passed over")
    return None


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
