"""Texts beside each other, or one below another where the terminal is narrow."""

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

NARROWEST = 28
GAP = "   "


def side_by_side(texts: Sequence[tuple[str, str]], *, width: int) -> str:
    """Return the texts under their headings, in columns where each gets at least ``NARROWEST`` characters."""
    column = (width - len(GAP) * (len(texts) - 1)) // max(len(texts), 1)
    if column < NARROWEST:
        return "\n\n".join("\n".join(_lines(head, text, max(width, NARROWEST))) for head, text in texts)
    columns = [_lines(head, text, column) for head, text in texts]
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join(GAP.join(cell.ljust(column) for cell in row).rstrip() for row in rows)


def _lines(head: str, text: str, width: int) -> list[str]:
    body = [line for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, width) or [""]]
    return [head, "-" * min(len(head), width), *body]
