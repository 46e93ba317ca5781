"""A turn as the templates show it: the answer with its notes, and what stands above and below it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, assert_never

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from chat.conversations.stored import State, StoredConversation, StoredTurn
from chat.events.events import (
    Citation,
    Disagreement,
    Done,
    Event,
    Failed,
    Source,
    Sources,
    Suggestion,
    Tier,
    Token,
    Verdict,
)
from chat.events.messages import MESSAGES, clock, grounding_message, tier_message
from chat.events.turn import TurnHead
from chat.rendering.answer import SentenceLocator, answer_blocks
from chrysopedia.core.links import link_to

NOT_SEARCHED = frozenset({"catalogue", "conversation"})
"""Values of ``answered_by`` for which nobody's words were searched, so that they stand on none."""


def key_of(head: TurnHead) -> str:
    """Return what the ids of a turn's notes begin with, so that several articles stand on one page."""
    return f"t{str(head.turn_id)[:8]}-"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One sentence on how the answer is grounded; ``kind`` is a verdict or ``bare``, and the CSS class."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DisputeSide:
    """What one creator says of a disputed parameter; ``published`` is None where the date is unknown or is none."""

    creator: str
    title: str
    published: date | None
    value: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A parameter for which creators give different values: a sentence that says so, and what each gives."""

    heading: str
    sides: tuple[DisputeSide, ...]


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
        return _date(self.source.published)

    @property
    def guest(self) -> str:
        """The names of those who speak in its places and are not its creator; "" where there are none."""
        names = dict.fromkeys(place.speaker for place in self.places if place.speaker != self.source.creator)
        return " and ".join(filter(None, names))

    @property
    def is_shared(self) -> bool:
        """Whether its creator speaks in its places too, beside a guest."""
        return bool(self.guest) and any(place.speaker == self.source.creator for place in self.places)


class NextQuestion(Protocol):
    """A question to go on with, and whom to ask."""

    @property
    def query(self) -> str:
        """The question."""

    @property
    def creator_slug(self) -> str:
        """Whom it goes to, "" for everyone."""


@dataclass(frozen=True, slots=True)
class Article:
    """An answered question as the template shows it.

    ``finish`` is how it ended: as ``done`` says, "error" for one that failed, "" while it is being written. ``rating``
    is what the reader thinks of it, "" where they have not said. ``coverage`` is that of ``done``, "" before it.
    ``lead`` introduces an answer that is only the nearest to one. ``works`` are those consulted, or else suggested, by
    slug; ``next`` are questions to go on with, where a page offers them.
    """

    head: TurnHead
    finish: str = ""
    standing: str = ""
    coverage: str = ""
    lead: str = ""
    answer: SafeString | str = ""
    notes: tuple[Note, ...] = ()
    consulted: tuple[Note, ...] = ()
    findings: tuple[IssueLine, ...] = ()
    remarks: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    suggestions_lead: str = ""
    error: str = ""
    rating: str = ""
    works: tuple[str, ...] = ()
    next: tuple[NextQuestion, ...] = ()

    @property
    def suggests_one(self) -> bool:
        """Whether all suggestions are of the creator who was asked."""
        return {suggestion.creator_slug for suggestion in self.suggestions} == {self.head.creator}


async def article_from(events: AsyncIterator[Event], *, head: TurnHead) -> Article:
    """Read a turn to its end and return it as an article."""
    sources: tuple[Source, ...] = ()
    pieces: list[str] = []
    end: Done | Failed | None = None
    async for event in events:
        match event:
            case Sources():
                sources = event.sources
            case Token():
                pieces.append(event.text)
            case Done() | Failed():
                end = event
            case _:
                assert_never(event)
    return await asyncio.to_thread(article_of, head, sources=sources, text="".join(pieces), end=end)


def articles_of(conversation: StoredConversation) -> tuple[Article, ...]:
    """Return the turns of a kept conversation as articles, oldest first."""
    return tuple(article_of_turn(turn) for turn in conversation.turns)


def article_of_turn(turn: StoredTurn) -> Article:
    """Return a kept turn as an article; one that never came to an end says so."""
    error = MESSAGES[f"turn_{turn.state}"] if turn.state in {State.FAILED, State.LOST} else ""
    rating = turn.feedback.rating if turn.feedback else ""
    return article_of(turn.head, sources=turn.sources, text=turn.answer, end=turn.done, error=error, rating=rating)


def article_of(
    head: TurnHead,
    *,
    sources: Sequence[Source],
    text: str,
    end: Done | Failed | None,
    error: str = "",
    rating: str = "",
) -> Article:
    """Return a turn as an article; ``end`` is None while its answer is written, or never came because of ``error``."""
    key = key_of(head)
    error = end.message if isinstance(end, Failed) else error
    done = end if isinstance(end, Done) else None
    is_quoted = done is not None and done.answered_by in {"quotes", *NOT_SEARCHED}
    citations = done.citations if done else ()
    bare = done.grounding.bare if done and done.answered_by not in {"none", "quotes"} else ()
    sentences = SentenceLocator(text, citations=citations, bare=bare, places=place_anchors(citations, key=key))
    labels: dict[int, int] = {}
    numbers = {source.number for source in sources}
    blocks = answer_blocks(text, numbers=numbers, sentences=sentences, key=key, labels=labels, is_quoted=is_quoted)
    notes, consulted = notes_of(
        sources, citations, labels=labels, is_one_asked=bool(head.creator), said=text, key=key, is_quoted=is_quoted
    )
    is_near = is_quoted and done is not None and done.coverage == "partly"
    suggestions = _own_first(done.suggestions, head) if done else ()
    return Article(
        head=head,
        finish=done.finish if done else "error" if error else "",
        standing=_standing(done) if done else "",
        coverage=done.coverage if done else "",
        lead=_lead(done, text) if done else "",
        answer=mark_safe("".join(_with_origins(blocks, notes) if is_near else blocks)),  # noqa: S308 -- clean
        notes=notes,
        consulted=consulted,
        findings=findings(done) if done else (),
        remarks=tuple(_remarks(done, weight=head.weight)) if done else (),
        disputes=disputes(done.disagreements, sources=sources) if done else (),
        suggestions=suggestions,
        suggestions_lead=_suggestions_lead(suggestions, head),
        error=error,
        rating=rating,
        works=tuple(dict.fromkeys([*(one.work for one in sources), *(one.work for one in suggestions)])),
    )


def _own_first(suggestions: Sequence[Suggestion], head: TurnHead) -> tuple[Suggestion, ...]:
    """Return what the asked creator talks about; what others do only where there is nothing of theirs."""
    own = tuple(suggestion for suggestion in suggestions if suggestion.creator_slug == head.creator)
    return own or tuple(suggestions)


def _suggestions_lead(suggestions: Sequence[Suggestion], head: TurnHead) -> str:
    is_own = {suggestion.creator_slug for suggestion in suggestions} == {head.creator}
    return MESSAGES["suggestions_of"].format(creator=head.creator_name) if is_own else MESSAGES["suggestions"]


def _standing(done: Done) -> str:
    """Return whose words an answer rests on and, of quotations, how well they fit the question.

    That goes by the coverage, since the relevance of one passage can't tell it (decision 17).
    """
    if done.answered_by in NOT_SEARCHED or (done.answered_by == "pinned" and not done.cited):
        return ""
    whose = tier_message(done.cascade_tier)
    return f"{whose}. {MESSAGES['fits']}" if done.answered_by == "quotes" and done.coverage == "full" else whose


def _lead(done: Done, text: str) -> str:
    """Return what introduces an answer that is only near; "" where the answer says so itself."""
    if done.coverage != "partly":
        return ""
    lead = MESSAGES["nearest" if done.answered_by == "quotes" else "covered_partly"]
    return "" if lead.partition(".")[0] in text else lead


CLAIM = re.compile(r'data-claim="(\d+)"')


def _with_origins(blocks: Iterable[str], notes: Sequence[Note]) -> Iterator[str]:
    """Yield each block of quotations, and behind it who says it, where and when."""
    for block in blocks:
        yield block
        claims = {int(start) for start in CLAIM.findall(block)}
        for note in notes:
            if places := tuple(place for place in note.places if claims & set(place.claims)):
                yield render_to_string("chat/whence.html", {"note": replace(note, places=places[:1])})


def _remarks(done: Done, *, weight: float) -> Iterable[str]:
    """Yield what the reader should know about how the answer came to be."""
    if done.answered_by in {"quotes", "fallback", "pinned", "catalogue"}:
        yield MESSAGES[done.answered_by]
    if done.model_note:
        yield done.model_note
    yield from done.understood.notes
    if done.memory_note:
        yield done.memory_note
    if done.voice_note:
        yield done.voice_note
    elif weight and not done.voice_applied and done.answered_by not in NOT_SEARCHED:
        yield MESSAGES[f"voice_{_why_no_voice(done)}"]
    if done.finish != "complete":
        yield MESSAGES[done.reason or done.finish]


def _why_no_voice(done: Done) -> str:
    if done.answered_by in {"quotes", "none"}:
        return done.answered_by
    return "other" if done.cascade_tier == Tier.CREATOR else "others"


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


def findings(done: Done) -> tuple[IssueLine, ...]:
    """Return sentences that count well and badly grounded citations.

    () where the answer is that nobody knows, and for quotations: that they stand in their sources is no news.
    """
    if done.answered_by in {"none", "quotes", *NOT_SEARCHED}:
        return ()
    found = done.grounding
    cited = found.supported + found.weak + found.unsupported
    holds = cited if found.supported == cited else 0
    rows = [("supported", holds, cited), ("unsupported", found.unsupported, cited), ("weak", found.weak, cited)]
    return tuple(_findings([*rows, ("bare", found.uncited, found.claims)]))


def _findings(rows: Sequence[tuple[str, int, int]]) -> Iterator[IssueLine]:
    for kind, count, of in rows:
        if count:
            yield IssueLine(kind, grounding_message(kind, count=count, of=of))


def disputes(found: Sequence[Disagreement], *, sources: Sequence[Source]) -> tuple[Dispute, ...]:
    """Return the disagreements as the page shows them; a work without a source among these is called by its slug."""
    titles = {source.number: source.title for source in sources}
    return tuple(
        Dispute(
            heading=MESSAGES["disagree"].format(parameter=one.parameter),
            sides=tuple(
                DisputeSide(
                    creator=setting.creator,
                    title=titles.get(setting.number, setting.work),
                    published=_date(setting.published),
                    value=setting.value,
                    quote=setting.quote,
                    url=setting.url,
                )
                for setting in one.settings
            ),
        )
        for one in found
    )


def _date(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None
