"""Text as every part of the program reads it: folded for comparing, without what nobody sees, cut into tokens."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

import snowballstemmer
from anyascii import anyascii
from django.utils.text import slugify
from pydantic import BeforeValidator, Field

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word or a number; an apostrophe within a word belongs to it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its case, and where it stands in the text."""

    folded: str
    start: int
    end: int


def folded_name(name: str) -> str:
    """Return a name as names are compared: without its case, in one normal form, whatever it was typed in."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).strip().casefold())


def written_day(when: date) -> str:
    """Return a date as people write it: ``2 September 2025``."""
    return f"{when.day} {when:%B %Y}"


def slug_of(text: str) -> str:
    """Return a slug for a text in any script, in Latin letters; "" where it has no letter and no digit."""
    return slugify(anyascii(text))


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order; figures count as words, an apostrophe within a word belongs to it."""
    return [
        Word(match.group().casefold().replace("’", "'"), match.start(), match.end()) for match in WORD.finditer(text)
    ]


def folded(text: str) -> str:
    """Return the words of a text with one space between them."""
    return " ".join(match.group() for match in WORD.finditer(text)).casefold().replace("’", "'")


def place_of(phrase: str, text: str) -> tuple[int, int] | None:
    """Return where the words of ``phrase`` first stand in ``text``, as offsets; None where they don't."""
    wanted, words = folded(phrase), words_of(text)
    joined = " ".join(word.folded for word in words)
    at = f" {joined} ".find(f" {wanted} ") if wanted else -1
    if at < 0:
        return None
    first = joined[:at].count(" ")
    return words[first].start, words[first + wanted.count(" ")].end


# What the Unicode standard calls default ignorable and formatting, and control characters but for tab and line feed.
# Not among them are the Arabic signs that enclose a number, which are formatting by name and can be seen.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\x00-\x08\x0d-\x1f\x7f-\x84\x86-\x9f\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_BREAKS = "\x0b\x0c\x85\u2028\u2029"
"""Line breaks that not every reader takes for one; what they part stays apart, by a space."""
_JOINERS, _SELECTORS, _MONGOLIAN_SELECTORS = "\u200c\u200d", "\ufe00-\ufe0f", "\u180b-\u180f"
_VARIATIONS = "\U000e0100-\U000e01ef"
_PICTURES = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_CURSIVE = (
    "\u0590-\u0605\u0606-\u061b\u061d-\u0fff\u1000-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\u1a20-\u1c7f\u1cd0-\u1cff"
    "\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
"""Scripts in which a joiner changes how the letters beside it look."""
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SELECTED = rf"{_PICTURES}{_IDEOGRAPHS}\u1000-\u109f\u3000-\u303f\ua840-\uaa7f\uff01-\uff9f"
"""Characters that have variants for a selector to choose from."""
_FLAGS = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in place) for place in ("gbeng", "gbsct", "gbwls")
)  # England, Scotland, Wales: the only flags that are spelled with tags
_HIDDEN = re.compile(
    rf"(\U0001f3f4(?:{_FLAGS})\U000e007f)|([{_BREAKS}])|[{_UNSEEN}]"
    rf"|(?<![{_PICTURES}{_CURSIVE}])(?<![{_PICTURES}]\ufe0f)[{_JOINERS}]|[{_JOINERS}](?![{_PICTURES}{_CURSIVE}])"
    rf"|(?<![{_SELECTED}])[{_SELECTORS}](?!\u20e3)|(?<![\u1807\u1820-\u18aa])[{_MONGOLIAN_SELECTORS}]"
    rf"|(?<![{_IDEOGRAPHS}])[{_VARIATIONS}]"
)
_DEPENDENT = rf"{_JOINERS}{_SELECTORS}{_MONGOLIAN_SELECTORS}{_VARIATIONS}\U000e0061-\U000e007f"
_BASES = rf"{_CURSIVE}{_SELECTED}"
_UNSETTLED = re.compile(rf"(?:[{_BASES}][{_DEPENDENT}]+)*+[{_BASES}]?[{_DEPENDENT}]*\Z")
_LONGEST_CLUSTER = 60
"""Characters that what is seen as one may have while the end of it is waited for."""
# Hardly any text has one, and to look for them costs a tenth of a replacement that looks around itself.
_SUSPECT = re.compile(rf"[{_UNSEEN}{_BREAKS}{_DEPENDENT}]").search


