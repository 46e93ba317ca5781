"""Tokens of a text in which figures are looked for: numbers, words and the signs that belong to figures."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*"
    r"|(?<![^\W\d_])(?:[^\W\d_]\.){2,}"  # a.m.
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[%°:/+×$€£½¼¾⅓⅔\"″′.,;!?()\[\]~≈–-]"
)
_DASHES = str.maketrans({"−": "-", "‒": "-", "‑": "-", "—": "–", "’": "'", "\u00a0": " ", "\u202f": " ", "μ": "µ"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A token, case-folded, and where it stands; ``glued`` says that no space is before it."""

    text: str
    start: int
    end: int
    glued: bool

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits; a raised or circled one has a value that nothing here reads."""
        return self.text[0].isdecimal()


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Return the tokens of a text in order; offsets are those of the text given."""
    plain = text.translate(_DASHES)
    found: list[Piece] = []
    for match in _TOKEN.finditer(plain):
        start, end = match.span()
        glued = bool(found) and found[-1].end == start
        found.append(Piece(match[0].lower(), start, end, glued))
    return tuple(found)
