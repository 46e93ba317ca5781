"""Markers that the program sets: behind sentences of a streaming answer that cite nothing, or the wrong passage."""

import re
from collections.abc import Callable

from chat.grounding.claims import claims, claims_something
from chat.grounding.markers import CodeTracker

Find = Callable[[str], int | None]
"""Returns the passage that clearly says a sentence, None where none does, or one that it names. It takes its time."""

_OPENERS = "\"'“‘«‹([{¿¡*_–—-"
_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
# A sentence may have ended and another begun: the first character of that, no opener, says whether it has.
# A run of signs is looked at once, from its beginning: from each sign the time would grow with the square.
_ENDS, _WIDE_ENDS = ".!?…؟।۔‽", "。！？｡"
_HAS_ENDED = re.compile(rf"(?<![^\w\s])(?:(?![{_ENDS}])[^\w\s])*+[{_ENDS}][^\w\s]*+\s|\n|[{_WIDE_ENDS}].").search
# From the first of a run only: from each of its characters the time would grow with the cube of its length.
_TRAILING = re.compile(
    rf"(?<![{re.escape(_OPENERS)}\s])[{re.escape(_OPENERS)}]*+(?P<held>\s[{re.escape(_OPENERS)}\s]*+)\Z"
)
LONGEST = 2000
"""Characters of a sentence beyond which its end is no longer looked for."""
LONG = 500
"""Characters from which on what ends no sentence is looked at again only when it has grown by a sixteenth."""


class SentenceMarker:
    """Lets an answer through as it streams, and adds ``[n]`` behind a sentence that passage n supports.

    Only space is held back, so that a marker can stand before it. ``places`` are the offsets of the markers it set in
    the joined result. What follows code is marked, code itself and tables never are.
    """

    def __init__(self, find: Find) -> None:
        self.places: set[int] = set()
        self._find = find
        self._text = ""  # from the first sentence on that has not ended
        self._shown = 0  # characters of it that are out
        self._before = 0  # characters of the result before it
        self._look_from = 0  # the length of it from which on it is worth looking for its end again
        self._is_quoting = False  # a quotation had not ended when that was set
        self._code = CodeTracker()

    def is_due(self, text: str) -> bool:
        """Say whether this text may end a sentence, so that ``feed`` may take the time of a search."""
        closes = self._is_quoting and "”" in text
        if len(self._text) + len(text) < self._look_from and not closes:
            return False
        together = self._text[-LONGEST:] + text
        quotation = _open_quotation(together)
        if quotation is not None:
            together = f"{together[:quotation]}x"
        return bool(_HAS_ENDED(together.rstrip(_OPENERS + _SPACE)))

    def feed(self, text: str) -> str:
        """Return what can be shown now."""
        is_due = self.is_due(text)
        self._text += text
        if self._is_quoting and "”" in text:
            # What follows may be short, beside the quotation, and is a sentence by itself.
            self._look_from, self._is_quoting = 0, False
        shown = self._mark_sentences() if is_due else ""
        begin = max(self._shown, len(self._text) - LONGEST)
        trailing = _TRAILING.search(self._text[begin:])
        return shown + self._show(begin + trailing.start("held") if trailing else len(self._text))

    def finish(self) -> str:
        """Return what was still held back when the answer ended, with the marker of its last sentence."""
        return self._mark_sentences(is_last=True) + self._show(len(self._text))

    def _mark_sentences(self, *, is_last: bool = False) -> str:
        """Mark the sentences that have ended, and return what of them was not shown yet."""
        spans = list(claims(self._text))
        open_from = _open_quotation(self._text)
        whole = len(self._text) if open_from is None else open_from
        ended = spans if is_last else [span for span in spans[:-1] if span[1] <= whole]
        shown, settled = [], 0
        for start, stop in ended:
            self._code.pass_all(self._text[settled:stop])
            shown.append(self._show(stop))
            number = self._number_for(self._text[start:stop]) if self._shown == stop else None
            if number is not None:
                marker = f" [{number}]"
                self.places.add(self._before + stop + 1)
                self._before += len(marker)
                shown.append(marker)
            settled = stop
        self._text, self._shown = self._text[settled:], max(0, self._shown - settled)
        self._look_from = len(self._text) * 17 // 16 if len(self._text) >= LONG and not settled else 0
        self._is_quoting = open_from is not None
        self._before += settled
        return "".join(shown)

    def _number_for(self, sentence: str) -> int | None:
        is_row = sentence.startswith("|")
        if self._code.is_open or is_row or not claims_something(sentence):
            return None
        return self._find(sentence)

    def _show(self, end: int) -> str:
        text = self._text[self._shown : end]
        self._shown = max(self._shown, end)
        return text


def _open_quotation(text: str) -> int | None:
    """Return where a quotation begins that has not ended: its sentences are one, whose marker stands behind it."""
    opens = text.rfind("“")
    return opens if opens > text.rfind("”") else None
