"""What stands around a model's answer: the word by which it says how far the passages answer, and a block of code."""

import re
from collections.abc import Mapping

from chat.events.events import Coverage

COVERAGE_WORDS: Mapping[str, Coverage] = {"NOT_ANSWERED": "none", "PARTLY_ANSWERED": "partly"}
"""The first word of an answer to what the passages don't answer, as the prompt asks for it."""

_SIGNS = "*_#>\"'`([ \n"
_AROUND = re.compile(r"[*_\"'`)\].:!]*\s*")
_OPENING = re.compile(r"(`{3,}|~{3,})[ \t]*(\w*)[ \t]*\n")
_MAY_OPEN = re.compile(r"(?:`+|~+)[ \t]*\w{0,20}[ \t]*\Z")
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*(\w*)[ \t]*\n?\Z")
_MAY_BE_FENCE = re.compile(r"[ \t]*[`~]*[ \t]*\w{0,20}[ \t]*\Z")
_PROSE = frozenset({"markdown", "md", "text", "txt", "plaintext", "answer"})
_IS_CODE = re.compile(r"[{};=<>]|\(\)").search
_CITES = re.compile(r"\s\[\d{1,2}\]").search
LONGEST_LINE = 200
"""Characters of a block's first line by which it is told whether it is code."""


class ReplyReader:
    """Takes the answer out of a reply as it streams, however it is cut; ``coverage`` is what the first word says.

    A reply that is wholly a block of code, but reads as prose, loses the block: in code markers are none.
    """

    def __init__(self) -> None:
        self.coverage: Coverage | None = None
        self._held = ""
        self._is_begun = False
        self._is_wrapped = self._is_in_code = self._is_line_begun = False

    def feed(self, text: str) -> str:
        """Return what of the answer can be shown now."""
        if self._is_begun and not self._is_wrapped:
            return text
        self._held += text
        return self._settle(is_last=False)

    def finish(self) -> str:
        """Return what was still held back when the reply ended."""
        return self._settle(is_last=True)

    def _settle(self, *, is_last: bool) -> str:
        if not self._is_begun:
            self._begin(is_last=is_last)
            if not self._is_begun:
                return ""
        if self._is_wrapped:
            return self._unwrapped(is_last=is_last)
        shown, self._held = self._held, ""
        return shown

    def _begin(self, *, is_last: bool) -> None:
        """Take the word and the opening of the block away; the answer is begun once no more of them can come."""
        while True:
            text = self._held = self._held.lstrip()
            opening = None if self._is_wrapped else _OPENING.match(text)
            word = None if self.coverage else _coverage_word(text)
            if opening:
                line, end, _ = text[opening.end() :].partition("\n")
                is_known = bool(end) or is_last or len(line) > LONGEST_LINE
                if not opening[2] and not is_known:
                    return
                if not _reads_as_prose(opening[2], line):
                    break
                self._held, self._is_wrapped = text[opening.end() :], True
            elif word:
                rest = text[text.index(word) + len(word) :]
                around = _AROUND.match(rest)
                after = rest[around.end() :] if around else rest
                if not after and not is_last:
                    return
                self._held, self.coverage = after, COVERAGE_WORDS[_named(word).upper()]
            elif not is_last and self._may_begin(text):
                return
            else:
                break
        self._is_begun = True

    def _may_begin(self, text: str) -> bool:
        if len(text) > LONGEST_LINE:
            return False
        may_open = not self._is_wrapped and bool(_MAY_OPEN.match(text))
        begun = _named(text.lstrip(_SIGNS)).upper()
        return may_open or (self.coverage is None and any(word.startswith(begun) for word in COVERAGE_WORDS))

    def _unwrapped(self, *, is_last: bool) -> str:
        """Return the lines of the block without the one that closes it."""
        shown = []
        *lines, rest = self._held.split("\n")
        for line in lines:
            shown.append(self._line(f"{line}\n"))
            if not self._is_wrapped:
                break
        else:
            if is_last or self._is_line_begun or not _MAY_BE_FENCE.match(rest):
                shown.append(self._line(rest))
                self._is_line_begun = bool(rest) or self._is_line_begun
                rest = ""
            self._held = rest
            return "".join(shown)
        self._held = ""
        return "".join(shown) + "\n".join([*lines[len(shown) :], rest])

    def _line(self, line: str) -> str:
        fence = None if self._is_line_begun else _FENCE.match(line)
        self._is_line_begun = False
        if fence and not fence[1] and not self._is_in_code:
            self._is_wrapped = False
            return ""
        if fence:
            self._is_in_code = bool(fence[1])
        return line


def _named(text: str) -> str:
    return text[:20].replace(" ", "_").replace("-", "_")


def _coverage_word(text: str) -> str | None:
    """Return the word as it begins a text, None where none does."""
    begun = text.lstrip(_SIGNS)
    if len(text) - len(begun) > 6:
        return None
    return next((begun[: len(word)] for word in COVERAGE_WORDS if _is_written(word, begun)), None)


def _is_written(word: str, begun: str) -> bool:
    """Say whether a text begins with the word: with its underscore in any case, "Not answered here" is prose."""
    is_joined = begun[word.index("_") :].startswith("_")
    named = _named(begun)
    return (named.upper() if is_joined else named).startswith(word)


def _reads_as_prose(language: str, line: str) -> bool:
    if language:
        return language.lower() in _PROSE
    is_said = _coverage_word(line) is not None or _CITES(line) is not None
    return (is_said or len(re.findall(r"[^\W\d_]{2,}", line)) > 3) and not _IS_CODE(line)
