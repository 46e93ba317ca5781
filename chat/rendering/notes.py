"""The notes in the margin of an answer: its sources, and the places in them that its sentences rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chat.events.events import Citation, Source, Tier, Verdict
from chat.events.messages import MESSAGES, clock
from chrysopedia.core.links import link_to


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """A place in a work: the words that stand there, and links that open it.

    ``quote`` is "" where the answer says the words itself. ``label`` is then their beginning in a text, and in a
    recording always the time as a player shows it. ``url`` is the work's own address, or "", ``transcript`` its page
    here. ``verdict`` says how well sentences of the answer rest on the place, ``problems`` what they say otherwise;
    ``speaker`` is who says the words, "" where nobody is named. ``words`` are the words themselves even where the
    answer says them; ``before`` and ``after`` are the sentences around them, "" where those are not known.
    """

    quote: str
    label: str
    is_timed: bool
    url: str
    transcript: str
    verdict: str = ""
    verdict_words: str = ""
    problems: tuple[str, ...] = ()
    speaker: str = ""
    anchor: str = ""
    claims: tuple[int, ...] = ()
    """The sentences that rest on it, by where they begin in the answer."""
    before: str = ""
    words: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A source as it stands in the margin, with the places in it that sentences of the answer rest on.

    ``label`` is the number under which it is shown, in the order read; 0 where the answer doesn't name it.
    """

    id: str
    source: Source
    places: tuple[QuotedPlace, ...]
    tier: str
    label: int = 0

    @property
    def published(self) -> date | None:
        """The day its work came out, None where that is unknown."""
        return date_of(self.source.published)

    @property
    def guest(self) -> str:
        """The names of those who speak in its places and are not its creator; "" where there are none."""
        names = dict.fromkeys(place.speaker for place in self.places if place.speaker != self.source.creator)
        return " and ".join(filter(None, names))

    @property
    def is_shared(self) -> bool:
        """Whether its creator speaks in its places too, beside a guest."""
        return bool(self.guest) and any(place.speaker == self.source.creator for place in self.places)


def notes_of(
    sources: Sequence[Source],
    citations: Sequence[Citation],
    *,
    labels: Mapping[int, int],
    is_one_asked: bool,
    said: str,
    key: str = "",
    is_quoted: bool = False,
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Return the notes of the cited sources, in the order in which they are cited, and those of the others.

    ``labels`` are the numbers under which the sources are shown. ``is_one_asked`` says that one creator was asked:
    words of another are then named as such. ``said`` is the answer, whose words no note repeats; ``key`` begins the
    ids. Of what ``is_quoted`` no note says that it stands in its source.
    """
    cited = {citation.number for citation in citations}
    if is_quoted:
        citations = [replace(citation, verdict=Verdict.SUPPORTED, problems=()) for citation in citations]

    def note(source: Source) -> Note:
        made = _note(source, citations, is_one_asked=is_one_asked, said=said, key=key)
        places = tuple(replace(place, verdict="", verdict_words="") if is_quoted else place for place in made.places)
        return replace(made, places=places, label=labels.get(source.number, 0))

    read = sorted(sources, key=lambda source: (labels.get(source.number, len(sources) + 1), source.number))
    return (
        tuple(note(source) for source in read if source.number in cited),
        tuple(note(source) for source in read if source.number not in cited),
    )


def place_anchors(citations: Sequence[Citation], *, key: str = "") -> dict[Citation, str]:
    """Return the id of each citation's place in the notes; the note itself where it has only one."""
    anchors: dict[Citation, str] = {}
    for number in {citation.number for citation in citations}:
        groups = _by_place(citations, number)
        for index, group in enumerate(groups, start=1):
            anchor = f"{key}note-{number}-{index}" if len(groups) > 1 else f"{key}note-{number}"
            anchors.update(dict.fromkeys(groups[group], anchor))
    return anchors


def _by_place(citations: Sequence[Citation], number: int) -> dict[object, list[Citation]]:
    """Return the citations of a source by what they show: sentences that rest on the same words share a place."""
    groups: dict[object, list[Citation]] = {}
    for citation in citations:
        if citation.number == number:
            groups.setdefault((citation.quote, citation.verdict, citation.problems), []).append(citation)
    return groups


def _note(source: Source, citations: Sequence[Citation], *, is_one_asked: bool, said: str, key: str) -> Note:
    anchors = place_anchors(citations, key=key)
    note = f"{key}note-{source.number}"
    places = [
        _cited_place(source, group, said, anchors[group[0]] if anchors[group[0]] != note else "")
        for group in _by_place(citations, source.number).values()
    ]
    if not places:
        places = [quoted_place(source, words=source.excerpt, url=source.url, seconds=source.start_seconds)]
    is_foreign = is_one_asked and source.tier != Tier.CREATOR
    return Note(id=note, source=source, places=tuple(places), tier=MESSAGES["other_creator"] if is_foreign else "")


def _cited_place(source: Source, citations: Sequence[Citation], said: str, anchor: str) -> QuotedPlace:
    citation = citations[0]
    shown = quoted_place(
        source,
        words=citation.quote,
        is_said=_one_line(citation.quote) in _one_line(said),
        url=citation.url,
        seconds=citation.start_seconds,
        citation=citation,
    )
    return replace(shown, anchor=anchor, claims=tuple(one.start for one in citations))


def quoted_place(
    source: Source,
    *,
    words: str,
    url: str,
    seconds: float | None,
    is_said: bool = False,
    citation: Citation | None = None,
) -> QuotedPlace:
    """Return a place in a work; words that the answer says already are not repeated.

    Without times the browser finds the words in the text by itself.
    """
    return QuotedPlace(
        quote="" if is_said else _one_line(words),
        label=clock(seconds) if seconds is not None else _first_words(words) if is_said else "",
        is_timed=seconds is not None,
        url="" if url.startswith("/") else url,
        transcript=link_to(url="", work=source.work, seconds=seconds, quote=words if citation else ""),
        verdict=citation.verdict.value if citation else "",
        verdict_words=MESSAGES[citation.verdict.value] if citation else "",
        problems=tuple(problem.message for problem in citation.problems) if citation else (),
        speaker=citation.speaker if citation else source.speaker,
        words=_one_line(words),
        before=citation.before if citation else "",
        after=citation.after if citation else "",
    )


def _first_words(words: str) -> str:
    if not words:
        return ""
    return "“" + " ".join(words.split()[:4]) + "…”"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def date_of(published: str) -> date | None:
    """Return the day of an ISO date, None where it is unknown or is none."""
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None
