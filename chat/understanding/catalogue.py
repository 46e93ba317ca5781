"""Answers about the collection from the catalogue: works, their dates and lengths, creators, and who speaks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from chat.events.messages import counted, duration
from chat.retrieval.candidates import scopes_for
from chat.understanding.collection import ANY_LENGTH, Ask, CollectionQuestion, Order
from chat.understanding.names import NamedCreator, Speaker, speakers_called, speakers_in, titled_works, works_titled
from chat.understanding.reply import Reply, ReplyWriter, Row, counted_over, day, described, harmless, listed, title_of
from creators.models import Creator, Work
from creators.models.work import WorkQuerySet
from creators.transcripts.sentences import chunk_spans

MOST_ROWS = 20
"""Works that a list names; the others are counted."""
MOST_CREATORS = 12
TELLING_WORDS = 6
"""Words of a sentence that says what a work is about; "Hello, how are you?" doesn't."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The works that a question is about: those of the creators it names, else of the one asked, else of everyone.

    ``asked`` is the primary key of the creator who is asked, None for everyone together.
    """

    asked: int | None
    creators: tuple[NamedCreator, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """The primary keys of its creators, () for everyone's."""
        return tuple(one.id for one in self.creators) or ((self.asked,) if self.asked is not None else ())

    def works(self) -> WorkQuerySet:
        """Return its works."""
        works = Work.objects.published().select_related("creator")
        return works.filter(creator_id__in=self.ids) if self.ids else works

    def writer(self) -> ReplyWriter:
        """Return a writer of a reply about it."""
        return ReplyWriter(scopes_for(self.asked))

    def owner(self) -> str:
        """Return whose works they are, in words: ``Ana and Ben``, "everyone here"."""
        names = [one.name for one in self.creators]
        if not names and self.asked is not None:
            names = [Creator.objects.only("name").get(pk=self.asked).name]
        return listed([harmless(name) for name in names]) or "everyone here"


