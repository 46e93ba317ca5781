"""Loops of a language model: an answer goes through word by word until it says the same thing over and over."""

import re

LEAST_WORDS = 6
"""Repeated words in a row below which a short phrase is emphasis, or a list."""
LONGEST_COPY = 24
"""Words copied from before in a row that are a loop, however far back they stood."""
ALIKE_WORDS, ALIKE_TIMES = 8, 4
"""So many words in a row, said so often, are a loop whose sayings differ a little."""
MOST_PLACES = 64
"""Places at which a word was said last that are looked at."""

LONGEST_WORD = 40
LONGEST_LEAD = 80
"""Characters before a word among which is looked for what goes with it."""

_TOKEN = re.compile(rf"\[\d{{1,2}}\]|(?P<word>[^\W_]{{1,{LONGEST_WORD}}})")
# What stands before a word and goes with it: space, the sign or number of an item, an opening sign.
_LEAD = re.compile(r"\s++(?:(?:[-*+•>#]+|\d{1,3}[.)])(?:\s++|\Z))*[\"“„‘«(*_]*\Z")
_NUMBERS_ITEM = re.compile(r"(?:\A|\n)[ \t>]*\Z")


class RepetitionFilter:
    """Lets text through as it streams, holding back words that repeat earlier ones until they go on otherwise.

    Once ``is_looping``, what is held and all that follows is dropped: only the first saying was let through. Otherwise
    the joined result is what was fed, however it is cut.
    """

    def __init__(self) -> None:
        self.is_looping = False
        self._words: list[str] = []
        self._places: dict[str, list[int]] = {}
        self._beginnings: set[str] = set()
        self._copies: dict[int, int] = {}  # words copied in a row so far, by how many words back they stand
        self._said: dict[tuple[str, ...], list[int]] = {}  # where runs of ALIKE_WORDS begin
        self._held: list[str] = []  # one text for each word of the longest copy
        self._rest = ""  # what no whole word ends yet
        self._shown = 0  # characters of the rest that are out
        self._last = ""

    def feed(self, text: str) -> str:
        """Return what can be shown now."""
        if self.is_looping:
            return ""
        self._rest += text
        shown = self._take_words(is_last=False)
        return self._out(shown + self._before_word()) if not self.is_looping else self._out(shown)

    def finish(self) -> str:
        """Return what was still held back when the text ended."""
        if self.is_looping:
            return ""
        shown = self._take_words(is_last=True)
        if not self.is_looping:
            shown += "".join(self._held) + self._rest[self._shown :]
            self._held, self._rest, self._shown = [], "", 0
        return self._out(shown)

    def _out(self, text: str) -> str:
        self._last = text[-1:] or self._last
        if self.is_looping and (self._last.isalnum() or self._last in ",;–-"):
            text, self._last = f"{text} …", "…"
        return text

    def _take_words(self, *, is_last: bool) -> str:
        """Take in the whole words of the rest, and return what of them can be shown."""
        shown, at = [], 0
        for match in _TOKEN.finditer(self._rest):
            end = match.end()
            is_whole = end < len(self._rest) or end - match.start() == LONGEST_WORD
            if not (is_whole or is_last) or self.is_looping:
                break
            if match["word"] and not self._is_number_of_item(match, is_last=is_last):
                shown.append(self._take(at, match.start(), end))
                at = end
        self._rest, self._shown = self._rest[at:], max(0, self._shown - at)
        return "".join(shown)

    def _is_number_of_item(self, match: re.Match[str], *, is_last: bool) -> bool:
        following = self._rest[match.end() : match.end() + 1]
        is_numbered = following in {".", ")"} or (not following and not is_last)
        return (
            match[0].isdecimal()
            and is_numbered
            and bool(_NUMBERS_ITEM.search(self._rest[max(0, match.start() - LONGEST_LEAD) : match.start()]))
        )

    def _take(self, at: int, start: int, end: int) -> str:
        """Take in the word at these offsets of the rest, with what stands before it from ``at`` on."""
        lead = self._lead_from(at, start)
        before, text = self._rest[max(at, self._shown) : lead], self._rest[max(lead, self._shown) : end]
        if self._held:
            self._held[-1] += before
            before = ""
        self._held.append(text)
        longest = self._follow(self._rest[start:end].casefold())
        if self.is_looping:
            self._held = []
            return before
        out = self._held[: len(self._held) - longest]
        self._held = self._held[len(out) :]
        return before + "".join(out)

    def _lead_from(self, at: int, start: int) -> int:
        """Return where that begins which goes with the word at ``start``."""
        found = _LEAD.search(self._rest, max(at, start - LONGEST_LEAD), start)
        return found.start() if found else start

    def _follow(self, word: str) -> int:
        """Note a word, and return how many of the last ones were said in the same order before."""
        index = len(self._words)
        places = self._places.setdefault(word, [])
        self._copies = {index - place: self._copies.get(index - place, 0) + 1 for place in places}
        self._words.append(word)
        places.append(index)
        del places[:-MOST_PLACES]
        self._beginnings.update(word[:length] for length in range(1, len(word) + 1))
        self.is_looping = self._is_copied() or self._is_alike(index)
        return max(self._copies.values(), default=0)

    def _is_copied(self) -> bool:
        return any(
            length >= min(LONGEST_COPY, max(LEAST_WORDS, 2 * distance)) for distance, length in self._copies.items()
        )

    def _is_alike(self, index: int) -> bool:
        run = tuple(self._words[-ALIKE_WORDS:])
        begins = self._said.setdefault(run, [])
        if len(run) == ALIKE_WORDS and (not begins or index - begins[-1] >= ALIKE_WORDS):
            begins.append(index)
        return len(begins) >= ALIKE_TIMES

    def _before_word(self) -> str:
        """Return what of the rest can be shown though no word is whole: all but what may begin a repetition."""
        if self._held:
            return ""
        start = len(self._rest)
        while start and self._rest[start - 1].isalnum():
            start -= 1
        word = self._rest[start:].casefold()
        is_new = word and not word.isdecimal() and word not in self._beginnings
        end = len(self._rest) if is_new else self._lead_from(0, start)
        text = self._rest[self._shown : end]
        self._shown = max(self._shown, end)
        cut = min(self._shown, start) - LONGEST_LEAD
        if cut > 0:
            self._rest, self._shown = self._rest[cut:], self._shown - cut
        return text
