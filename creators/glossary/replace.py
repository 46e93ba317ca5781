"""Putting misheard words right by a glossary, and keeping what was heard."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

from creators.transcripts.segments import Correction, Segment
from creators.transcripts.sentences import runs_of, second_of


class Entry(Protocol):
    """What a rule is made of: an entry as stored, or anything like it."""

    creator_id: int | None
    term: str
    heard: list[str]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A phrase as it is heard and the term that is meant."""

    heard: str
    term: str


def normalise_phrase(phrase: str) -> str:
    """Return a phrase as phrases are compared: whatever its case and spacing."""
    return " ".join(phrase.split()).casefold()


def rules_of(entries: Iterable[Entry], *, own_first: bool = True) -> tuple[Rule, ...]:
    """Return the rules of entries, in a stable order, for no phrase more than one.

    A creator's own entry wins over one of a domain, or the other way round. A phrase for which entries of the same
    standing name different terms has no rule, and neither has one that is itself the term of another entry.
    """
    every = list(entries)
    near, far = (
        _terms(entry for entry in every if (entry.creator_id is not None) == own) for own in (own_first, not own_first)
    )
    rules = {heard: min(terms) for heard, terms in {**far, **near}.items() if len(terms) == 1}
    meant = {normalise_phrase(term) for term in rules.values()}
    return tuple(sorted(Rule(h, term) for h, term in rules.items() if h not in meant or h == normalise_phrase(term)))


def with_terms(rules: Iterable[Rule], entries: Iterable[Entry]) -> tuple[Rule, ...]:
    """Return the rules and, where they leave it free, one for each term, so that "ott" is read as OTT too."""
    terms = {normalise_phrase(entry.term): entry.term for entry in entries}
    return tuple(sorted(Rule(h, term) for h, term in {**terms, **{rule.heard: rule.term for rule in rules}}.items()))


def _terms(entries: Iterable[Entry]) -> dict[str, set[str]]:
    """Return the terms that entries name for each phrase."""
    terms: dict[str, set[str]] = {}
    for entry in entries:
        for heard in filter(None, map(normalise_phrase, entry.heard)):
            terms.setdefault(heard, set()).add(entry.term)
    return terms


LONG_ENOUGH = 4
"""Letters from which on a heard phrase may have a plural: of a shorter one it is likely to be another word."""

NEAR = 100
"""Characters around a phrase that are looked at to see whether it stands alone."""

_WORD = re.compile(r"[^\W_]+")
_ENDING = r"(?P<ending>['’]s|s['’]|s)?(?![^\W_])"
_JOINT = re.compile(r"[^\W_]['’.@_=\\][^\W_]|://|^[/@#]")
"""What makes one word, name or address of the signs around it: "don't", "x.com/serum", "my_serum", "@serum"."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A stretch of a text and what should stand there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _PhraseIndex:
    """The phrases of rules by their first word, longest first, and the term of each."""

    patterns: Mapping[str, re.Pattern[str]]
    terms: Mapping[str, str]


def corrected(text: str, rules: Sequence[Rule]) -> tuple[str, tuple[Correction, ...]]:
    """Return the text as it is meant and where it was put right; nothing but heard phrases changes."""
    return apply_replacements(text, replacements(text, rules))


def replacements(text: str, rules: Sequence[Rule]) -> Iterator[Replacement]:
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
                yield Replacement(match.start(), end, replacement)


def apply_replacements(text: str, changes: Iterable[Replacement]) -> tuple[str, tuple[Correction, ...]]:
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
def _phrases(rules: tuple[Rule, ...]) -> _PhraseIndex:
    terms: dict[str, str] = {}
    by_first: defaultdict[str, set[str]] = defaultdict(set)
    for rule in rules:
        heard = normalise_phrase(rule.heard)
        first = _WORD.match(heard)
        if first:
            terms[heard] = rule.term
            by_first[first[0]].add(heard)
            by_first[first[0] + "s"].add(heard)  # a plural is found by its own first word
    return _PhraseIndex({first: _pattern(heard) for first, heard in by_first.items()}, terms)


def _pattern(heard: set[str]) -> re.Pattern[str]:
    longest_first = sorted(heard, key=lambda phrase: (-len(phrase), phrase))
    choices = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?P<heard>{choices}){_ENDING}", re.IGNORECASE)


def _found(text: str, word: re.Match[str], phrases: _PhraseIndex) -> re.Match[str] | None:
    pattern = phrases.patterns.get(word[0].casefold())
    match = pattern.match(text, word.start()) if pattern else None
    if match is None or normalise_phrase(match["heard"]) not in phrases.terms or not _may_end(match):
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
    term, ending = terms[normalise_phrase(match["heard"])], match["ending"] or ""
    if match["heard"][0].isupper() and term.islower():
        term = term[0].upper() + term[1:]
    if ending.startswith(("s", "S")):
        return _plural(term) + ending[1:]
    return term + ending


def _plural(term: str) -> str:
    if term.endswith(("x", "z", "ch", "sh")):
        return term + "es"
    return term if term.endswith(("s", "S")) else term + "s"


_REST_OF_WORD = re.compile(r"\S*")


def corrected_segments(segments: Sequence[Segment], rules: Sequence[Rule]) -> Sequence[Segment]:
    """Return the segments as they are meant, with what they were; without rules, as they are."""
    if not rules:
        return segments
    return tuple(_corrected(segment, rules) for run in runs_of(segments) for segment in _gathered(run, rules))


def _corrected(segment: Segment, rules: Sequence[Rule]) -> Segment:
    text, corrections = corrected(segment.text, rules)
    return replace(segment, text=text, corrections=corrections) if corrections else segment


def _gathered(run: Sequence[Segment], rules: Sequence[Rule]) -> Iterator[Segment]:
    """Yield the segments of a run so that no heard phrase is parted.

    One that begins in a segment and ends in a later one moves into the first, and so does the time that it takes.
    """
    text = " ".join(segment.text for segment in run)
    starts = [0, *accumulate(len(segment.text) + 1 for segment in run)]
    begins = list(starts)
    for edit in replacements(text, rules):
        for number in range(bisect_right(starts, edit.start), bisect_left(starts, edit.end)):
            begins[number] = edit.end + len(_word_rest(text, edit.end)) + 1
    for number, segment in enumerate(run):
        begin, end = begins[number], begins[number + 1] - 1
        if begin < end:
            start = segment.start if begin == starts[number] else _second(run, starts, begin)
            stop = segment.end if end + 1 == starts[number + 1] else _second(run, starts, end)
            yield replace(segment, text=text[begin:end], start=start, end=stop)


def _word_rest(text: str, at: int) -> str:
    match = _REST_OF_WORD.match(text, at)
    return match[0] if match else ""


def _second(run: Sequence[Segment], starts: Sequence[int], at: int) -> float | None:
    """Return the second of a place in the text of the whole run."""
    number = min(bisect_right(starts, at) - 1, len(run) - 1)
    return second_of(run[number], min(at - starts[number], len(run[number].text)))
