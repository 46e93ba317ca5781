"""Markers such as [1]: found while the answer streams, in whatever form a model writes them."""

import re
from collections.abc import Iterator

from chrysopedia.core.text import settled_end, without_unseen

_SIGN = re.compile(r"`+|~{3,}|\n")


_BLOCK = " \t>+-*.)0123456789"
"""What stands before the first words of a quotation or of an item of a list."""


class CodeTracker:
    """Follows a text and knows whether its next character stands in code; brackets there are no markers.

    A run of backticks opens code that the same run closes, on its line; three or more that begin a line open a fence.
    """

    def __init__(self) -> None:
        self.is_line_start = self.is_block_start = True
        self._fence = ""
        self._span = 0

    @property
    def is_open(self) -> bool:
        """Whether the next character stands in code."""
        return bool(self._fence or self._span)

    def pass_text(self, text: str) -> None:
        """Pass text without any sign of code."""
        if text.strip():
            self.is_line_start = False
            self.is_block_start = self.is_block_start and not text.strip(_BLOCK)

    def pass_sign(self, sign: str) -> None:
        """Pass a run of backticks or tildes, or the end of a line."""
        if sign == "\n":
            self._span, self.is_line_start, self.is_block_start = 0, True, True
            return
        self.is_block_start = False
        if self._fence:
            if self.is_line_start and sign[0] == self._fence[0] and len(sign) >= len(self._fence):
                self._fence = ""
            self.is_line_start = False
        elif len(sign) >= 3 and self.is_line_start and not self._span:
            self._fence, self.is_line_start = sign, False
        else:
            self.is_line_start = False
            if sign[0] == "`":
                self._span = 0 if self._span == len(sign) else self._span or len(sign)

    def pass_all(self, text: str) -> None:
        """Pass text with whatever signs of code are in it."""
        at = 0
        for match in _SIGN.finditer(text):
            self.pass_text(text[at : match.start()])
            self.pass_sign(match[0])
            at = match.end()
        self.pass_text(text[at:])


