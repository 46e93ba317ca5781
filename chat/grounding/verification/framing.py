"""Framing: who is said to say a claim, in which work and when, parted from what it says, and checked by itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from chat.events.events import Issue, Passage
from chat.grounding.quantities.units import MONTHS
from chat.grounding.vocabulary import FUNCTION, IRREGULAR
from chrysopedia.core.text import stem
from creators.embeddings.weights import word_vector
from creators.transcripts.sentences import chunk_spans

_SAYS = (
    r"(?:says?|said|states?|stated|notes?|noted|explains?|explained|argues?|argued|claims?|claimed|mentions?|mentioned"
    r"|adds?|added|points? out|pointed out|observes?|observed|remarks?|remarked|writes?|wrote|reports?|reported"
    r"|stress(?:es|ed)?|insists?|insisted|emphasi[sz]e[sd]?|describes? how|described how|maintains|believes?|believed"
    r"|thinks?|thought|finds? that|found that|recalls?|recalled|recommends?|recommended|advises?|advised|suggests?"
    r"|suggested|warns?|warned|reckons?|admits?|admitted|confirms?|confirmed|puts? it)"
)
_PART = (
    r"(?:(?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august"
    r"|september|october|november|december)\b)(?!(?:In|On|From|The|An?|And|But|As|It|This|That|He|She|They|I|We|You|If|When|According)\b)"
    r"[A-Z][\w’'-]*\w|[A-Z]\.)"
)
_NAME = rf"(?:{_PART}(?: (?:(?:van|von|de|der|den|da|di|la|le|del|bin|al) )*{_PART}){{0,3}})"
_NAMES = rf"(?P<names>{_NAME}(?:(?:, | and |, and | & ){_NAME})*)"
_MONTH = rf"(?:(?i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:\d{{4}}-\d\d-\d\d|(?:(?:{_DAY} (?:of )?)?{_MONTH}(?: {_DAY})?,? (?:of )?)?(?:19|20)\d\d)\b"
_KIND = (
    r"(?i:(?:podcast |video |radio )?"
    r"(?:video|episode|talk|podcast|article|course|interview|piece|lesson|post|work|show|session|lecture|clip))"
)
_WHOSE = rf"(?:(?:(?i:the|an?|his|her|their|this|that|one)|{_NAME}[’']s?) )?"
_TIMED = rf"(?:,? ?\((?:{_KIND},? )?(?P<inside>{_DATE})\)|,? (?:from|of|in|dated|published in) (?P<behind>{_DATE}))?"
_LEADING = rf"(?:^|,? )(?:(?i:in|on|from|during) )?{_WHOSE}(?:(?P<ahead>{_DATE}) )?(?:{_KIND},? )?"
_TITLED = rf"{_LEADING}(?:(?i:titled|called|named|on) )?(?:§){_TIMED},?"
"""A title with the words that lead to it; the title itself is put where ``§`` stands."""
_QUOTED = re.compile(
    rf"(?P<lead>(?:^|,? )(?i:in|on|from|during) {_WHOSE}(?:{_DATE} )?(?:{_KIND},? )?(?:(?i:titled|called|named|on) )?)"
    r"[“\"‘*_]+(?P<title>[^“”\"*_]{2,120}?)[,.]?[”\"’*_]+(?!\w)"
)
_SMALL = r"(?:of|the|and|for|an?|to|with|without|in|on|at|from)"
_BARE = re.compile(
    rf"^(?i:in|on|from) (?P<title>[A-Z][\w’'-]*(?:,? (?:[A-Z][\w’'-]*|{_SMALL})){{1,8}}), (?={_NAME} |(?:she|he|they) )"
)
"""A title without quotation marks, before somebody's name."""
_EPISODE = re.compile(
    rf"(?:^|,? )(?:(?i:in|on|from|during) )?{_WHOSE}(?i:episode|ep\.?) #?(?P<number>\d{{1,4}})\b"
    rf"(?: (?:of|from|on) (?P<show>{_NAME}))?{_TIMED},?"
)
_DATED = re.compile(
    rf"^(?i:in|on|from|back in|as of) (?:{_WHOSE}(?:(?P<ahead>{_DATE}) )?{_KIND}{_TIMED}|(?P<date>{_DATE})),? (?=\S)"
)
_BELIEVES = re.compile(r"\b(?:believes?|believed|thinks?|thought|reckons?|suggests?|suggested)\b")
_ENDING = r"(?=[.!]?$)"
_SPEAKS = (
    re.compile(rf"^(?i:according to|as per|per|for|to) {_NAMES}, (?:that )?"),
    re.compile(rf"^(?i:in|from) {_NAMES}[’']s? (?:own )?(?:view|opinion|experience|words|mind|telling|account),? "),
    re.compile(
        rf"^(?i:as )?{_NAMES},? (?:\w+ly |also |then |even |further )?{_SAYS}\b(?! (?:against|for|about|of|on)\b)"
        rf"(?: to (?:us|listeners))?(?:,| that\b|:)?(?= ?\S)"
    ),
    re.compile(rf"^{_NAMES}(?: here| speaking)?: "),
    re.compile(rf",? (?i:according to|as per) {_NAMES}{_ENDING}"),
    re.compile(rf", as {_NAMES} {_SAYS}(?: it)?{_ENDING}"),
    re.compile(rf", {_SAYS} {_NAMES}{_ENDING}"),
    re.compile(rf", {_NAMES} {_SAYS}{_ENDING}"),
)
_UNNAMED = re.compile(
    r"^(?i:according to (?:him|her|them|the (?:speaker|creator|author|host|source|guest)), )"
    rf"|^(?i:she|he|they|the (?:speaker|creator|author|host|source|presenter|guest|video|episode|passage))"
    rf" (?:also )?{_SAYS} that "
    rf"|, (?i:she|he|they) {_SAYS}{_ENDING}"
)
_PAST = "|".join(past for past in IRREGULAR if past not in IRREGULAR.values())
_ACTS = re.compile(
    rf"^(?:{_NAME} (?=(?:\w+ly |also |never |always |only |once )?"
    rf"(?:[a-z]+(?:s|ed)|had|did|went|put|let|set|{_PAST})\b)"
    rf"|{_NAME}[’']s? )"
)
"""A claim that begins with somebody who does something."""
_HERE = re.compile(r"^(?i:here|also|so|then|and|but|similarly|meanwhile|finally|likewise|in contrast),? ")
_ANY_DATE = re.compile(_DATE)
_NO_PERSON = frozenset(
    """
    research experience practice evidence everyone everybody someone somebody nobody people legend rumour rumor science
    history tradition theory wisdom testing data studies study experts critics others some many most each one both
    engineers producers listeners users nothing everything common another neither either none all
    """.split()
)
_ANYBODY = frozenset("host guest interviewer speaker narrator moderator caller audience question presenter".split())
_OF_SHOWS = frozenset(
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
TITLE_LIKE = 0.85


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
        for known in _titles(self.cited):
            spelled = r"\s+".join(map(re.escape, re.split(r"\s+", known)))
            pattern = _TITLED.replace("§", rf"[“\"‘*_]*(?i:{spelled})[,.]?[”\"’*_]*")
            if len(known.split()) > 1 or f"“{known.lower()}" in self.core.lower():
                self._take(re.compile(pattern))
        match = _QUOTED.search(self.core)
        if match and self._is_a_title(match):
            title = match["title"]
            if not any(_alike(title, one.title) for one in self.cited):
                message = f"The source is “{self.passage.title}”, not “{title}”."
                self.issues.append(Issue("attribution", title, message))
            self._take(re.compile(_TITLED.replace("§", rf"[“\"‘*_]+{re.escape(title)}[,.]?[”\"’*_]+")))

        if self.core == whole:
            self._check_bare_title()

    def _check_bare_title(self) -> None:
        """Check a title without quotation marks: "In Slow Dough, Mara says …"."""
        match = _BARE.search(self.core)
        if not match or not self.passage.title or _ANY_DATE.search(match["title"]):
            return
        title = match["title"]
        words = [word.lower() for word in title.split() if word[0].isupper() and word.lower() not in FUNCTION]
        if (
            len(words) > 1
            and not any(_alike(title, one.title) for one in self.cited)
            and not any(map(self._is_said, words))
        ):
            message = f"The source is “{self.passage.title}”, not “{title}”."
            self.issues.append(Issue("attribution", title, message))
            self._cut(_BARE)

    def _is_a_title(self, match: re.Match[str]) -> bool:
        words = [word for word in match["title"].split() if word.lower() not in FUNCTION]
        is_capital = sum(word[0].isupper() or not word[0].isalpha() for word in words) >= 0.6 * len(words)
        is_led = re.search(_KIND, match["lead"]) is not None
        is_said = any(match["title"].lower() in one.text.lower() for one in self.cited)
        return bool(self.passage.title) and (is_capital or is_led) and not is_said

    def _take_episodes(self) -> None:
        match = _EPISODE.search(self.core)
        known = {number for one in self.cited for number in re.findall(r"\d+", one.title)}
        if not match or match["number"] in _numbers(self.cited):
            return
        if known and match["number"].lstrip("0") not in {number.lstrip("0") for number in known}:
            words = f"Episode {match['number']}"
            self.issues.append(Issue("attribution", words, f"The source is “{self.passage.title}”, not {words}."))
        if known:
            self._take(_EPISODE)

    # Dates

    def _take_date(self) -> None:
        match = _DATED.search(self.core)
        if match and any(one.published for one in self.cited):
            self._take(_DATED)

    def _check_date(self, date: str) -> None:
        published = [one.published for one in self.cited if one.published]
        if not published or any(_same_date(date, one) for one in published):
            return
        if not all(part in self.passage.text for part in re.findall(r"(?:19|20)\d\d", date)):
            message = f"The source came out on {self.passage.published or published[0]}, not in {date}."
            self.issues.append(Issue("attribution", date, message))

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
        known = {person for one in self.cited for person in _people(one)}
        return [person for person in known if _same_person(name, person)]

    def _check_name(self, name: str) -> None:
        if self._names(name) or self._is_said(name.split(maxsplit=1)[0].lower()):
            return
        others = [one for one in _people(self.passage) if one]
        message = f"The source does not have {name} say this: it is by {' and '.join(others[:3])}."
        self.issues.append(Issue("attribution", name, message))

    def _take_known_names(self) -> None:
        """Put pronouns for the people of the passages: their names say nothing of the matter."""
        for one in self.cited:
            for person in _people(one):
                parts = [re.escape(part) for part in person.split() if part[0].isupper() and len(part) > 1]
                if not parts or set(map(str.lower, person.split())) & _OF_SHOWS:
                    parts = [re.escape(person)]
                spelled = rf"\b(?:{'|'.join(parts)})(?: (?:{'|'.join(parts)}))*"
                self.core = re.sub(rf"{spelled}[’']s?\b", "their", self.core)
                self.core = re.sub(rf"{spelled}\b", "they", self.core)

    def _speaker(self) -> str:
        """Return the one of several speakers of the passage who is named, "" where none or more are."""
        labels = speakers(self.passage)
        named = {label for label in labels for name in self.people if _same_person(name, label)}
        if len(named) == 1 and len(labels) > 1:
            return named.pop()
        self._check_guest(labels, named)
        return ""

    def _check_guest(self, labels: Sequence[str], named: Iterable[str]) -> None:
        """Check the creator's name where somebody else says all of the passage."""
        creator = self.passage.creator
        is_creator = self.people and all(_same_person(name, creator) for name in self.people)
        is_guest = len(labels) == 1 and labels[0] and not _same_person(labels[0], creator)
        is_spoken_of = any(self._is_said(name.split()[0].lower()) for name in self.people)
        if is_creator and is_guest and not is_spoken_of and not list(named) and _is_a_person(creator):
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
                if (date := match.groupdict().get(name)) is not None:
                    self._check_date(date)
            self._cut(pattern)


def _hedge(frame: re.Match[str]) -> str:
    """Return what stands in place of a frame: who only believes it says it less firmly."""
    return " maybe " if _BELIEVES.search(frame[0]) else " "


def _titles(passages: Sequence[Passage]) -> list[str]:
    """Return the titles, the longest first, each also without what follows its first comma or colon."""
    whole = {one.title for one in passages if one.title}
    return sorted(whole | {re.split(r"[,:–—(]", title)[0].strip() for title in whole}, key=len, reverse=True)


def _numbers(passages: Sequence[Passage]) -> set[str]:
    return {number for one in passages for number in re.findall(r"\d+", one.text)}


def _people(passage: Passage) -> list[str]:
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


def _same_person(name: str, person: str) -> bool:
    """Say whether each part of a name is one of a person's, up to a letter or two."""
    parts = person.lower().split()
    return bool(person) and all(any(_alike_word(part, other) for other in parts) for part in name.lower().split())


def _alike_word(one: str, other: str) -> bool:
    if one == other:
        return True
    is_long = min(len(one), len(other)) >= 4 and one[0] == other[0]
    return is_long and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.8


def _is_a_person(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 3 and not {word.lower() for word in words} & _OF_SHOWS


@lru_cache(maxsize=1024)
def name_likeness(word: str) -> float:
    """Return how like a given name a word in lower case is: the cosine of its vector with the middle of some."""
    middle = sum(word_vector(one) for one in _GIVEN)
    length = float((middle @ middle) ** 0.5) if not isinstance(middle, int) else 0.0
    return float(word_vector(word) @ middle) / length if length else LIKE_A_NAME


def _alike(title: str, known: str) -> bool:
    """Say whether a title is a known one, or most of it."""
    one, other = (re.sub(r"[^\w ]", "", text.lower()).split() for text in (title, known))
    if not one or not other:
        return False
    is_part = f" {' '.join(one)} " in f" {' '.join(other)} " or f" {' '.join(other)} " in f" {' '.join(one)} "
    return is_part or SequenceMatcher(None, one, other, autojunk=False).ratio() >= TITLE_LIKE


def _same_date(date: str, published: str) -> bool:
    """Say whether a date, to a year, a month or a day, is that of an ISO date."""
    year, month, day = ([*published.split("-"), "", ""])[:3]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        return date == published
    words = re.findall(r"[a-z]+|\d+", date.lower())
    months = [MONTHS[word] for word in words if word in MONTHS]
    days = [int(word) for word in words if word.isdigit() and len(word) < 3]
    is_month = not months or not month or months[0] == int(month)
    is_day = not days or not day or days[0] == int(day)
    return year in words and is_month and is_day
