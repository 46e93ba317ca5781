"""Characters that nobody sees: they can turn a text round, or hide words in it, and carry nothing to a reader."""

import re

_UNSEEN = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u061c\u00ad\u034f\u180b-\u180f\u3164\uffa0\ufff9-\ufffb"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\U000e0000-\U000e0fff]"
)


def without_unseen(text: str) -> str:
    """Return the text without marks of direction, characters of no width and control characters.

    Joiners and the sixteen selectors stay: Persian and emoji need them. So do tabs and line breaks.
    """
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)
