"""People: what looks like somebody's name, whose it is, and who speaks in a passage."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from chat.events.events import Passage
from creators.embeddings.weights import word_vector
from creators.transcripts.sentences import chunk_spans

_PART = (
    r"(?:(?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august"
    r"|september|october|november|december)\b)(?!(?:In|On|From|The|An?|And|But|As|It|This|That|He|She|They|I|We|You|If|When|According)\b)"
    r"[A-Z][\w’'-]*\w|[A-Z]\.)"
)
NAME = rf"(?:{_PART}(?: (?:(?:van|von|de|der|den|da|di|la|le|del|bin|al) )*{_PART}){{0,3}})"
NAMES = rf"(?P<names>{NAME}(?:(?:, | and |, and | & ){NAME}){{0,7}})"
"""Up to eight people: longer lists would be read anew from each of their names."""
_ANYBODY = frozenset("host guest interviewer speaker narrator moderator caller audience question presenter".split())
OF_SHOWS = frozenset(
    """
    radio podcast show talk talks channel studio studios hour club school academy magazine workshop lab labs tv the of
    and news weekly daily review sessions stories notes world network project guide cast
    """.split()
)
LIKE_A_NAME = 0.12
"""Cosine with the middle of some given names from which on a capitalised word may be one: most names have 0.1 to 0.4,
most other words less than 0.1."""
_GIVEN = (
    "john mary peter anna thomas maria david laura james elena carlos sofia ahmed yuki ivan lena oscar nina".split()
)


def people_of(passage: Passage) -> list[str]:
    """Return the creator of a passage and those who speak in it, each once."""
    return [*dict.fromkeys(name for name in (passage.creator, *speakers(passage)) if name)]


def speakers(passage: Passage) -> list[str]:
    """Return the names under which the sentences of a passage are said, in order; "" is among them for no name."""
    found = dict.fromkeys([passage.speaker_at(mark.offset) for mark in passage.marks] or [""])
    return ["" if name.split()[:1] and name.split()[0].lower() in _ANYBODY else name for name in found]


def words_of_speaker(passage: Passage, speaker: str) -> Iterator[str]:
    """Yield the sentences of a passage that somebody says."""
    for start, end in chunk_spans(passage.text, passage.marks):
        if passage.speaker_at(start) == speaker:
            yield passage.text[start:end]


def same_person(name: str, person: str) -> bool:
    """Say whether each part of a name is one of a person's, up to a letter or two."""
    parts = person.lower().split()
    return bool(person) and all(any(_alike_word(part, other) for other in parts) for part in name.lower().split())


def _alike_word(one: str, other: str) -> bool:
    if one == other:
        return True
    is_long = min(len(one), len(other)) >= 4 and one[0] == other[0]
    return is_long and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.8


def is_a_person(name: str) -> bool:
    """Say whether a creator's name is rather somebody's than that of a show."""
    words = name.split()
    return 2 <= len(words) <= 3 and not {word.lower() for word in words} & OF_SHOWS


@lru_cache(maxsize=1024)
def name_likeness(word: str) -> float:
    """Return how like a given name a word in lower case is: the cosine of its vector with the middle of some."""
    middle = sum(word_vector(one) for one in _GIVEN)
    length = float((middle @ middle) ** 0.5) if not isinstance(middle, int) else 0.0
    return float(word_vector(word) @ middle) / length if length else LIKE_A_NAME
