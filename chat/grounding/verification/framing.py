"""Framing: who is said to say a claim, in which work and when, parted from what it says, and checked by itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chat.events.events import Issue, Passage
from chat.grounding.verification.people import (
    LIKE_A_NAME,
    NAME,
    NAMES,
    OF_SHOWS,
    is_a_person,
    name_likeness,
    people_of,
    same_person,
    speakers,
)
from chat.grounding.verification.works import (
    ANY_DATE,
    BARE,
    DATED,
    EPISODE,
    KIND,
    QUOTED,
    TITLED,
    is_same_date,
    is_title,
    numbers_of,
    titles_of,
)
from chat.grounding.vocabulary import FUNCTION, IRREGULAR
from chrysopedia.core.text import stem, written_day

_SAYS = (
    r"(?:says?|said|states?|stated|notes?|noted|explains?|explained|argues?|argued|claims?|claimed|mentions?|mentioned"
    r"|adds?|added|points? out|pointed out|observes?|observed|remarks?|remarked|writes?|wrote|reports?|reported"
    r"|stress(?:es|ed)?|insists?|insisted|emphasi[sz]e[sd]?|describes? how|described how|maintains|believes?|believed"
    r"|thinks?|thought|finds? that|found that|recalls?|recalled|recommends?|recommended|advises?|advised|suggests?"
    r"|suggested|warns?|warned|reckons?|admits?|admitted|confirms?|confirmed|puts? it)"
)
_BELIEVES = re.compile(r"\b(?:believes?|believed|thinks?|thought|reckons?|suggests?|suggested)\b")
_ENDING = r"(?=[.!]?$)"
_SPEAKS = (
    re.compile(rf"^(?i:according to|as per|per|for|to) {NAMES}, (?:that )?"),
    re.compile(rf"^(?i:in|from) {NAMES}[’']s? (?:own )?(?:view|opinion|experience|words|mind|telling|account),? "),
    re.compile(
        rf"^(?i:as )?{NAMES},? (?:\w+ly |also |then |even |further )?{_SAYS}\b(?! (?:against|for|about|of|on)\b)"
        rf"(?: to (?:us|listeners))?(?:,| that\b|:)?(?= ?\S)"
    ),
    re.compile(rf"^{NAMES}(?: here| speaking)?: "),
    re.compile(rf",? (?i:according to|as per) {NAMES}{_ENDING}"),
    re.compile(rf", as {NAMES} {_SAYS}(?: it)?{_ENDING}"),
    re.compile(rf", {_SAYS} {NAMES}{_ENDING}"),
    re.compile(rf", {NAMES} {_SAYS}{_ENDING}"),
)
_UNNAMED = re.compile(
    r"^(?i:according to (?:him|her|them|the (?:speaker|creator|author|host|source|guest)), )"
    rf"|^(?i:she|he|they|the (?:speaker|creator|author|host|source|presenter|guest|video|episode|passage))"
    rf" (?:also )?{_SAYS} that "
    rf"|, (?i:she|he|they) {_SAYS}{_ENDING}"
)
_PAST = "|".join(past for past in IRREGULAR if past not in IRREGULAR.values())
_ACTS = re.compile(
    rf"^(?:{NAME} (?=(?:\w+ly |also |never |always |only |once )?"
    rf"(?:[a-z]+(?:s|ed)|had|did|went|put|let|set|{_PAST})\b)"
    rf"|{NAME}[’']s? )"
)
"""A claim that begins with somebody who does something."""
_HERE = re.compile(r"^(?i:here|also|so|then|and|but|similarly|meanwhile|finally|likewise|in contrast),? ")
_NO_PERSON = frozenset(
    """
    research experience practice evidence everyone everybody someone somebody nobody people legend rumour rumor science
    history tradition theory wisdom testing data studies study experts critics others some many most each one both
    engineers producers listeners users nothing everything common another neither either none all
    """.split()
)


@dataclass(frozen=True, slots=True)
class Framed:
    """A claim on one passage: what it says, without its frame, and what is wrong with the frame.

    ``speaker`` is the one of several whose words alone count, "" where all do.
    """

    core: str
    issues: tuple[Issue, ...] = ()
    speaker: str = ""


def framed(claim: str, passage: Passage, others: Sequence[Passage] = ()) -> Framed:
    """Return what a claim says beside its frame, and whether that frame is the passage's.

    ``others`` are passages that the same sentence cites: what is true of one of them is no mistake.
    """
    return _Frame(claim, passage, others).read()


class _Frame:
    """The frame of one claim, taken away piece by piece."""

    def __init__(self, claim: str, passage: Passage, others: Sequence[Passage]) -> None:
        self.core, self.passage, self.cited = claim, passage, (passage, *others)
        self.issues: list[Issue] = []
        self.people: list[str] = []

    def read(self) -> Framed:
        self._take_titles()
        self._take_episodes()
        for _ in range(3):
            before = self.core
            self._take_date()
            self._take_names()
            self._cut(_UNNAMED)
            if self.core == before:
                break
        self._check_subject()
        self._take_known_names()
        speaker = self._speaker()
        core = self.core.strip(" ,")
        return Framed(core[:1].upper() + core[1:], tuple(self.issues), speaker)

    # Titles and numbers of works

    def _take_titles(self) -> None:
        whole = self.core
        for known in titles_of(self.cited):
            spelled = r"\s+".join(map(re.escape, re.split(r"\s+", known)))
            pattern = TITLED.replace("§", rf"[“\"‘*_]*(?i:{spelled})[,.]?[”\"’*_]*")
            if len(known.split()) > 1 or f"“{known.lower()}" in self.core.lower():
                self._take(re.compile(pattern))
        match = QUOTED.search(self.core)
        if match and self._is_a_title(match):
            title = match["title"]
            if not any(is_title(title, one.title) for one in self.cited):
                message = f"The source is “{self.passage.title}”, not “{title}”."
                self.issues.append(Issue("attribution", title, message))
            self._take(re.compile(TITLED.replace("§", rf"[“\"‘*_]+{re.escape(title)}[,.]?[”\"’*_]+")))

        if self.core == whole:
            self._check_bare_title()

    def _check_bare_title(self) -> None:
        """Check a title without quotation marks: "In Slow Dough, Mara says …"."""
        match = BARE.search(self.core)
        if not match or not self.passage.title or ANY_DATE.search(match["title"]):
            return
        title = match["title"]
        words = [word.lower() for word in title.split() if word[0].isupper() and word.lower() not in FUNCTION]
        if (
            len(words) > 1
            and not any(is_title(title, one.title) for one in self.cited)
            and not any(map(self._is_said, words))
        ):
            message = f"The source is “{self.passage.title}”, not “{title}”."
            self.issues.append(Issue("attribution", title, message))
            self._cut(BARE)

    def _is_a_title(self, match: re.Match[str]) -> bool:
        words = [word for word in match["title"].split() if word.lower() not in FUNCTION]
        is_capital = sum(word[0].isupper() or not word[0].isalpha() for word in words) >= 0.6 * len(words)
        is_led = re.search(KIND, match["lead"]) is not None
        is_said = any(match["title"].lower() in one.text.lower() for one in self.cited)
        return bool(self.passage.title) and (is_capital or is_led) and not is_said

    def _take_episodes(self) -> None:
        match = EPISODE.search(self.core)
        known = {number for one in self.cited for number in re.findall(r"\d+", one.title)}
        if not match or match["number"] in numbers_of(self.cited):
            return
        if known and match["number"].lstrip("0") not in {number.lstrip("0") for number in known}:
            words = f"Episode {match['number']}"
            self.issues.append(Issue("attribution", words, f"The source is “{self.passage.title}”, not {words}."))
        if known:
            self._take(EPISODE)

    # Dates

    def _take_date(self) -> None:
        match = DATED.search(self.core)
        if match and any(one.published for one in self.cited):
            self._take(DATED)

    def _check_date(self, told: str) -> None:
        published = [one.published for one in self.cited if one.published]
        if not published or any(is_same_date(told, one) for one in published):
            return
        if not all(part in self.passage.text for part in re.findall(r"(?:19|20)\d\d", told)):
            came_out = written_day(date.fromisoformat(self.passage.published or published[0]))
            message = f"The source came out on {came_out}, not in {told}."
            self.issues.append(Issue("attribution", told, message))

    # Names

    def _take_names(self) -> None:
        for place, pattern in enumerate(_SPEAKS):
            match = pattern.search(self.core)
            if not match:
                continue
            people = re.split(r", and | and | & |, ", match["names"])
            is_certain = place in (0, 4) or "that" in match[0] or ":" in match[0] or len(people[0].split()) > 1
            if all(self._names(one) for one in people) or self._are_people(people, is_certain=is_certain):
                self.people += people
                for one in people:
                    self._check_name(one)
                self._cut(pattern)

    def _are_people(self, people: Sequence[str], *, is_certain: bool) -> bool:
        """Say whether capitalised words are names of people that nothing in the passage mentions."""
        words = [word.lower() for one in people for word in one.split()]
        if not words or any(word in _NO_PERSON or self._is_said(word) for word in words):
            return False
        return is_certain or max(map(name_likeness, words)) >= LIKE_A_NAME

    def _check_subject(self) -> None:
        """Check somebody who does something: "Jonas runs the bus at 2:1"."""
        begun = _HERE.sub("", self.core)
        match = _ACTS.search(begun)
        if not match:
            return
        name = re.sub(r"[’']s?$", "", match[0].strip())
        if name.lower() in FUNCTION:
            return  # "Between legs they rest" of a show that is called "Between Stations"
        if self._names(name):
            self.people.append(name)
        else:
            words = [word.lower() for word in name.split()]
            is_person = all(name_likeness(word) >= LIKE_A_NAME for word in words[:1])
            if is_person and not any(word in _NO_PERSON or self._is_said(word) for word in words):
                self._check_name(name)
                self.core = self.core.replace(name, "they", 1)

    def _is_said(self, word: str) -> bool:
        text = " ".join(f"{one.text} {one.title}" for one in self.cited).lower()
        return re.search(rf"\b{re.escape(stem(word))}", text) is not None or word in text.split()

    def _names(self, name: str) -> list[str]:
        """Return those of the cited passages' people whom a name names."""
        known = {person for one in self.cited for person in people_of(one)}
        return [person for person in known if same_person(name, person)]

    def _check_name(self, name: str) -> None:
        if self._names(name) or self._is_said(name.split(maxsplit=1)[0].lower()):
            return
        others = [one for one in people_of(self.passage) if one]
        message = f"The source does not have {name} say this: it is by {' and '.join(others[:3])}."
        self.issues.append(Issue("attribution", name, message))

    def _take_known_names(self) -> None:
        """Put pronouns for the people of the passages: their names say nothing of the matter."""
        for one in self.cited:
            for person in people_of(one):
                parts = [re.escape(part) for part in person.split() if part[0].isupper() and len(part) > 1]
                if not parts or set(map(str.lower, person.split())) & OF_SHOWS:
                    parts = [re.escape(person)]
                spelled = rf"\b(?:{'|'.join(parts)})(?: (?:{'|'.join(parts)}))*"
                self.core = re.sub(rf"{spelled}[’']s?\b", "their", self.core)
                self.core = re.sub(rf"{spelled}\b", "they", self.core)

    def _speaker(self) -> str:
        """Return the one of several speakers of the passage who is named, "" where none or more are."""
        labels = speakers(self.passage)
        named = {label for label in labels for name in self.people if same_person(name, label)}
        if len(named) == 1 and len(labels) > 1:
            return named.pop()
        self._check_guest(labels, named)
        return ""

    def _check_guest(self, labels: Sequence[str], named: Iterable[str]) -> None:
        """Check the creator's name where somebody else says all of the passage."""
        creator = self.passage.creator
        is_creator = self.people and all(same_person(name, creator) for name in self.people)
        is_guest = len(labels) == 1 and labels[0] and not same_person(labels[0], creator)
        is_spoken_of = any(self._is_said(name.split()[0].lower()) for name in self.people)
        if is_creator and is_guest and not is_spoken_of and not list(named) and is_a_person(creator):
            message = f"In the source {labels[0]} says this, not {creator}."
            self.issues.append(Issue("attribution", self.people[0], message))

    # Taking away

    def _cut(self, pattern: re.Pattern[str]) -> None:
        rest = " ".join(pattern.sub(_hedge, self.core, count=1).split())
        self.core = re.sub(r" ([.,!])", r"\1", rest)

    def _take(self, pattern: re.Pattern[str]) -> None:
        """Take away the first match of a pattern, and check the dates in it."""
        if match := pattern.search(self.core):
            for name in ("ahead", "inside", "behind", "date"):
                if (told := match.groupdict().get(name)) is not None:
                    self._check_date(told)
            self._cut(pattern)


def _hedge(frame: re.Match[str]) -> str:
    """Return what stands in place of a frame: who only believes it says it less firmly."""
    return " maybe " if _BELIEVES.search(frame[0]) else " "
