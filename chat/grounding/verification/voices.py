"""Voices: others whom a speaker tells of, and claims that give what one of them says or does to the wrong person."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.events.events import Issue
from chat.grounding.verification.people import LIKE_A_NAME, name_likeness
from chat.grounding.verification.polarity import ROLES, denies
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix
from chat.grounding.vocabulary import FIRST_PERSON, FUNCTION, IRREGULAR

Flags = npt.NDArray[np.bool_]
_PEOPLE = ROLES | frozenset(
    """
    mate mates pal cousin granddad grandpa grandma nonna auntie nephew niece flatmate chap fellow guy lad bloke lady
    woman man gentleman supplier vet technician inspector predecessor successor instructor conductor producer director
    engineer guide chairman secretary landlord gaffer foreman dealer seller shopkeeper doctor club federation council
    forester rigger plumber daughters brothers sisters sons friends colleagues neighbours neighbors students pupils
    customers
    """.split()
)
_ANYBODY = frozenset(
    "people everyone everybody most others folks folk beginners some many someone somebody they".split()
)
"""Words of a claim by which it speaks of others without a name."""
_OWNING = frozenset("my our the a old his her their this one".split())
_THIRD = frozenset("he she he's she's he'd she'd him her his hers".split())
_FIRST = frozenset({*FIRST_PERSON, "i'm", "i've", "we're", "we've"} - {"me", "my", "here", "this", "these"})
_VERBS = frozenset(
    """
    says said thinks thought does did has had wants wanted uses used keeps kept swears swore goes went reckons told
    tells likes puts runs
    """.split()
)
_BEHIND = _VERBS | {"at", "here", "on", "in", "up"}
_STOP = re.compile(r"[.!?]")
VERY_LIKE = 0.2
"""Likeness to a given name from which on a word is one wherever it stands."""
APPOSITION = 5
"""Words behind somebody's name within which stands what they do: "teo at the club uses"."""
LONGEST, LEAST, FILLED = 25, 3, 5
"""Words for which a passage tells of somebody at most, before it may turn to the speaker, and to another matter."""
SHARE, FULLER = 0.5, 0.7
"""Shares of a claim's words that must stand where its passage tells of somebody else, and outside where it tells of
them."""
OPENING = 3
"""Words of a claim within which stands whose words or deeds it tells."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody whom a passage tells of: by which words, and the places of the words that tell it."""

    names: frozenset[str]
    first: int
    last: int


def voices_of(passage: AnalysedText, own: Collection[str]) -> list[Voice]:
    """Return whom a passage tells of, besides those with the names ``own``, in lower case."""
    found: list[tuple[int, int, frozenset[str]]] = []
    for place, word in enumerate(passage.words):
        name = word.removesuffix("'s")
        if name in own or name in FUNCTION or not (_is_somebody(passage, place) or _is_name(passage, place)):
            continue
        is_more = bool(found) and (place - found[-1][1] <= 2 or passage.words[place - 2 : place] == ("in", "law"))
        first, names = (found[-1][0], found.pop()[2]) if is_more else (place, frozenset[str]())
        found.append((first, place, names | {name}))
    return [Voice(names, first, _end(passage, last)) for first, last, names in found if _acts(passage, last)]


def misattributed(
    claim: AnalysedText, told: str, passage: AnalysedText, matrix: Matrix, voices: Sequence[Voice], own: Collection[str]
) -> Issue | None:
    """Return what is wrong where a claim gives the speaker's words or deeds to another, or another's to the speaker.

    ``claim`` is what is told without its frame, ``told`` the whole sentence.
    """
    if not voices or not matrix.size or denies(claim):
        return None
    sentence = AnalysedText(told)
    known = frozenset[str]().union(*(voice.names for voice in voices))
    others = [one for one in _named(sentence) if one[1] not in own and _is_other(sentence, one[0], known)]
    rows = [
        row
        for row, term in enumerate(claim.terms)
        if term.place not in claim.units and term.text.removesuffix("'s") not in known.union(own)
    ]
    said, places = matrix[rows] >= SAID, np.array([term.place for term in passage.terms])
    if len(rows) < 2:
        return None
    if not others:
        is_personal = any(name in own or name in _THIRD or name == "speaker" for _, name in _named(sentence))
        return _of_another(said, places, voices) if is_personal else None
    place, name = others[0]
    return _of_nobody(said, places, voices, name) if name in known and place <= OPENING and len(others) == 1 else None


