"""Where a word or a topic comes up: mentions counted over the works, and the works that are about something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chat.events.events import Passage, Suggestion
from chat.events.messages import clock, counted
from chat.understanding.catalogue import MOST_ROWS, Collection
from chat.understanding.collection import Ask, CollectionQuestion
from chat.understanding.reply import Reply, Row, counted_over, described, harmless, listed
from chat.understanding.titles import content_stems, number_in, works_called, works_numbered, works_titled
from chrysopedia.core.text import stems
from creators.models import Chunk, Work
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans

MOST_TELLING = 3
"""Words by which somebody names a work for what is said in it: of more, the question is what is said."""
WEAKEST = 0.25
"""Share of the relevance of the best passage that one in another work must have."""
MOST_SPEAKING, MOST_PLACES = 8, 3
"""Works that are named for what is said in them; where titles name the topic, beside those."""
HALF = 0.5
"""Share of a topic's words that a title must have, where nothing has all of them."""
MOST_CHUNKS = 5_000
"""Chunks in which a word is counted; one that more hold is as good as everywhere."""
Search = Callable[[str], tuple[Sequence[Passage], Sequence[Suggestion]]]
"""Returns the passages for a topic, and where there are none what to suggest instead."""


@dataclass(slots=True)
class _Mentions:
    """How often a work says something, and the sentence in which it first does."""

    work: Work
    times: int
    quote: str
    seconds: float | None


def mentions(question: CollectionQuestion, collection: Collection) -> Reply:
    """Return how often the words are said, by creator and by work, each with its first sentence. Synchronous."""
    words = question.subject
    found = sorted(_mentions(words, collection), key=lambda one: (-one.times, one.work.title))
    count = collection.works().count()
    writer = collection.writer()
    said = f"“{harmless(words)}”"
    if not found:
        writer.say(f"{said} is never said in the works of {collection.owner()}. {counted_over(count)}")
        return writer.reply()
    total = sum(one.times for one in found)
    times = counted(total, "time", "times")
    writer.say(
        f"In the works of {collection.owner()} {said} comes up {times}, in {len(found):,} of "
        f"{counted(count, 'work', 'works')}."
    )
    if len(collection.ids) != 1:
        writer.say(_by_creator(found, collection))
    writer.add(*(_row(one) for one in found[:MOST_ROWS]))
    writer.say(counted_over(count))
    return writer.reply()


def _by_creator(found: Sequence[_Mentions], collection: Collection) -> str:
    named = {one.id: one.name for one in collection.creators}
    times = dict.fromkeys(named, 0)
    for one in found:
        named[one.work.creator_id] = one.work.creator.name
        times[one.work.creator_id] = times.get(one.work.creator_id, 0) + one.times
    most = sorted(times, key=lambda pk: -times[pk])
    parts = [f"{harmless(named[pk])} {counted(times[pk], 'time', 'times')}" for pk in most]
    return f"By creator: {listed(parts)}."


def _row(one: _Mentions) -> Row:
    where = f", first at {clock(one.seconds)}" if one.seconds is not None else ""
    words = f"{described(one.work, with_creator=True)}: {counted(one.times, 'time', 'times')}{where}"
    return Row(words, one.work, quote=one.quote, seconds=one.seconds)


def _mentions(words: str, collection: Collection) -> list[_Mentions]:
    chunks = Chunk.objects.visible().saying(words).select_related("work__creator").defer("search")
    if collection.ids:
        chunks = chunks.filter(creator_id__in=collection.ids)
    wanted = stems(words)
    found: dict[int, _Mentions] = {}
    for chunk in chunks.order_by("work", "position")[:MOST_CHUNKS]:
        for start, end in chunk_spans(chunk.text, chunk.timing):
            times = _times(wanted, stems(chunk.text[start:end]))
            if times and chunk.work_id in found:
                found[chunk.work_id].times += times
            elif times:
                seconds = seconds_at(chunk.timing, start, length=len(chunk.text))
                found[chunk.work_id] = _Mentions(chunk.work, times, " ".join(chunk.text[start:end].split()), seconds)
    return list(found.values())


