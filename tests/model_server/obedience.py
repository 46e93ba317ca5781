"""A model that obeys: wherever in its prompt an order can be read, it says what the order wants."""

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.model_server import wire
from tests.model_server.script import Script, stream

TELLING = 40
"""Letters of an order by which it is known again."""
PIECE, MOST_PIECES = 7, 300


@dataclass(frozen=True)
class Order:
    """Words that were planted somewhere, and what a model says that obeys them."""

    words: str
    says: str

    def is_in(self, body: dict[str, Any]) -> bool:
        """Whether any message of a request holds the order, however it is escaped, spaced or hidden."""
        wanted = legible(self.words)[:TELLING]
        contents = [str(message["content"]) for message in body.get("messages", ())]
        return any(wanted in legible(text) for content in contents for text in (content, unescape(content)))

    def script(self) -> Script:
        """The answer, in small pieces."""
        size = max(PIECE, len(self.says) // MOST_PIECES)
        return stream(*wire.answer(self.says[at : at + size] for at in range(0, len(self.says), size)))


def legible(text: str) -> str:
    """What a model may make out: letters and digits, also those of tag characters, without all between them."""
    shown = re.sub("[\U000e0020-\U000e007e]", lambda found: chr(ord(found[0]) - 0xE0000), text)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", shown))).casefold()