def answer(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Return the answer, None where the question names a work or a person unknown to the catalogue. Synchronous."""
    answering = {
        Ask.LENGTH: _facts,
        Ask.DATE: _facts,
        Ask.COUNT: _count,
        Ask.GUESTS: _guests,
        Ask.APPEARANCES: _appearances,
        Ask.TOPICS: _topics,
        Ask.CREATORS: _creators,
    }
    return answering.get(question.ask, _list)(question, collection)


def ordered(works: WorkQuerySet, order: Order) -> list[Work]:
    """Return the dated or timed works in an order, its first one first."""
    if order in {"longest", "shortest"}:
        return list(works.by_length(longest_first=order == "longest")[:MOST_ROWS])
    dated = works.with_lengths().filter(published__isnull=False)
    return list(dated.order_by("-published" if order == "newest" else "published", "title")[:MOST_ROWS])


_KINDS: Mapping[str, tuple[str, str]] = {
    Work.Kind.VIDEO: ("video", "videos"),
    Work.Kind.AUDIO: ("recording", "recordings"),
    Work.Kind.ARTICLE: ("article", "articles"),
    Work.Kind.TEXT: ("text", "texts"),
}


_CALLED = {"vid": "video", "film": "video", "podcast": "recording", "essay": "article", "blog post": "article"}


def _kind_called(noun: str) -> str | None:
    """Return the kind of works that are called so, None for a name of any: "episodes"."""
    one = noun.removesuffix("s")
    return next((kind for kind, names in _KINDS.items() if _CALLED.get(one, one) in names), None)


def _by_kind(works: WorkQuerySet) -> str:
    found = works.order_by().values("kind").annotate(number=Count("pk")).order_by("-number", "kind")
    parts = [counted(row["number"], *_KINDS[Work.Kind(row["kind"])]) for row in found]
    return listed(parts)


def _rows(works: Sequence[Work], *, with_creator: bool) -> list[Row]:
    return [Row(described(work, with_creator=with_creator), work) for work in works]


def _list(question: CollectionQuestion, collection: Collection) -> Reply:
    works, writer = collection.works(), collection.writer()
    period = question.period
    if period:
        works = works.within(period.since, period.until)
    many = len(collection.ids) != 1
    if question.seconds != ANY_LENGTH:
        return _lasting(question.seconds, works, collection, writer)
    if question.order:
        return _extremes(question, works, collection, writer)
    when = f" {period.in_words}" if period else ""
    kind = _kind_called(question.noun)
    own = works.filter(kind=kind) if kind else works
    # Who has no videos may call texts so.
    is_kind = bool(kind) and own.exists()
    others = works.exclude(kind=kind) if is_kind and not question.is_only else works.none()
    works, name = (own, _KINDS[kind]) if kind and is_kind else (works, ("work", "works"))
    count = works.count()
    if not count:
        writer.say(
            f"The catalogue has nothing by {collection.owner()}{when}. {counted_over(collection.works().count())}"
        )
        return writer.reply()
    writer.say(f"By {collection.owner()} there {'is' if count == 1 else 'are'} {counted(count, *name)}{when}:")
    writer.add(*_rows(list(works.with_lengths().newest_first()[:MOST_ROWS]), with_creator=many))
    if others.exists():
        writer.say("And of other kinds:")
        writer.add(*_rows(list(others.with_lengths().newest_first()[:MOST_ROWS]), with_creator=many))
    rest = f"And {count - MOST_ROWS:,} more, which stand on the creators’ pages. " if count > MOST_ROWS else ""
    writer.say(rest + counted_over(collection.works().count()))
    return writer.reply()


def _lasting(seconds: tuple[float, float], works: WorkQuerySet, collection: Collection, writer: ReplyWriter) -> Reply:
    """List the works that last so long."""
    least, most = seconds
    found = list(works.lasting(least, most).newest_first()[:MOST_ROWS])
    length = f"at least {duration(least)}" if least else f"at most {duration(most)}"
    writer.say(
        f"By {collection.owner()} these last {length}:" if found else f"None by {collection.owner()} lasts {length}."
    )
    writer.add(*_rows(found, with_creator=len(collection.ids) != 1))
    writer.say(counted_over(works.lasting(*ANY_LENGTH).count()))
    return writer.reply()


def _extremes(question: CollectionQuestion, works: WorkQuerySet, collection: Collection, writer: ReplyWriter) -> Reply:
    """Answer with the newest, oldest, longest or shortest work, and the first of the kind that was asked for."""
    found = ordered(works, question.order)
    if not found:
        lacking = "dates" if question.order in {"newest", "oldest"} else "lengths"
        writer.say(f"The catalogue has no {lacking} for the works of {collection.owner()}.")
        return writer.reply()
    with_creator = len(collection.ids) != 1
    writer.say(f"The {question.order} work of {collection.owner()} is:")
    writer.add(_beginning(found[0], with_creator=with_creator))
    kind = _kind_called(question.noun)
    if kind and found[0].kind != kind and (own := ordered(works.filter(kind=kind), question.order)):
        writer.say(f"The {question.order} {_KINDS[kind][0]} is:")
        writer.add(*_rows(own[:1], with_creator=with_creator))
    writer.say(counted_over(works.count()))
    return writer.reply()


def _beginning(work: Work, *, with_creator: bool) -> Row:
    """Return a row with the first sentence of a work that says something."""
    words = described(work, with_creator=with_creator)
    chunk = work.chunks.filter(is_hidden=False).order_by("position").first()
    if chunk is None:
        return Row(words, work)
    sentences = [" ".join(chunk.text[start:end].split()) for start, end in chunk_spans(chunk.text, chunk.timing)]
    quote = next((one for one in sentences if len(one.split()) >= TELLING_WORDS), sentences[0])
    return Row(f"{words}, which begins: “{harmless(quote)}”", work, quote, chunk.start_seconds)


def _topics(question: CollectionQuestion, collection: Collection) -> Reply:
    if len(collection.ids) != 1:
        return _creators(question, collection)
    works, writer = collection.works(), collection.writer()
    summary = harmless(Creator.objects.only("summary").get(pk=collection.ids[0]).summary)
    if summary:
        writer.say(summary)
    count = works.count()
    writer.say(f"These are the works of {collection.owner()} here:")
    writer.add(*_rows(list(works.with_lengths().newest_first()[:MOST_ROWS]), with_creator=False))
    rest = f"And {count - MOST_ROWS:,} more. " if count > MOST_ROWS else ""
    writer.say(rest + counted_over(count))
    return writer.reply()


def _creators(_: CollectionQuestion, collection: Collection) -> Reply:
    """List those who can be asked, each with what they teach and their newest work."""
    writer = collection.writer()
    everyone = Creator.objects.published().with_works()
    named = everyone.filter(pk__in=[one.id for one in collection.creators]) if collection.creators else everyone
    count = named.count()
    writer.say(f"{counted(count, 'creator', 'creators').capitalize()} can be asked here:")
    for creator in named[:MOST_CREATORS]:
        newest = creator.works.filter(is_withdrawn=False).select_related("creator").newest_first().first()
        about = f": {harmless(creator.summary)}" if creator.summary else ""
        works = counted(getattr(creator, "work_count", 0), "work", "works")
        if newest:
            writer.add(Row(f"**{harmless(creator.name)}** ({works}){about}", newest))
    rest = f"And {count - MOST_CREATORS:,} more, who are listed beside the page. " if count > MOST_CREATORS else ""
    writer.say(rest + counted_over(Work.objects.published().count()))
    return writer.reply()


def _count(question: CollectionQuestion, collection: Collection) -> Reply | None:
    if question.subject:
        return _count_titled(question, collection)
    works, writer = collection.works(), collection.writer()
    if question.period:
        works = works.within(question.period.since, question.period.until)
    when = f" {question.period.in_words}" if question.period else ""
    total = works.count()
    kinds = f": {_by_kind(works)}" if total else ""
    writer.say(
        f"By {collection.owner()} there {'is' if total == 1 else 'are'} {counted(total, 'work', 'works')}{when}{kinds}."
    )
    if len(collection.ids) == 1:
        newest = works.with_lengths().newest_first()[:1]
        writer.add(*(Row(f"The newest is {described(work)}", work, is_item=False) for work in newest))
    else:
        by_creator = works.order_by().values("creator").annotate(number=Count("pk")).order_by("-number", "creator")
        for row in by_creator[:MOST_CREATORS]:
            work = works.filter(creator_id=row["creator"]).newest_first()[0]
            writer.add(Row(f"{harmless(work.creator.name)}: {counted(row['number'], 'work', 'works')}", work))
    writer.say(counted_over(collection.works().count()))
    return writer.reply()


def _count_titled(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Answer how many works there are in whose titles these words stand."""
    named = works_titled(question.subject, creators=collection.ids)
    if not named:
        return None
    writer = collection.writer()
    said = f"“{harmless(question.subject)}”"
    writer.say(f"By {collection.owner()} {counted(len(named), 'work has', 'works have')} {said} in the title:")
    writer.add(*_rows(named[:MOST_ROWS], with_creator=len(collection.ids) != 1))
    writer.say(counted_over(collection.works().count()))
    return writer.reply()


def _facts(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Answer how long works are or when they came out: those of a title, the first in an order, or all together."""
    works, writer = collection.works(), collection.writer()
    if question.subject:
        named = works_titled(question.subject, creators=collection.ids, is_whole=not question.noun)
        found = list(works.with_lengths().filter(pk__in=[work.pk for work in named]).newest_first()[:MOST_ROWS])
        if not found:
            return None
    else:
        found = ordered(works, question.order or "newest")
        found = found[:1] if question.order else found
    if not found:
        return _list(CollectionQuestion(Ask.LIST), collection)
    say = _length if question.ask is Ask.LENGTH else _date
    writer.add(*(Row(say(work), work, is_item=len(found) > 1) for work in found))
    if not question.subject and not question.order:
        timed = [seconds for work in works.with_lengths() if (seconds := getattr(work, "seconds", None))]
        mean = f", {duration(sum(timed) / len(timed))} each on average" if timed else ""
        without = works.count() - len(timed)
        writer.say(f"Altogether {duration(sum(timed))} of recordings{mean}, and {without} without times.")
    if not question.subject:
        writer.say(counted_over(works.count()))
    return writer.reply()


def _length(work: Work) -> str:
    seconds: float | None = getattr(work, "seconds", None)
    if seconds:
        return f"{title_of(work)} lasts {duration(seconds)}"
    words = sum(work.chunks.values_list("words", flat=True))
    return f"{title_of(work)} has no times; it has about {max(10, round(words, -1)):,} words"


def _date(work: Work) -> str:
    if work.published:
        return f"{title_of(work)} came out on {day(work.published)}"
    return f"The catalogue has no date for {title_of(work)}"


def _guests(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Name who speaks besides the creators, in all works or in those of a title."""
    works = list(collection.works().newest_first()[: MOST_ROWS * 50])
    if question.subject:
        works = works_titled(question.subject, creators=collection.ids)
        if not works:
            return None
    guests = [one for one in speakers_in(works) if not one.is_creator]
    writer = collection.writer()
    of = title_of(works[0]) if question.subject and len(works) == 1 else f"the works of {collection.owner()}"
    if not guests:
        writer.say(f"No guest is named in the transcripts of {of}. {counted_over(len(works))}")
        return writer.reply()
    writer.say(f"In {of} these speak besides their creator:")
    writer.add(*_appearance_rows(guests, works))
    writer.say(counted_over(len(works)))
    return writer.reply()


def _appearances(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Name the works in which somebody speaks, or whose titles name them."""
    works = titled_works(collection.ids)
    speaking = speakers_called(question.subject, speakers_in(works))
    writer = collection.writer()
    if speaking:
        writer.add(*_appearance_rows(speaking, works))
        writer.say(counted_over(len(works)))
        return writer.reply()
    named = works_titled(question.subject, creators=collection.ids)
    if not named:
        return None
    writer.say("The title names them:")
    writer.add(*_rows(named[:MOST_ROWS], with_creator=len(collection.ids) != 1))
    writer.say(counted_over(len(works)))
    return writer.reply()


def _appearance_rows(speaking: Sequence[Speaker], works: Sequence[Work]) -> list[Row]:
    by_id = {work.pk: work for work in works}
    often = Counter(one.name for one in speaking)
    rows = []
    for name, _ in often.most_common(MOST_ROWS):
        for work in [by_id[one.work] for one in speaking if one.name == name][:3]:
            rows.append(Row(f"{harmless(name)} speaks in {described(work)}", work))
    return rows[:MOST_ROWS]
