"""The notes of an answer: its sources, with the places that its sentences rest on and how well they do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.events.events import Citation, Source, Tier
from chat.events.messages import WORDS, clock
from chrysopedia.core.links import link_to


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a work where something was said: the words, and links that open it there.

    ``label`` is the time as a player shows it; in a text the first words, where the answer says them itself.
    ``url`` is the work's own address, "" where it has none; ``transcript`` is its page here. ``verdict`` says how well
    the sentence of the answer rests on it, ``problems`` in what it does not.
    """

    quote: str
    label: str
    is_timed: bool
    url: str
    transcript: str
    verdict: str = ""
    verdict_words: str = ""
    problems: tuple[str, ...] = ()
    anchor: str = ""
    claims: tuple[int, ...] = ()
    """The sentences that rest on it, by where they begin in the answer."""


@dataclass(frozen=True, slots=True)
class Note:
    """A source as it stands in the margin, with the places that sentences of the answer rest on."""

    id: str
    source: Source
    spots: tuple[Spot, ...]
    tier: str


def notes_of(
    sources: Sequence[Source], citations: Sequence[Citation], *, is_one_asked: bool, said: str, key: str = ""
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Return the notes of the cited sources, in the order in which they are cited, and those of the others.

    ``is_one_asked`` says that one creator was asked: words of another are then named as such. ``key`` begins the ids.
    """
    by_number = {source.number: source for source in sources}
    order = list(dict.fromkeys(one.number for one in sorted(citations, key=lambda citation: citation.start)))
    numbers = [number for number in order if number in by_number]
    numbers += [source.number for source in sources if source.number not in order]
    notes = [_note(by_number[n], citations, is_one_asked=is_one_asked, said=said, key=key) for n in numbers]
    cited = len(set(order) & set(by_number))
    return tuple(notes[:cited]), tuple(notes[cited:])


def places_of(citations: Sequence[Citation], *, key: str = "") -> dict[Citation, str]:
    """Return the id of each citation's spot; the note itself where it has only one."""
    places: dict[Citation, str] = {}
    for number in {citation.number for citation in citations}:
        groups = _groups(citations, number)
        for index, group in enumerate(groups, start=1):
            anchor = f"{key}note-{number}-{index}" if len(groups) > 1 else f"{key}note-{number}"
            places.update(dict.fromkeys(groups[group], anchor))
    return places


def _groups(citations: Sequence[Citation], number: int) -> dict[object, list[Citation]]:
    """Return the citations of a source by what they show: sentences that rest on the same words share a spot."""
    groups: dict[object, list[Citation]] = {}
    for citation in citations:
        if citation.number == number:
            groups.setdefault((citation.quote, citation.verdict, citation.problems), []).append(citation)
    return groups


def _note(source: Source, citations: Sequence[Citation], *, is_one_asked: bool, said: str, key: str) -> Note:
    places = places_of(citations, key=key)
    note = f"{key}note-{source.number}"
    spots = [
        _spot_of(source, group, said, places[group[0]] if places[group[0]] != note else "")
        for group in _groups(citations, source.number).values()
    ]
    if not spots:
        spots = [spot(source, words=source.excerpt, url=source.url, seconds=source.start_seconds)]
    is_foreign = is_one_asked and source.tier != Tier.CREATOR
    return Note(id=note, source=source, spots=tuple(spots), tier=WORDS["other_creator"] if is_foreign else "")


def _spot_of(source: Source, citations: Sequence[Citation], said: str, anchor: str) -> Spot:
    citation = citations[0]
    shown = spot(
        source,
        words=citation.quote,
        is_said=_plain(citation.quote) in _plain(said),
        url=citation.url,
        seconds=citation.start_seconds,
        citation=citation,
    )
    return replace(shown, anchor=anchor, claims=tuple(one.start for one in citations))


def spot(
    source: Source,
    *,
    words: str,
    url: str,
    seconds: float | None,
    is_said: bool = False,
    citation: Citation | None = None,
) -> Spot:
    """Return a place in a work; words that the answer says already are not repeated.

    Without times the browser finds the words in the text by itself.
    """
    return Spot(
        quote="" if is_said else _plain(words),
        label=clock(seconds) if seconds is not None else _beginning(words) if is_said else "",
        is_timed=seconds is not None,
        url="" if url.startswith("/") else url,
        transcript=link_to(url="", work=source.work, seconds=seconds, quote=words if citation else ""),
        verdict=citation.verdict.value if citation else "",
        verdict_words=WORDS[citation.verdict.value] if citation else "",
        problems=tuple(problem.message for problem in citation.problems) if citation else (),
    )


def _beginning(words: str) -> str:
    return "“" + " ".join(words.split()[:4]) + "…”"


def _plain(text: str) -> str:
    return " ".join(text.split())
