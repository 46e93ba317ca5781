"""The wording of a text: whole phrases that were misheard are replaced by the terms that are meant."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from creators.glossary.rules import Rule, folded
from creators.transcripts.segments import Correction

LONG_ENOUGH = 4
"""Letters from which on a heard phrase may have a plural: of a shorter one it is likely to be another word."""

NEAR = 100
"""Characters around a phrase that are looked at to see whether it stands alone."""

_WORD = re.compile(r"[^\W_]+")
_ENDING = r"(?P<ending>['’]s|s['’]|s)?(?![^\W_])"
_JOINT = re.compile(r"[^\W_]['’.@_=\\][^\W_]|://|^[/@#]")
"""What makes one word, name or address of the signs around it: "don't", "x.com/serum", "my_serum", "@serum"."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text and what should stand there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of rules by their first word, longest first, and the term of each."""

    patterns: Mapping[str, re.Pattern[str]]
    terms: Mapping[str, str]


def corrected(text: str, rules: Sequence[Rule]) -> tuple[str, tuple[Correction, ...]]:
    """Return the text as it is meant and where it was put right; nothing but heard phrases changes."""
    return applied(text, edits(text, rules))


def edits(text: str, rules: Sequence[Rule]) -> Iterator[Edit]:
    """Yield what the rules change in a text, in order, the longest phrase first where several begin.

    A phrase counts as a whole only: with a possessive or plural ending, in any case, never inside another word, a
    name or an address. Takes time linear in the text, however many rules there are.
    """
    phrases = _phrases(tuple(rules))
    end = 0
    for word in _WORD.finditer(text):
        if word.start() >= end and (match := _found(text, word, phrases)):
            replacement = _replacement(match, phrases.terms)
            end = match.end()
            if replacement != match[0]:
                yield Edit(match.start(), end, replacement)


def applied(text: str, changes: Iterable[Edit]) -> tuple[str, tuple[Correction, ...]]:
    """Return the text after the changes, which are in order, and the corrections that they leave."""
    pieces: list[str] = []
    corrections: list[Correction] = []
    at = length = 0
    for edit in changes:
        length += edit.start - at
        pieces += [text[at : edit.start], edit.text]
        if edit.text:
            corrections.append(Correction(length, len(edit.text), text[edit.start : edit.end]))
        length += len(edit.text)
        at = edit.end
    return "".join([*pieces, text[at:]]), tuple(corrections)


@lru_cache(maxsize=64)
def _phrases(rules: tuple[Rule, ...]) -> _Phrases:
    terms: dict[str, str] = {}
    by_first: defaultdict[str, set[str]] = defaultdict(set)
    for rule in rules:
        heard = folded(rule.heard)
        first = _WORD.match(heard)
        if first:
            terms[heard] = rule.term
            by_first[first[0]].add(heard)
            by_first[first[0] + "s"].add(heard)  # a plural is found by its own first word
    return _Phrases({first: _pattern(heard) for first, heard in by_first.items()}, terms)


def _pattern(heard: set[str]) -> re.Pattern[str]:
    longest_first = sorted(heard, key=lambda phrase: (-len(phrase), phrase))
    choices = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?P<heard>{choices}){_ENDING}", re.IGNORECASE)


def _found(text: str, word: re.Match[str], phrases: _Phrases) -> re.Match[str] | None:
    pattern = phrases.patterns.get(word[0].casefold())
    match = pattern.match(text, word.start()) if pattern else None
    if match is None or folded(match["heard"]) not in phrases.terms or not _may_end(match):
        return None
    return match if _stands_alone(text, match) else None


def _may_end(match: re.Match[str]) -> bool:
    ending, letters = match["ending"] or "", "".join(_WORD.findall(match["heard"]))
    is_plural = ending.startswith(("s", "S"))
    return not is_plural or (len(letters) >= LONG_ENOUGH and letters[-1] not in "sS")


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    left, right = _before(text[max(start - NEAR, 0) : start]), _after(text[end : end + NEAR])
    letters = _WORD.findall(match["heard"])
    if (left.endswith("-") and len(letters[0]) == 1) or (right.startswith("-") and len(letters[-1]) == 1):
        return False  # "o t t-shirt"
    return not _JOINT.search(left + "x") and not _JOINT.search("x" + right)


def _before(text: str) -> str:
    return "" if text[-1:].isspace() else "".join(text.split()[-1:])


def _after(text: str) -> str:
    return "" if text[:1].isspace() else "".join(text.split()[:1])


def _replacement(match: re.Match[str], terms: Mapping[str, str]) -> str:
    term, ending = terms[folded(match["heard"])], match["ending"] or ""
    if match["heard"][0].isupper() and term.islower():
        term = term[0].upper() + term[1:]
    if ending.startswith(("s", "S")):
        return _plural(term) + ending[1:]
    return term + ending


def _plural(term: str) -> str:
    if term.endswith(("x", "z", "ch", "sh")):
        return term + "es"
    return term if term.endswith(("s", "S")) else term + "s"
