"""Loops of a language model: an answer goes through word by word until it says the same thing over and over."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

LEAST_WORDS = 6
"""Repeated words in a row below which a short phrase is emphasis, or a list."""
LONGEST_COPY = 24
"""Words copied from before in a row that are a loop, however far back they stood."""
ALIKE_WORDS, ALIKE_TIMES = 8, 4
"""So many words in a row, said so often, are a loop whose sayings differ a little."""
MOST_PLACES = 64
"""Places at which a word was said last that are looked at."""
LEAST_COPY = 3
"""Words copied in a row from which on they are held back wherever they stand: fewer are said again in any text."""
NEAR = 3
"""Words back within which one that is said again is held back at once: "no, no", "and the kick and the kick"."""
MOST_FILLED_IN = 16
"""Times that a sentence may be said with other figures in it: more are no list that anybody asked for."""
MOST_LETTERLESS = 400
"""Characters without a letter among them from which on a model says nothing any more; a long table has fewer."""
MOST_SENTENCES = 4
"""Sentences before one, a loop of which is known by its first word."""

Part = Literal["sentence", "part", ""]
LONGEST_WORD = 40
LONGEST_LEAD = 80
"""Characters before a word among which is looked for what goes with it."""

_TOKEN = re.compile(rf"\[\d{{1,2}}\]|(?P<word>[^\W_]{{1,{LONGEST_WORD}}})")
# What stands before a word and goes with it: space, the sign or number of an item, an opening sign.
_LEAD = re.compile(r"\s++(?:(?:[-*+•>#]+|\d{1,3}[.)])(?:\s++|\Z))*[\"“„‘«(*_]*\Z")
_NUMBERS_ITEM = re.compile(r"(?:\A|\n)[ \t>]*\Z")
_FIGURES = re.compile(r"\d+")
_PARTS = re.compile(r"(?P<sentence>[.!?…\n。！？])|[,;:()–—、，]")


class RepetitionFilter:
    """Lets text through as it streams, holding back words that may be the second saying of a loop.

    These are the word with which a sentence or a line begins as one shortly before, or a part of one as the part before
    it, a word that was said right before, and the third of a longer copy: other words come again in any text, and
    readers would wait for each. So of a long loop within a sentence two words may be seen twice. Signs, digits and line
    breaks without an end are a loop, too, of which the beginning is seen. Once ``is_looping``, what is held and all
    that follows is dropped. Otherwise the joined result is what was fed, however it is cut.
    """

    def __init__(self) -> None:
        self.is_looping = False
        self._words: list[str] = []
        self._places: dict[str, list[int]] = {}
        self._sentences: list[int] = []  # places of the words with which the last sentences begin
        self._part = 0  # the place of the word with which the last part of one begins
        self._copies: dict[int, int] = {}  # words copied in a row so far, by how many words back they stand
        self._opened: set[int] = set()  # those of them that begin as a sentence or a part before
        self._said: dict[tuple[str, ...], list[int]] = {}  # where runs of ALIKE_WORDS begin
        # Sentences that hold figures, by their words without them.
        self._filled_in: Counter[tuple[str, ...]] = Counter()
        self._held: list[str] = []  # one text for each word of the longest copy that is held back
        self._rest = ""  # what no whole word ends yet
        self._shown = 0  # characters of the rest that are out
        self._begins: Part = "sentence"  # what begins with the next word, by what is no longer in the rest
        self._last = ""
        self._letterless = 0  # characters since the last letter

    def feed(self, text: str) -> str:
        """Return what can be shown now."""
        if self.is_looping:
            return ""
        end = self._end_of_letters(text)
        self._rest += text[:end]
        shown = self._take_words(is_last=False)
        if self.is_looping:
            return self._out(shown)
        if end is None:
            return self._out(shown + self._before_word())
        shown += self._let_go()
        self.is_looping = True
        return self._out(shown)

    def finish(self) -> str:
        """Return what was still held back when the text ended."""
        if self.is_looping:
            return ""
        shown = self._take_words(is_last=True)
        if not self.is_looping:
            shown += self._let_go()
        return self._out(shown)

    def _let_go(self) -> str:
        """Return all that is held back, which is nothing then."""
        text = "".join(self._held) + self._rest[self._shown :]
        self._held, self._rest, self._shown = [], "", 0
        return text

    def _end_of_letters(self, text: str) -> int | None:
        """Return how much of a text can be taken in before it has had no letter for too long; None for all of it."""
        if text[-1:].isalpha() and self._letterless + len(text) <= MOST_LETTERLESS:
            self._letterless = 0  # as most pieces end
            return None
        for at, character in enumerate(text):
            self._letterless = 0 if character.isalpha() else self._letterless + 1
            if self._letterless > MOST_LETTERLESS:
                return at
        return None

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
        if at:
            self._rest, self._shown = self._rest[at:], max(0, self._shown - at)
        return "".join(shown)

    def _is_number_of_item(self, match: re.Match[str], *, is_last: bool) -> bool:
        if not match[0].isdecimal():
            return False
        following = self._rest[match.end() : match.end() + 1]
        is_numbered = following in {".", ")"} or (not following and not is_last)
        return is_numbered and self._begins_line(match.start())

    def _begins_line(self, start: int) -> bool:
        return bool(_NUMBERS_ITEM.search(self._rest[max(0, start - LONGEST_LEAD) : start]))

    def _take(self, at: int, start: int, end: int) -> str:
        """Take in the word at these offsets of the rest, with what stands before it from ``at`` on."""
        lead, begins = self._lead_from(at, start), self._begun(at, start)
        before, text = self._rest[max(at, self._shown) : lead], self._rest[max(lead, self._shown) : end]
        if begins == "sentence" and self._is_filled_in():
            self.is_looping, held, self._held = True, self._held, []
            return "".join(held) + before
        if self._held:
            self._held[-1] += before
            before = ""
        self._held.append(text)
        longest = self._follow(self._rest[start:end].casefold(), begins, is_apart=bool(begins) or start > at)
        self._begins = ""
        if self.is_looping:
            self._held = []
            return before
        out = self._held[: max(0, len(self._held) - longest)]
        self._held = self._held[len(out) :]
        return before + "".join(out)

    def _lead_from(self, at: int, start: int) -> int:
        """Return where that begins which goes with the word at ``start``; with the "s" of "it's" its apostrophe."""
        if self._rest[at:start] in {"'", "’"}:
            return at
        found = _LEAD.search(self._rest, max(at, start - LONGEST_LEAD), start)
        return found.start() if found else start

    def _begun(self, at: int, start: int) -> Part:
        """Return what begins behind these characters of the rest, and what stood before it."""
        signs = {match.lastgroup for match in _PARTS.finditer(self._rest, at, start)}
        if "sentence" in signs or self._begins == "sentence":
            return "sentence"
        return "part" if signs else self._begins

    def _follow(self, word: str, begins: Part, *, is_apart: bool) -> int:
        """Note a word, with what begins with it, and return how many of the last ones are to be held back."""
        index = len(self._words)
        places = self._places.setdefault(word, [])
        before = self._copies
        self._copies = copies = {index - place: before.get(index - place, 0) + 1 for place in places}
        self._opened = {far for far in self._opened if far in copies}
        self._opened.update(index - place for place in self._alike(begins) if copies.get(index - place) == 1)
        if begins:
            self._part = index
        if begins == "sentence":
            self._sentences = [*self._sentences[1 - MOST_SENTENCES :], index]
        self._words.append(word)
        places.append(index)
        del places[:-MOST_PLACES]
        longest = max(copies.values(), default=0)
        self.is_looping = (longest >= LEAST_WORDS and self._is_copied()) or self._is_alike(index)
        if longest >= LEAST_COPY:
            return longest
        near = range(1, NEAR + 1) if is_apart else ()
        return max((copies.get(far, 0) for far in (*self._opened, *near)), default=0)

    def _alike(self, begins: Part) -> Sequence[int]:
        """Return the places of words with which that began which a loop would begin anew."""
        if not begins or not self._words:
            return ()
        return (self._part, *self._sentences) if begins == "sentence" else (self._part,)

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

    def _is_filled_in(self) -> bool:
        """Count the sentence that has ended, and say whether it was said too often with other figures."""
        words = self._words[self._sentences[-1] :] if self._sentences else []
        frame = tuple(_FIGURES.sub("#", word) for word in words)
        if frame == tuple(words) or not any(map(str.isalpha, frame)):
            return False
        self._filled_in[frame] += 1
        return self._filled_in[frame] >= MOST_FILLED_IN

    def _before_word(self) -> str:
        """Return what of the rest can be shown though no word is whole: all but what may have to be held back."""
        if self._held:
            return ""
        start = len(self._rest)
        while start and self._rest[start - 1].isalnum():
            start -= 1
        word = self._rest[start:].casefold()
        end = len(self._rest) if word and not self._may_be_held(word, start) else self._lead_from(0, start)
        text = self._rest[self._shown : end]
        self._shown = max(self._shown, end)
        cut = min(self._shown, start) - LONGEST_LEAD
        if cut > 0:
            self._begins = self._begun(0, cut)
            self._rest, self._shown = self._rest[cut:], self._shown - cut
        return text

    def _may_be_held(self, word: str, start: int) -> bool:
        """Say whether a word that begins like this may be one to hold back, or the number of an item."""
        if word.isdecimal() and self._begins_line(start):
            return True
        alike = [self._words[place] for place in self._alike(self._begun(0, start))]
        near = self._words[-NEAR:] if start else []
        copied = [self._words[-far] for far, length in self._copies.items() if length >= LEAST_COPY - 1]
        return any(one.startswith(word) for one in (*alike, *near, *copied))
