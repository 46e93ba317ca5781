"""What a file's name, and what a downloader writes beside it, say of a work: title, date, link and language."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf.locale import LANG_INFO

_LANGUAGE = re.compile(r"\.([A-Za-z]{2,3})(-[A-Za-z]{2,8})?$")
_VIDEO = r"[A-Za-z0-9_-]{11}"
_BRACKETED = re.compile(rf"\s*\[({_VIDEO})\]$")
_TRAILING = re.compile(rf"(?:^|[-_ ])({_VIDEO})$")
_KINDS_OF_SIGN = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]"), re.compile("[-_]"))
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_PARTS = re.compile(r"[\s_-]+")
WATCH = "https://www.youtube.com/watch?v="


@dataclass(frozen=True, slots=True)
class NamedFacts:
    """What a name says; "" or None where it is silent."""

    title: str = ""
    url: str = ""
    language: str = ""
    published: date | None = None


def without_language(stem: str) -> str:
    """Return the name of a file without ending and language: ``talk`` for ``talk.en-orig``."""
    match = _LANGUAGE.search(stem)
    return stem[: match.start()] if match and match[1].lower() in LANG_INFO else stem


def facts_of_name(stem: str) -> NamedFacts:
    """Return what a name without its ending says, as downloaders write it: ``20241104 A talk [0bhPTk9hdGI].en``.

    An address is made of eleven characters in brackets, or at the end where they can't be a word.
    """
    bare = without_language(stem)
    language = stem[len(bare) + 1 :].split("-", maxsplit=1)[0].lower()
    bracketed = _BRACKETED.search(bare)
    found = bracketed or _TRAILING.search(bare)
    if found and (bracketed or _is_no_word(found[1])):
        bare, url = bare[: found.start()], WATCH + found[1]
    else:
        url = ""
    published, bare = _dated(bare)
    words = _PARTS.sub(" ", bare).strip()
    title = words[:1].upper() + words[1:]
    return NamedFacts(title or (found[1] if url and found else "Untitled"), url, language, published)


_DOWNLOADED = re.compile(r"[a-z][\w:.-]* [\w-]{5,}")


def lists_downloads(head: str) -> bool:
    """Say whether a text is a downloader's list of what it has, such as ``youtube 0bhPTk9hdGI``, and no talk."""
    ids = head.split()[1::2]
    is_list = all(_DOWNLOADED.fullmatch(line) for line in head.splitlines() if line.strip())
    return bool(ids) and is_list and sum(one.isdigit() or _is_no_word(one) for one in ids) * 2 > len(ids)


def _is_no_word(text: str) -> bool:
    return sum(bool(kind.search(text)) for kind in _KINDS_OF_SIGN) > 2


def _dated(text: str) -> tuple[date | None, str]:
    """Return the date in a name, and the name without it."""
    for match in _DATE.finditer(text):
        try:
            return date(int(match[1]), int(match[3]), int(match[4])), f"{text[: match.start()]} {text[match.end() :]}"
        except ValueError:
            continue
    return None, text


def facts_of_info(data: bytes) -> NamedFacts:
    """Return what a downloader's ``.info.json`` says; nothing where it can't be read, as it may be anybody's file."""
    try:
        info = json.loads(data)
    except (ValueError, RecursionError):
        return NamedFacts()
    if not isinstance(info, dict):
        return NamedFacts()
    url = _text(info, "webpage_url") or _text(info, "original_url")
    published = next((day for key in ("upload_date", "release_date") if (day := _day(_text(info, key)))), None)
    return NamedFacts(
        title=_text(info, "title") or _text(info, "fulltitle"),
        url=url if url.startswith(("https://", "http://")) else "",
        language=_text(info, "language").split("-")[0].lower(),
        published=published,
    )


def _text(info: dict[str, Any], key: str) -> str:
    value = info.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _day(written: str) -> date | None:
    return _dated(written)[0]