def _of_another(said: Flags, places: npt.NDArray[np.int64], voices: Sequence[Voice]) -> Issue | None:
    """Return whose it is what the speaker is said to say or do, where most of it stands with them alone."""
    outside = ~np.any([_within(places, voice) for voice in voices], axis=0)
    elsewhere = said[:, outside].any(axis=1)
    for voice in voices:
        here = said[:, _within(places, voice)].any(axis=1)
        alone, besides = int((here & ~elsewhere).sum()), int((elsewhere & ~here).sum())
        if alone > besides and here.mean() >= SHARE:
            return Issue("attribution", "", f"In the source {_shown(voice)} is told of here, not the speaker.")
    return None


def _of_nobody(said: Flags, places: npt.NDArray[np.int64], voices: Sequence[Voice], name: str) -> Issue | None:
    """Return somebody who is said to say or do what stands only where nothing is told of them."""
    theirs = np.any([_within(places, voice) for voice in voices if name in voice.names], axis=0)
    here, elsewhere = said[:, theirs].any(axis=1), said[:, ~theirs].any(axis=1)
    is_elsewhere = (elsewhere & ~here).sum() > 1 and elsewhere.mean() >= FULLER and not (here & ~elsewhere).any()
    shown = name.capitalize() if name not in _PEOPLE else f"the {name}"
    message = f"In the source the speaker tells this, and not of {shown}."
    return Issue("attribution", shown, message) if is_elsewhere else None


def _within(places: npt.NDArray[np.int64], voice: Voice) -> Flags:
    return (places >= voice.first) & (places <= voice.last)


def _shown(voice: Voice) -> str:
    named = sorted(voice.names - _PEOPLE) or sorted(voice.names)
    return named[0].capitalize() if voice.names - _PEOPLE else f"the {named[0]}"


def _named(sentence: AnalysedText) -> Iterator[tuple[int, str]]:
    yield from ((place, word.removesuffix("'s")) for place, word in enumerate(sentence.words))


def _is_other(sentence: AnalysedText, place: int, known: Collection[str]) -> bool:
    """Say whether a word of a claim speaks of somebody other than the speaker."""
    name = sentence.words[place].removesuffix("'s")
    is_capital = place > 0 and sentence.text[sentence.spans[place][0]].isupper()
    is_name = is_capital and name not in FUNCTION and name_likeness(name) >= LIKE_A_NAME
    return name in known or name in _PEOPLE or name in _ANYBODY or is_name


def _is_somebody(passage: AnalysedText, place: int) -> bool:
    """Say whether a word speaks of somebody by what they are: "my old boss"."""
    name, before = passage.words[place].removesuffix("'s"), passage.words[max(0, place - 2) : place]
    return name in _PEOPLE and not _OWNING.isdisjoint(before)


def _is_name(passage: AnalysedText, place: int) -> bool:
    """Say whether a word is somebody's name, written with a capital or not."""
    words, word = passage.words, passage.words[place].removesuffix("'s")
    before, following = words[place - 1] if place else "", words[place + 1] if place + 1 < len(words) else ""
    is_subject = following in _THIRD or following == "who"
    likeness = name_likeness(word)
    if passage.text[passage.spans[place][0]].isupper():
        return likeness >= VERY_LIKE or (likeness >= LIKE_A_NAME and (is_subject or not _opens(passage, place)))
    if before in _PEOPLE and not _OWNING.isdisjoint(words[max(0, place - 2) : place - 1]):
        return likeness >= LIKE_A_NAME or is_subject or following in _VERBS
    is_so_called = is_subject or (likeness >= VERY_LIKE and following in _BEHIND)
    return len(word) > 2 and likeness >= LIKE_A_NAME and (is_so_called or before in _PEOPLE)


def _opens(passage: AnalysedText, place: int) -> bool:
    return not place or bool(_STOP.search(passage.text[passage.spans[place - 1][1] : passage.spans[place][0]]))


def _acts(passage: AnalysedText, place: int) -> bool:
    """Say whether what follows somebody's name says what they do or say."""
    if passage.words[place].endswith("'s") or place + 1 == len(passage.words) or _opens(passage, place + 1):
        return False
    following = passage.words[place + 1]
    is_verb = len(following) > LEAST and following.endswith(("s", "ed")) and not following.endswith("ss")
    behind = passage.words[place + 1 : place + 1 + APPOSITION]
    is_told = not (_VERBS | {"he", "she", "he's", "she's", "who"}).isdisjoint(behind)
    return following in _THIRD or following in IRREGULAR or is_verb or is_told


def _end(passage: AnalysedText, last: int) -> int:
    """Return the last word that tells of somebody: up to the sentence's end, or where the speaker goes on with "I"."""
    for place in range(last + 1, len(passage.words)):
        word, told = passage.words[place], place - last - 1
        is_new = _opens(passage, place) and word not in _THIRD
        is_own = word in _FIRST and told >= LEAST
        if is_new or is_own or told >= LONGEST or (word in {"um", "uh"} and told >= FILLED):
            return place - 1
    return len(passage.words) - 1
