"""Markers: the ``[n]`` by which an answer names its sources, kept whole and valid while the answer streams."""

import re

_NUMBERS = r"\^?\d{1,4}(?:\s*[,;]\s*\^?\d{1,4})*"
_MARKER = re.compile(rf"(?P<space>[ \t]*)(?:\[(?P<plain>{_NUMBERS})\]|【(?P<wide>{_NUMBERS})(?:†[^】\n]{{0,40}})?】)")
_UNFINISHED = re.compile(r"[ \t]*(?:(?:\[|【)[\d\s,;^]{0,40}|【[\d\s,;^]{1,40}†[^】\n]{0,40})?\Z")
# Most tokens are a word: no bracket in it, and no space at its end that a marker might take along.
_PLAIN = re.compile(r"[^\[【]*[^\[【\s]\Z").match
_CLEAN = re.compile(r"\s*\[\d+\]")


def without_markers(text: str) -> str:
    """Return the text without its markers and the space before them."""
    return _CLEAN.sub("", text)


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the sources that a text's markers name, each once, in order of appearance."""
    return tuple(dict.fromkeys(int(digits) for digits in re.findall(r"\[(\d+)\]", text)))


class MarkerFilter:
    """Lets text through as it streams, holding back only a marker that is not whole yet.

    ``[1,3]``, ``[^1]`` and ``【1】`` become ``[1][3]`` and ``[1]``; a number that is no source is removed and counted.
    However the text is cut into pieces, the joined result is the same.
    """

    def __init__(self, *, sources: int) -> None:
        """Accept the numbers 1 to ``sources``."""
        self._sources = sources
        self._held = ""
        self.removed = 0

    def feed(self, text: str) -> str:
        """Return what can be shown now."""
        if not self._held and _PLAIN(text):
            return text
        held = self._held + text
        unfinished = _UNFINISHED.search(held)
        cut = unfinished.start() if unfinished else len(held)
        self._held = held[cut:]
        return self._settled(held[:cut])

    def finish(self) -> str:
        """Return what was still held back when the text ended."""
        held, self._held = self._held, ""
        return self._settled(held)

    def _settled(self, text: str) -> str:
        return _MARKER.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        numbers = [int(digits) for digits in re.findall(r"\d+", match["plain"] or match["wide"])]
        valid = [number for number in numbers if 1 <= number <= self._sources]
        self.removed += len(numbers) - len(valid)
        return match["space"] + "".join(f"[{number}]" for number in valid) if valid else ""
