"""Where the sentences of a text begin and end."""

import re

_CLOSERS = "\"'”’»›)\\]}」』）*_"
_STOP = re.compile(rf"(?P<wide>[。！？｡]++)[{_CLOSERS}]*+|(?P<stop>[.!?…؟।۔‽]++)(?P<closers>[{_CLOSERS}]*+)|\n")
_TITLES = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "sr",
        "jr",
        "rev",
        "gen",
        "capt",
        "lt",
        "sgt",
        "hon",
        "messrs",
        "mme",
        "mlle",
        "dipl",
    }
)
_INWARD = frozenset(
    {
        "e.g",
        "i.e",
        "eg",
        "ie",
        "vs",
        "cf",
        "fig",
        "figs",
        "approx",
        "ca",
        "resp",
        "viz",
        "al",
        "incl",
        "z.b",
        "d.h",
        "bzw",
    }
)
_BEFORE_NUMBER = frozenset({"no", "nos", "nr", "vol", "pp", "p", "ch", "sec", "eq", "fig", "ver", "v", "op"})
_OPENERS = "\"'“‘«‹([{¿¡*_-—–"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences in ``text``, in order, trimmed, none empty.

    Together they cover everything that isn't space. A line break ends a sentence: join wrapped lines first.
    Takes linear time, whatever the text.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        end = match.end()
        if match["stop"] and not _ends(text, start, match, end):
            continue
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    body = text[start:end].rstrip()
    if body:
        right = start + len(body)
        spans.append((right - len(body.lstrip()), right))


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    if end == len(text):
        return True
    if not text[end].isspace():
        return False
    following = text[end : end + 8].lstrip().lstrip(_OPENERS)[:1]
    stop = match["stop"]
    if following.islower():
        # "wait... what" and “Why?” he said go on; "what? no" doesn't
        return not match["closers"] and stop[-1] not in ".…"
    return stop != "." or bool(match["closers"]) or not _abbreviates(text, start, match.start(), following)


def _abbreviates(text: str, start: int, stop: int, following: str) -> bool:
    """Say whether the full stop at ``stop`` belongs to the word before it."""
    begin = max(start, stop - 24)
    words = text[max(begin, text.rfind(" ", begin, stop)) : stop].split()
    word = words[-1].lstrip(_OPENERS) if words else ""
    if not word or (len(word) > 7 and "." not in word):
        return False
    lower = word.lower()
    if lower in _INWARD or (lower in _TITLES and word[0].isupper()):  # "Ms. Doe", but "20 ms. Then"
        return True
    if following.isdigit() and lower in _BEFORE_NUMBER:
        return True
    if len(word) == 1 and word.isalpha():
        return word.isupper() and word != "I" and following.isupper()
    if "." in word and word.replace(".", "").isupper():
        return all(len(letter) == 1 for letter in word.split("."))
    return word.isdigit() and len(word) < 4 and stop - len(word) - start < 2
