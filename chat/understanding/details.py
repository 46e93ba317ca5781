"""What the catalogue knows of works one by one: when they came out, how long they are, their chapters, how often."""

from collections.abc import Sequence
from itertools import groupby

from chat.events.messages import clock, counted, duration
from chat.understanding.catalogue import MOST_ROWS, Collection, beginning, list_works, of_kind
from chat.understanding.collection import Ask, CollectionQuestion
from chat.understanding.ranking import ordered, seconds_of
from chat.understanding.reply import Reply, Row, counted_over, described, harmless, title_of
from chat.understanding.titles import number_in
from chrysopedia.core.text import written_day
from creators.models import Chunk, Work

MOST_CHAPTERS = 60
"""Headings, or titles of works, that a table of contents names."""


def facts(question: CollectionQuestion, collection: Collection, named: Sequence[Work]) -> Reply:
    """Answer how long works are or when they came out: those named, the first in an order, or all together."""
    works, writer = of_kind(collection.works(), question.noun), collection.writer()
    if named:
        found = list(
            collection.works().with_lengths().filter(pk__in=[work.pk for work in named]).newest_first()[:MOST_ROWS]
        )
    else:
        found = ordered(works, question.order or "newest")
        found = found[:1] if question.order else found
    if not found:
        return list_works(CollectionQuestion(Ask.LIST), collection)
    say = _length if question.ask is Ask.LENGTH else _date
    if not named and not question.order:
        timed = [seconds for work in works.with_lengths() if (seconds := getattr(work, "seconds", None))]
        mean = f", {duration(sum(timed) / len(timed))} each on average" if timed else ""
        without = works.count() - len(timed)
        writer.say(f"Altogether {duration(sum(timed))} of recordings{mean}, and {without} without times.")
    writer.add(*(Row(say(work), work, is_item=len(found) > 1) for work in found))
    if not named:
        writer.say(counted_over(works.count()))
    return writer.reply()


MOST_PARTS = 8
"""Headings that say what a work is about."""


def one_work(question: CollectionQuestion, collection: Collection, named: Sequence[Work]) -> Reply:
    """Say what the work is that a number names, how it begins, and its headings."""
    writer = collection.writer()
    many = len(collection.ids) != 1
    works = list(collection.works().with_lengths().filter(pk__in=[work.pk for work in named]).newest_first())
    if not works:
        number = number_in(question.subject)
        writer.say(
            f"No work of {collection.owner()} is numbered {number} here. {counted_over(collection.works().count())}"
        )
    writer.add(*(beginning(work, with_creator=many, is_item=len(works) > 1) for work in works[:MOST_ROWS]))
    if len(works) == 1:
        headings = Chunk.objects.visible().filter(work=works[0]).exclude(heading="").order_by("position")
        names = list(dict.fromkeys(headings.values_list("heading", flat=True)))[:MOST_PARTS]
        if len(names) > 1:
            writer.say(f"Its parts: {', '.join(map(harmless, names))}.")
    return writer.reply()


def _length(work: Work) -> str:
    seconds: float | None = getattr(work, "seconds", None)
    if seconds:
        since = f", and came out on {written_day(work.published)}" if work.published else ""
        return f"{title_of(work)} lasts {duration(seconds)} ({clock(seconds)}){since}"
    words = sum(work.chunks.values_list("words", flat=True))
    return f"{title_of(work)} has no times; it has about {max(10, round(words, -1)):,} words"


def _date(work: Work) -> str:
    if work.published:
        lasts = f", and lasts {duration(seconds_of(work))}" if seconds_of(work) else ""
        return f"{title_of(work)} came out on {written_day(work.published)}{lasts}"
    return f"The catalogue has no date for {title_of(work)}"


def cadence(_: CollectionQuestion, collection: Collection) -> Reply:
    """Answer how often works come out by the dates of those that are here."""
    works, writer = collection.works(), collection.writer()
    dated = list(works.filter(published__isnull=False).order_by("published", "title"))
    days = [work.published for work in dated if work.published]
    if len(days) < 2 or days[0] == days[-1]:
        writer.say(f"The catalogue has too few dates to say how often {collection.owner()} publishes.")
    else:
        every = (days[-1] - days[0]).days / (len(days) - 1)
        pace = "every day" if every < 2 else f"about every {round(every):,} days"
        span = f"from {written_day(days[0])} to {written_day(days[-1])}"
        writer.say(
            f"Of {collection.owner()} {len(days):,} works with a date are here, {span}: one {pace}. "
            "What comes next, and when, isn’t known here."
        )
    writer.add(*(Row(f"The newest is {described(work)}", work, is_item=False) for work in dated[-1:]))
    writer.say(counted_over(works.count()))
    return writer.reply()


def chapters(_: CollectionQuestion, collection: Collection, named: Sequence[Work]) -> Reply:
    """Give the headings of the work that is named, with their times; of several, or of none, the titles of works."""
    works = named or collection.works()[:2]
    return _headings(works[0], collection) if len(works) == 1 else _titles(named, collection)


def _headings(work: Work, collection: Collection) -> Reply:
    chunks = list(Chunk.objects.visible().filter(work=work).defer("search").order_by("position"))
    headed = [(heading, next(group)) for heading, group in groupby(chunks, key=lambda one: one.heading) if heading]
    writer = collection.writer()
    if len(headed) < 2:
        writer.add(Row(f"{described(work)} isn’t divided into chapters", work, is_item=False))
        return writer.reply()
    writer.say(f"The chapters of {title_of(work)}:")
    writer.add(*(_heading(heading, chunk, work) for heading, chunk in headed[:MOST_CHAPTERS]))
    return writer.reply()


def _heading(heading: str, chunk: Chunk, work: Work) -> Row:
    at = f", at {clock(chunk.start_seconds)}" if chunk.start_seconds is not None else ""
    return Row(f"{harmless(heading)}{at}", work, seconds=chunk.start_seconds)


def _titles(named: Sequence[Work], collection: Collection) -> Reply:
    """List titles in the order of their files, which is that of a manual's chapters."""
    works = collection.works().order_by("creator__name", "source")
    works = works.filter(pk__in=[work.pk for work in named]) if named else works
    count = works.count()
    writer = collection.writer()
    writer.say(f"By {collection.owner()} there {'is' if count == 1 else 'are'} {counted(count, 'work', 'works')}:")
    writer.add(*(Row(title_of(work), work) for work in works[:MOST_CHAPTERS]))
    rest = f"And {count - MOST_CHAPTERS:,} more. " if count > MOST_CHAPTERS else ""
    writer.say(rest + counted_over(collection.works().count()))
    return writer.reply()
