"""A block: a paragraph, a list item or a piece of code, before speakers are told apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two blank lines: its lines joined with ``\\n`` as in the file, and its first line from 1."""

    text: str
    line: int
    heading: str = ""
    code: bool = False