def _times(wanted: Sequence[str], said: Sequence[str]) -> int:
    length = len(wanted)
    return sum(said[at : at + length] == wanted for at in range(len(said) - length + 1)) if length else 0


def works_meant(question: CollectionQuestion, collection: Collection, *, search: Search) -> list[Work]:
    """Return the works that "the episode on X" means: those with X in their titles, else the one that speaks of it.

    Without a word for works, X must be most of a title. Synchronous.
    """
    subject = question.subject
    if (number := number_in(subject)) is not None:
        return works_numbered(number, creators=collection.ids) or works_titled(subject, creators=collection.ids)
    is_whole = not question.noun and question.ask is not Ask.COMPARISON
    titled = works_titled(subject, creators=collection.ids, is_whole=is_whole)
    if titled or not question.noun:
        return titled
    if called := works_called(subject, creators=collection.ids):
        return called
    wanted = set(content_stems(subject))
    if len(wanted) > MOST_TELLING:
        return []
    speaking = [one for one in search(subject)[0] if wanted <= set(stems(f"{one.title} {one.text}"))]
    return list(collection.works().filter(slug__in=[one.work_slug for one in speaking[:1]]))


def works_about(question: CollectionQuestion, collection: Collection, *, search: Search) -> Reply:
    """Return the works about a topic: those whose titles name it, then those that speak of it, each at the place.

    Where nobody says a word of it, what lies nearest is given as that. Synchronous.
    """
    subject, many = question.subject, len(collection.ids) != 1
    titled = works_titled(subject, creators=collection.ids)
    passages, suggestions = ((), ()) if question.is_title and titled else search(subject)
    wanted = set(content_stems(subject))
    speaking = [one for one in passages if wanted & set(stems(f"{one.title} {one.text}"))]
    at = {
        work.slug: work
        for work in collection.works().with_lengths().filter(slug__in={one.work_slug for one in passages})
    }
    known = {work.slug for work in titled}
    ranked = sorted(speaking or passages, key=lambda one: -one.relevance)
    best = {one.work_slug: one for one in reversed(ranked) if one.work_slug in set(at) - known}
    # Of several creators each may say something of it, however little.
    least = 0.0 if many else WEAKEST * max((one.relevance for one in ranked), default=0.0)
    places = sorted((one for one in best.values() if one.relevance >= least), key=lambda one: -one.relevance)
    places = places[: MOST_PLACES if titled else MOST_SPEAKING]
    writer = collection.writer()
    said = f"“{harmless(subject)}”"
    is_near = not titled and not speaking
    if not titled and not places:
        titled = works_titled(subject, creators=collection.ids, least=HALF)
    if not titled and not places:
        nothing = f"Nothing about {said} was found in the works of {collection.owner()}."
        writer.say(f"{nothing} {counted_over(collection.works().count())}")
        return writer.reply(suggestions=suggestions)
    those = "those words" if len(wanted) > 1 else "that word"
    near = f"No work of {collection.owner()} speaks of {said} in {those}. The nearest:"
    about = f"About {said}, in the works of {collection.owner()}:"
    comes_up = f"In the works of {collection.owner()}, {said} comes up in:"
    writer.say(near if is_near else about if titled else comes_up)
    writer.add(*(Row(described(work, with_creator=many), work) for work in titled[:MOST_ROWS]))
    writer.add(*(_place(at[one.work_slug], one, subject, many) for one in places))
    writer.say(counted_over(collection.works().count()))
    return writer.reply()


def _place(work: Work, passage: Passage, subject: str, many: bool) -> Row:
    wanted = set(content_stems(subject))
    spans = chunk_spans(passage.text, passage.marks)
    start, end = max(spans, key=lambda span: len(wanted & set(stems(passage.text[slice(*span)]))))
    seconds = seconds_at(passage.marks, start, length=len(passage.text))
    where = f" at {clock(seconds)}" if seconds is not None else ""
    words = f"{described(work, with_creator=many)}{where and f',{where}'}"
    return Row(words, work, quote=" ".join(passage.text[start:end].split()), seconds=seconds)
