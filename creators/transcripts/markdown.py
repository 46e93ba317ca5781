"""Markdown with front matter: headings, paragraphs and dialogue."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import yaml
from markdown_it import MarkdownIt, helpers
from markdown_it.helpers import parseLinkLabel
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from creators.transcripts.captions import decode_entities
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
    creator_label: str = ""
    """The label before the creator's own words."""
    warnings: tuple[str, ...] = ()


def read_front_matter(lines: list[str], *, name: str) -> FrontMatter:
    """Return the front matter of a file, empty where there is none.

    Also known: ``date`` for ``published``, ``media`` for ``url``, ``lang`` for ``language``, ``speaker`` for
    ``creator_label``. Values are taken as they are written. Raises ``TranscriptError`` with the line for what is no
    YAML, or YAML that no front matter needs.
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
        published=_date(fields.get("published") or fields.get("date"), name, warnings),
        creator_label=_text(fields, "creator_label", "speaker"),
        warnings=tuple(warnings),
    )


def _end(lines: list[str]) -> int | None:
    if lines[0].rstrip() != "---":
        return None
    return next((at for at, line in enumerate(lines) if at and line.rstrip() in ("---", "...")), None)


MAX_FRONT_MATTER = 32 * 1024
"""Characters; a description of a video has 5,000 at most."""
_MOST_EVENTS, _DEEPEST, _LONGEST_NUMBER = 5000, 20, 100

# libyaml reads ten times as fast, and is in all wheels of PyYAML but those of the newest Python
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
_TAGS = frozenset({None, "!", *(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)})
_NUMBER = re.compile(r"[-+]?(?:0[xob][\da-fA-F_]+|[\d_][\d_:.]*(?:[eE][-+]?\d+)?)", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Field:
    """A value as it is written, and its line in the file."""

    text: str
    line: int


def _fields(text: str, name: str) -> dict[str, _Field]:
    """Return the fields that hold a single value; lists and what else is nested is passed over.

    The YAML is composed and never constructed: 379 bytes of merge keys took 14.5 s, numbers in base 60 are quadratic.
    """
    try:
        _refuse_what_costs(text, name)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        # libyaml counts the end of the text as a line of its own
        line = min(error.problem_mark.line, text.count("\n")) + 2 if error.problem_mark else 2
        raise TranscriptError(name, f"the front matter is not YAML: {error.problem}", line) from error
    except yaml.reader.ReaderError as error:
        line = 2 + text.encode()[: error.position].count(b"\n")
        raise TranscriptError(name, "the front matter holds a character that YAML doesn't take", line) from error
    except (ValueError, OverflowError) as error:  # an escape beyond Unicode, where libyaml is absent
        raise TranscriptError(name, "the front matter has an escape that can't be read", 2) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise TranscriptError(name, "the front matter is no list of fields (“title: …”)", 2)
    return _single_values(root, name)


def _single_values(root: yaml.MappingNode, name: str) -> dict[str, _Field]:
    fields: dict[str, _Field] = {}
    seen: set[str] = set()
    for key, value in root.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            raise TranscriptError(name, "the front matter has a field without a name", line)
        if key.value in seen:
            raise TranscriptError(name, f"the front matter has the field “{key.value[:40]}” twice", line)
        seen.add(key.value)
        if isinstance(value, yaml.ScalarNode) and value.tag != "tag:yaml.org,2002:null":
            fields[key.value] = _Field(" ".join(value.value.split()), value.start_mark.line + 2)
    return fields


def _refuse_what_costs(text: str, name: str) -> None:
    """Refuse, in one pass that makes nothing, what takes more time or memory than its length: aliases, above all."""
    if len(text) > MAX_FRONT_MATTER:
        raise TranscriptError(name, f"the front matter has more than {MAX_FRONT_MATTER // 1024} KiB", 1)
    depth = 0
    event: Any
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        reason = _refused(event)
        if depth > _DEEPEST:
            reason = "is nested too deeply"
        if number > _MOST_EVENTS:
            reason = f"has more than {_MOST_EVENTS // 2} values"
        if reason:
            raise TranscriptError(name, f"the front matter {reason}", event.start_mark.line + 2)


def _refused(event: Any) -> str:
    """Return what is wrong with a value, "" where it is taken."""
    match event:
        case yaml.AliasEvent():
            return "refers to another value with “*”: write the value itself"
        case yaml.ScalarEvent(tag=tag) | yaml.CollectionStartEvent(tag=tag) if tag not in _TAGS:
            return f"has a value of a type that isn't taken ({str(tag)[-40:]})"
        case yaml.ScalarEvent(value="<<", implicit=(True, _)):
            return "has a merge key (“<<”): write the fields themselves"
        case yaml.ScalarEvent(value=value) if len(value) > _LONGEST_NUMBER and _NUMBER.fullmatch(value):
            return f"has a number of {len(value)} characters"
    return ""


def _text(fields: dict[str, _Field], *keys: str) -> str:
    return next((found.text for key in keys if (found := fields.get(key))), "")


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


def _date(found: _Field | None, name: str, warnings: list[str]) -> date | None:
    """Return the day of a date or of a date with a time; refuse a day that no calendar has."""
    if found is None or not found.text:
        return None
    day = _DAY.match(found.text)
    if day is None:
        warnings.append(f"the date “{found.text[:40]}” is no YYYY-MM-DD and was passed over")
        return None
    try:
        return date(*map(int, day.groups()))
    except ValueError as error:
        reason = f"the front matter has a date that no calendar has: “{day[0]}”"
        raise TranscriptError(name, reason, found.line) from error


_MOST_BRACKETS = 20
_LONGEST_HEADING = 200
"""Characters of one heading that are kept with each block under it."""


class _Inline(ParserInline):
    """The parser of what stands in a line, which looks into brackets within brackets only so far.

    Each level costs every bracket once more: with the hundred that blocks may have a million brackets took 50 s.
    """

    def skipToken(self, state: StateInline) -> None:
        """Pass over a token, or over the rest of the paragraph where too many brackets are open."""
        if state.level >= _MOST_BRACKETS:
            state.pos = state.cache.setdefault(state.pos, state.posMax)
        else:
            super().skipToken(state)


def _link_label_end(state: StateInline, start: int, disableNested: bool = False) -> int:
    """Return where the label of a link ends, -1 where it does not; no label begins where no bracket closes any more."""
    if -1 not in state.cache:
        state.cache[-1] = state.src.rfind("]")
    return -1 if state.cache[-1] < start else parseLinkLabel(state, start, disableNested)


def _parser() -> MarkdownIt:
    # Beyond its nesting the parser drops text: by default that is a list ten deep
    parser: Any = MarkdownIt()
    parser.inline = _Inline()
    parser.helpers = SimpleNamespace(**vars(helpers) | {"parseLinkLabel": _link_label_end})
    configured: MarkdownIt = parser.configure("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    return configured


_MARKDOWN = _parser()
_TAG = re.compile(r"<[^<>]*>")
_SILENT = ("script", "style")


def read_markdown(text: str, *, name: str) -> Transcript:
    """Return the transcript of a Markdown file; without a title in its front matter, its first ``#`` heading is one."""
    lines = text.split("\n")
    about = read_front_matter(lines, name=name)
    reading = _Reading(about.lines)
    blocks = list(reading.blocks(_MARKDOWN.parse("\n".join(lines[about.lines :]))))
    segments, notes = segments_of_blocks(blocks, name=name)
    return Transcript(
        segments,
        title=about.title or reading.title,
        url=about.url,
        kind=about.kind,
        language=about.language,
        published=about.published,
        creator_label=about.creator_label,
        warnings=(*about.warnings, *notes),
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
            self.path.append((level, heading[:_LONGEST_HEADING]))
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
    return decode_entities(_TAG.sub("", text))