def outside_code(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the parts of a text that are no code."""
    code, at = CodeTracker(), 0
    for match in _SIGN.finditer(text):
        if not code.is_open:
            yield at, match.start()
        code.pass_text(text[at : match.start()])
        code.pass_sign(match[0])
        at = match.end()
    if not code.is_open:
        yield at, len(text)


HIGHEST = 99
"""Beyond it a number is no marker: a year is put in round brackets, so that ``[n]`` always means a source."""
LONGEST = 60
"""Characters that a marker, or the space before it, may have while it is waited for; a link after it may have more."""
LONGEST_LINK = 400

_NUMBERS = r"\^?\d{1,4}(?:\s{0,2}[,;&–-]\s{0,2}\^?\d{1,4})*"
_GAP = r"\s{0,2}"
_WORD = r"(?:sources?|passages?)[\s:#.]{0,3}"
_MARKER = re.compile(
    rf"\\?[\[［]{_GAP}(?:{_WORD})?(?P<plain>{_NUMBERS}){_GAP}\\?[\]］]"
    rf"|【{_GAP}(?:{_WORD})?(?P<wide>{_NUMBERS}){_GAP}(?:†[^】\n]{{0,40}})?】",
    re.IGNORECASE,
)
_PART_OF_WORD = "|".join(word[:length] for word in ("sources", "passages") for length in range(len(word), 0, -1))
_UNFINISHED = re.compile(
    rf"\\?(?:[\[【［]{_GAP}(?:(?:{_PART_OF_WORD})[\s:#.]{{0,3}})?"
    r"[\^\d\s,;&–-]*(?:†[^】\n]*)?\\?)?",
    re.IGNORECASE,
)
_LINK = re.compile(r"\(\s*<?(?:[a-z][a-z0-9+.-]*:|//|/|www\.|#)[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)", re.IGNORECASE)
_DEFINES = re.compile(r":[ \t]*(?:\n[ \t>]*)?<?(?:[a-z][a-z0-9+.-]*:\S|//|/|www\.)[^\n]*", re.IGNORECASE)
_DESTINATION = re.compile(r"\A:[ \t]*(?:\n[ \t>]*)?")
_NEXT = re.compile(r"`+|~{3,}|\n|\\?[\[【［]|\\\Z")
# A run of spaces is read once: from its beginning, and never given back.
_CLEAN = re.compile(r"(?<!\s)\s*+\[\d+\]")
_WHOLE = re.compile(r"\[(\d{1,2})\]")
_JOINS = re.compile(r"(?:[`~]|[\[［【][^\]］】\n]*)\Z").search
# Most tokens are a word: nothing in it that could begin a marker, code or a line, and no space at its end.
_PLAIN = re.compile(r"[^\[【［`~\n\\]*[^\[【［`~\n\\\s]\Z").match


def without_markers(text: str) -> str:
    """Return the text without its markers and the space before them."""
    return _CLEAN.sub("", text)


def markers_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each marker of a whole answer begins, and its number; in code there are none."""
    matches = (match for start, end in outside_code(text) for match in _WHOLE.finditer(text, start, end))
    return tuple((match.start(), int(match[1])) for match in matches)


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the sources that the markers of a whole answer name, each once, in order of appearance."""
    return tuple(dict.fromkeys(number for _, number in markers_in(text)))


class MarkerFilter:
    """Lets text through as it streams, holding back only a marker that is not whole yet.

    ``[1,3]``, ``[^1]``, ``[source 1]``, ``【1】`` become ``[1][3]`` and ``[1]``; a number that is no source is removed
    and counted; an address that a marker would link to is taken away; in code brackets stay as they are. What nobody
    sees is dropped. However the text is cut into pieces, the joined result is the same.
    """

    def __init__(self, *, sources: int) -> None:
        """Accept the numbers 1 to ``sources``."""
        self._sources = sources
        self._unsettled = ""
        self._held = ""
        self._code = CodeTracker()
        self._after_marker = self._has_shown = False
        self._last = ""
        self.removed = 0

    def feed(self, text: str) -> str:
        """Return what can be shown now."""
        text = self._unsettled + text
        end = settled_end(text)
        self._unsettled, text = text[end:], without_unseen(text[:end])
        if not self._held and not self._after_marker and _PLAIN(text):
            self._code.pass_text(text)
            self._last = (self._last + text)[-LONGEST:]
            return text
        self._held += text
        return self._settle(is_last=False)

    def finish(self) -> str:
        """Return what was still held back when the text ended."""
        self._held += without_unseen(self._unsettled)
        self._unsettled = ""
        return self._settle(is_last=True)

    def _settle(self, *, is_last: bool) -> str:
        held, at, shown = self._held, 0, []
        while at < len(held):
            step = self._step(held, at, is_last=is_last)
            if step is None:
                break
            piece, at = step
            shown.append(piece)
            self._last = (self._last + piece)[-LONGEST:]
        self._held = held[at:]
        return "".join(shown)

    def _step(self, held: str, at: int, *, is_last: bool) -> tuple[str, int] | None:
        """Return the next piece to show and where it ends in what is held; None waits for more."""
        if self._after_marker:
            return self._past_link(held, at, is_last=is_last)
        found = _NEXT.search(held, at)
        stop = found.start() if found else len(held)
        plain = stop if self._code.is_open else _before_spaces(held, at, stop)
        if plain > at:
            self._code.pass_text(held[at:plain])
            return held[at:plain], plain
        if found is None:
            return (held[at:], len(held)) if is_last else None
        if found[0][-1] in "[【［" and not self._code.is_open:
            return self._marker(held, at, found.start(), is_last=is_last)
        if found.end() == len(held) and found[0][0] in "`~\\" and not is_last:
            return None
        self._code.pass_sign(found[0])
        return held[at : found.end()], found.end()

    def _marker(self, held: str, at: int, opening: int, *, is_last: bool) -> tuple[str, int] | None:
        match = _MARKER.match(held, opening)
        if match is None or match.end() - opening >= LONGEST:
            unfinished = _UNFINISHED.match(held, opening, opening + LONGEST)
            if not is_last and unfinished and unfinished.end() == len(held) and len(held) - opening < LONGEST:
                return None
            end = opening + 1 + (held[opening] == "\\")
            self._code.pass_text(held[at:end])
            return held[at:end], end
        self._after_marker = True
        written = self._written(match, space=held[at:opening])
        self._has_shown = bool(written)
        if not self._after_marker:
            self._code.pass_text(written)
        return written, match.end()

    def _written(self, match: re.Match[str], *, space: str) -> str:
        numbers = _numbers(match["plain"] or match["wide"])
        if all(number > HIGHEST for number in numbers):
            self._after_marker = False
            return f"{space}({', '.join(map(str, numbers))})"
        valid = [number for number in numbers if 1 <= number <= self._sources]
        self.removed += len(numbers) - len(valid)
        if not valid:
            # What it stood between must not become one: another marker, or another sign of code.
            return "…" if _JOINS(self._last) else ""
        return space + "".join(f"[{number}]" for number in valid)

    def _past_link(self, held: str, at: int, *, is_last: bool) -> tuple[str, int] | None:
        """Take away an address that makes a link of the marker before it, or defines where it leads."""
        rest = held[at : at + LONGEST_LINK]
        link = _LINK.match(rest) or (_DEFINES.match(rest) if self._code.is_block_start else None)
        is_open = rest[0] == "(" and rest.count("(") > rest.count(")")
        line = rest
        if rest[0] == ":" and self._code.is_block_start:
            is_open, line = True, _DESTINATION.sub("", rest)
        if is_open and "\n" not in line and len(rest) < LONGEST_LINK and not is_last:
            return None
        self._after_marker = False
        if self._has_shown:
            # A marker that was removed ends no beginning of a line: what follows it may open a fence.
            self._code.pass_text("]")
        return "", at + link.end() if link else at


def _before_spaces(text: str, start: int, stop: int) -> int:
    """Return where the spaces begin that a part of a text ends with, so that ``LONGEST`` of them are left at most."""
    begin = max(start, stop - LONGEST)
    return begin + len(text[begin:stop].rstrip(" \t"))


def _numbers(text: str) -> list[int]:
    """Return the numbers of a marker in order, those between the ends of a range too."""
    numbers: list[int] = []
    for part in re.split(r"[,;&]", text.replace("^", "")):
        ends = [int(digits) for digits in re.findall(r"\d+", part)]
        is_range = len(ends) == 2 and ends[0] <= ends[1] <= HIGHEST
        numbers += range(ends[0], ends[1] + 1) if is_range else ends
    return numbers
