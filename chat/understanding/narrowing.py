"""Titles, dates and speakers that a question names: the works to look in first, and the question without them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chat.understanding.dates import period_in
from chat.understanding.names import speakers_called, speakers_in
from chat.understanding.orders import Order
from chat.understanding.parts import own_words, without_frame
from chat.understanding.ranking import ordered
from chat.understanding.reply import listed, title_of
from chat.understanding.titles import titled_works, works_titled
from chrysopedia.core.text import folded, without_unseen
from creators.models import Work

MOST_WORKS = 200
"""Works that a question may be narrowed to; what names more of them names none."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Where to look first: in these works, or in what a speaker says there; ``where`` names it in words.

    ``text`` is the question without the words that named them.
    """

    works: tuple[Work, ...]
    where: str
    text: str
    speaker: str = ""
    is_newest: bool = False


_NOUN = (
    r"(?:videos?|episodes?|articles?|podcasts?|tutorials?|lessons?|lectures?|interviews?|works?|talks?|pieces?|"
    r"recordings?|shows?|posts?|"
    r"essays?|chapters?|texts?|uploads?|sessions?|streams?|one|parts?)"
)
_OWN = r"(?:the|your|his|her|their|this|that|a|NAME(?:['’]s)?)"
_ORDERED = re.compile(
    rf"\b(?:in|from|of|on|does|did|is) {_OWN} (?:very )?(?P<order>latest|newest|most recent|last|first|oldest|"
    rf"earliest) {_NOUN}\b,?",
    re.IGNORECASE,
)
_BEFORE_NOUN = re.compile(
    rf"\b(?:in|from|on|of|does|did|to) {_OWN} (?P<x>(?:[\w'’&-]+ ){{1,6}}){_NOUN}\b,?", re.IGNORECASE
)
_AFTER_NOUN = re.compile(
    rf"\b(?:in|from|on|of|does|did) {_OWN} {_NOUN} (?:on|about|called|titled|named|with|of) (?P<x>.+?)"
    r"(?:,|\?|$|(?= (?:what|how|which|where|why|who|do|does|did|is|are|was|were|you|he|she|they|i|say|says|said|tell|"
    r"explain|mention)\b))",
    re.IGNORECASE,
)
_SAYING = (
    r"(?:say|says|said|think|thinks|thought|ask|asks|asked|mean|means|meant|tell|tells|told|mention|mentions|"
    r"mentioned|explain|explains|explained|recommend|recommends|recommended|argue|argues|teach|taught|talk|talked|"
    r"talks)"
)
_SPEAKING = re.compile(
    rf"\b(?i:(?:what|why|how|when|where|which \w+) (?:did|does|do|has|had|would|was|is)) "
    rf"(?P<x>[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?) {_SAYING}\b"
    rf"|\b(?i:according to) (?P<y>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?)"
    rf"|\b(?P<z>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?) (?:said|"
    rf"says|mentioned|asked|told)\b"
)
_PRONOUNS = frozenset(
    "you he she they i we it one people someone anybody anyone everybody everyone name this that the".split()
)
_IS_SAID = re.compile(
    rf"\b(?:{_SAYING}|cover|covered|discuss|discussed|{_NOUN}|publish|published|view|opinion|recommendation|advice)\b",
    re.IGNORECASE,
)
_ORDER: dict[str, Order] = {"first": "oldest", "oldest": "oldest", "earliest": "oldest"}


def narrowing_in(text: str, *, creators: Sequence[int], today: date) -> Narrowing | None:
    """Return where a question says to look, None where it doesn't or where the catalogue has nothing like it.

    ``text`` has ``NAME`` for each creator; ``creators`` are those whose works may be meant, none for everyone's.
    Synchronous.
    """
    for narrow in (_by_order, _by_title, _by_cue, _by_period, _by_speaker):
        found = narrow(text, creators, today)
        found = replace(found, text=without_frame(found.text)) if found else None
        if found and 1 <= len(found.works) <= MOST_WORKS and own_words(found.text.replace("NAME", "")):
            return found
    return None


def _by_order(text: str, creators: Sequence[int], _: date) -> Narrowing | None:
    match = _ORDERED.search(text)
    if match is None:
        return None
    works = Work.objects.published().select_related("creator")
    works = works.filter(creator_id__in=creators) if creators else works
    order = _ORDER.get(match["order"].lower(), "newest")
    first = ordered(works, order)[:1]
    return Narrowing(tuple(first), _where(first), _without(text, match.span()), is_newest=order == "newest")


def _by_title(text: str, creators: Sequence[int], _: date) -> Narrowing | None:
    """Find whole titles, or their parts before a colon, of two words or more."""
    works = Work.objects.titled_in(folded(text)).select_related("creator")
    works = works.filter(creator_id__in=creators) if creators else works
    found: list[tuple[int, Work, re.Match[str]]] = []
    for work in works[:20]:
        head = work.title.partition(":")[0]
        pattern = r"\W+".join(
            map(re.escape, re.findall(r"\w+", work.title if folded(work.title) in folded(text) else head))
        )
        match = re.search(rf"(?:\b(?:in|from|does|did|of|to|by) )?[“\"'‘]?\b{pattern}\b[”\"'’]?,?", text, re.IGNORECASE)
        if match and len(head.split()) > 1:
            found.append((match.end() - match.start(), work, match))
    if not found:
        return None
    longest, place = max(found, key=lambda one: one[0])[1:]
    return Narrowing((longest,), _where([longest]), _without(text, place.span()))


def _by_cue(text: str, creators: Sequence[int], _: date) -> Narrowing | None:
    """Find words of a title beside "episode", "video" and the like."""
    for pattern in (_AFTER_NOUN, _BEFORE_NOUN):
        for match in pattern.finditer(text):
            works = works_titled(match["x"], creators=creators, with_files=False)
            if works:
                return Narrowing(tuple(works), _where(works), _without(text, match.span()))
    return None


def _by_period(text: str, creators: Sequence[int], today: date) -> Narrowing | None:
    period = period_in(text, today=today)
    if period is None or period.every or not _IS_SAID.search(text):
        return None
    works = period.of(Work.objects.published().select_related("creator"))
    works = works.filter(creator_id__in=creators) if creators else works
    found = tuple(works.newest_first()[: MOST_WORKS + 1])
    return Narrowing(found, f"the works {period.in_words}", _without(text, period.span))


def _by_speaker(text: str, creators: Sequence[int], _: date) -> Narrowing | None:
    for match in _SPEAKING.finditer(text):
        group = next(name for name in "xyz" if match[name])
        who = match[group]
        if _PRONOUNS & set(who.lower().split()):
            continue
        works = {work.pk: work for work in titled_works(creators)}
        speaking = speakers_called(who, speakers_in(list(works.values())))
        if speaking:
            found = tuple(works[pk] for pk in dict.fromkeys(one.work for one in speaking))
            name = speaking[0].name
            return Narrowing(
                found,
                f"what {without_unseen(name)} says",
                _without(text, match.span(0 if group == "y" else group)),
                speaker=name,
            )
    return None


def _where(works: Sequence[Work]) -> str:
    titles = [title_of(work) for work in works[:SHOWN]]
    return listed([*titles, "others"] if len(works) > SHOWN else titles)


def _without(text: str, span: tuple[int, int]) -> str:
    return " ".join(f"{text[: span[0]]} {text[span[1] :]}".split()).strip(" ,")
