"""JSON whose lists are parsed entry by entry, as that of a long talk takes ten times its file in memory."""

import json
import re
from collections.abc import Iterator
from typing import Any

_decode = json.JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*(,?)[ \t\n\r]*")
_DEPTH = 4
"""Objects within objects whose lists are found; what is deeper is parsed whole."""


class JSONArray:
    """A list in a text, whose entries are parsed each time it is gone through; its syntax has been checked."""

    def __init__(self, text: str, begin: int, *, holds_objects: bool) -> None:
        self._text = text
        self._begin = begin
        self.holds_objects = holds_objects
        """Whether each entry is an object."""

    def __iter__(self) -> Iterator[Any]:
        return (value for value, _ in _items(self._text, self._begin))


class JSONLines:
    """The objects of a text that has one on each line; a line that holds none is passed over."""

    holds_objects = True

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[Any]:
        return (one for _, one in self.numbered() if one is not None)

    def numbered(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Yield each line's number, from 1, and its object or None; empty lines are left out."""
        for number, line in enumerate(_lines(self._text), 1):
            if line.strip():
                try:
                    one = json.loads(line)
                except (ValueError, RecursionError):
                    one = None
                yield number, one if isinstance(one, dict) else None


def _lines(text: str) -> Iterator[str]:
    at = 0
    while (end := text.find("\n", at)) >= 0:
        yield text[at:end]
        at = end + 1
    yield text[at:]


def outline(text: str) -> Any:
    """Return the document with a ``JSONArray`` for each list that lies in no other.

    Raises what ``json.loads`` does: ``JSONDecodeError`` with its line, ``RecursionError``, or ``ValueError``.
    """
    value, end = _outlined(text, _after_space(text, 0), _DEPTH)
    end = _after_space(text, end)
    if end < len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _outlined(text: str, at: int, depth: int) -> tuple[Any, int]:
    """Return the value that begins at a character, and where it ends."""
    if text.startswith("[", at):
        end, holds_objects = _after_space(text, at + 1), True
        for item, following in _items(text, at):
            end, holds_objects = following, holds_objects and isinstance(item, dict)
        return JSONArray(text, at, holds_objects=holds_objects), end + 1
    if not text.startswith("{", at) or not depth:
        return _decode(text, at)
    members: dict[str, Any] = {}
    at = _after_space(text, at + 1)
    while not text.startswith("}", at):
        if not text.startswith('"', at):
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        key, at = _decode(text, at)
        at = _after_space(text, at)
        if not text.startswith(":", at):
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        members[key], at = _outlined(text, _after_space(text, at + 1), depth - 1)
        at = _after_comma(text, at, "}")
    return members, at + 1


def _items(text: str, at: int) -> Iterator[tuple[Any, int]]:
    """Yield the entries of the list that begins at a character, each with where the next one or the end stands."""
    at = _after_space(text, at + 1)
    while not text.startswith("]", at):
        value, at = _decode(text, at)
        at = _after_comma(text, at, "]")
        yield value, at


def _after_comma(text: str, at: int, closing: str) -> int:
    """Return where the next entry begins, or the closing sign stands."""
    match = _COMMA.match(text, at)
    has_comma, end = (bool(match[1]), match.end()) if match else (False, at)
    if has_comma is not text.startswith(closing, end):
        return end
    told = "Illegal trailing comma before end of array or object" if has_comma else "Expecting ',' delimiter"
    raise json.JSONDecodeError(told, text, end)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
