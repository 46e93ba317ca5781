"""What a Markdown file says of itself between two lines of ``---`` at its top."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from creators.transcripts.errors import TranscriptError

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