def may_hold_unseen(text: str) -> bool:
    """Say whether ``without_unseen`` has to look at a text closely; most are plain ASCII, which is seen much faster."""
    is_plain = text.isascii() and text.replace("\n", "").replace("\t", "").isprintable()
    return not is_plain and bool(_SUSPECT(text))


def without_unseen(text: str) -> str:
    """Return the text without what nobody sees: marks of direction, characters of no width, control characters.

    What a reader needs stays: tabs and line feeds, joiners within Persian, Hindi or an emoji, a selector after what it
    selects a variant of. So nothing can be hidden, read otherwise than it stands, or obeyed by a terminal. Of its own
    result it returns the same.
    """
    return _HIDDEN.sub(_seen, text) if may_hold_unseen(text) else text


_EMPTY = dict.fromkeys(map(ord, "\u2800\ufffd"))
"""The braille pattern without dots, and what stands for a character that could not be read."""


def is_blank(text: str) -> bool:
    """Return whether a text is only space, signs of nothing and what ``without_unseen`` takes out."""
    return not without_unseen(text).translate(_EMPTY).strip()


_REFUSED = re.compile(r"[\x00\ud800-\udfff]")


def _clean(value: object) -> object:
    """Trim a text, one that nobody sees to nothing; raise ``ValueError`` for what can't be stored or sent on."""
    if isinstance(value, str):
        if _REFUSED.search(value):
            raise ValueError("must not contain NUL or half a surrogate pair")
        return "" if is_blank(value) else value.strip()
    return value


Text = Annotated[str, BeforeValidator(_clean), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
"""A text in a request."""
SomeText = Annotated[
    str,
    BeforeValidator(_clean),
    Field(min_length=1, json_schema_extra={"pattern": r"^[^\x00]*[^\s\x00-\x1f\x7f-\x9f\xad][^\x00]*$"}),
]
"""A text in a request, with something to be seen in it."""


def _seen(hidden: re.Match[str]) -> str:
    flag, line_break = hidden.groups()
    return flag or (" " if line_break else "")


def settled_end(text: str) -> int:
    """Return up to where ``without_unseen`` says of a text that goes on what it will say of the whole."""
    found = None if text.isascii() else _UNSETTLED.search(text, max(0, len(text) - _LONGEST_CLUSTER))
    return found.start() if found else len(text)


TOKEN = re.compile(r"(?=[=;{}\\~*가-힣])|(?<!\S)[a-z]{1,9}|[A-Z][a-z]{1,5}|[a-z]{1,3}|[A-Z]{1,2}|\d|[^\sA-Za-z\d]")
"""About one WordPiece token.

A small word is whole in the vocabulary, a long one, a name or what follows a sign falls into pieces; digits,
signs and letters of other scripts are counted one by one. Korean syllables, which fall into their letters,
and the signs of code, about which few names are whole, count twice (by a match of nothing).
"""


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a WordPiece tokenizer makes of ``text``.

    Measured with that of all-MiniLM-L6-v2 on passages of 150 words, talk, articles and code: 2 % too many on
    average; one passage in a hundred has 5 % more than estimated, one in a thousand 10 %.
    """
    return len(TOKEN.findall(text))


_INDEX_TERM = re.compile(r"[^\W_]+(?:[.,:'’][^\W_]+)*")
"""A word or a number as it is searched for: "3.5", "3:1" and "12,000" stay whole."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a case-folded word."""
    # A stemmer keeps state while it works, so each call has its own; the cache makes them few.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in order."""
    return [stem(word.replace("’", "'")) for word in _INDEX_TERM.findall(text.casefold())]
