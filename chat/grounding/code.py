"""Where an answer is code, as it is read from the beginning: in fences and between backticks of one line."""

import re
from collections.abc import Iterator

_SIGN = re.compile(r"`+|~{3,}|\n")


_BLOCK = " \t>+-*.)0123456789"
"""What stands before the first words of a quotation or of an item of a list."""


class Code:
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


def outside_code(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the parts of a text that are no code."""
    code, at = Code(), 0
    for match in _SIGN.finditer(text):
        if not code.is_open:
            yield at, match.start()
        code.pass_text(text[at : match.start()])
        code.pass_sign(match[0])
        at = match.end()
    if not code.is_open:
        yield at, len(text)
