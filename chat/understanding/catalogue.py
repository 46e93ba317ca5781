"""Answers about the collection from the catalogue: lists and counts of works, what they are about, and creators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from chat.events.messages import counted, duration
from chat.retrieval.candidates import scopes_for
from chat.understanding.collection import Ask, CollectionQuestion
from chat.understanding.names import NamedCreator
from chat.understanding.orders import ANY_LENGTH
from chat.understanding.reply import Reply, ReplyWriter, Row, counted_over, described, harmless, listed
from chat.understanding.titles import works_titled
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

    def newest_works(self, most: int) -> list[Work]:
        """Return so many of its works, the newest first."""
        return list(self.works().with_lengths().newest_first()[:most])

    def writer(self) -> ReplyWriter:
        """Return a writer of a reply about it."""
        return ReplyWriter(scopes_for(self.asked))

    def owner(self) -> str:
        """Return whose works they are, in words: ``Ana and Ben``, "everyone here"."""
        names = [one.name for one in self.creators]
        if not names and self.asked is not None:
            names = [Creator.objects.only("name").get(pk=self.asked).name]
        return listed([harmless(name) for name in names]) or "everyone here"


KINDS: Mapping[str, tuple[str, str]] = {
    Work.Kind.VIDEO: ("video", "videos"),
    Work.Kind.AUDIO: ("recording", "recordings"),
    Work.Kind.ARTICLE: ("article", "articles"),
    Work.Kind.TEXT: ("text", "texts"),
}


_CALLED = {
    "audio": "recording",
    "vid": "video",
    "film": "video",
    "podcast": "recording",
    "essay": "article",
    "blog post": "article",
}


def kind_called(noun: str) -> str | None:
    """Return the kind of works that are called so, None for a name of any: "episodes"."""
    one = noun.removesuffix("s")
    return next((kind for kind, names in KINDS.items() if _CALLED.get(one, one) in names), None)


def of_kind(works: WorkQuerySet, noun: str) -> WorkQuerySet:
    """Return the works of the kind that is called so; all where that is a name of any, or there are none of it."""
    kind = kind_called(noun)
    own = works.filter(kind=kind) if kind else works
    return own if own.exists() else works


def _by_kind(works: WorkQuerySet) -> str:
    found = works.order_by().values("kind").annotate(number=Count("pk")).order_by("-number", "kind")
    parts = [counted(row["number"], *KINDS[Work.Kind(row["kind"])]) for row in found]
    return listed(parts)


def rows_of(works: Sequence[Work], *, with_creator: bool) -> list[Row]:
    """Return a row for each work."""
    return [Row(described(work, with_creator=with_creator), work) for work in works]


def list_works(question: CollectionQuestion, collection: Collection) -> Reply:
    """List the works of a period, a kind or a length."""
    works, writer = collection.works(), collection.writer()
    period = question.period
    if period:
        works = period.of(works)
    many = len(collection.ids) != 1
    if question.seconds != ANY_LENGTH:
        return _lasting(question.seconds, works, collection, writer)
    when = f" {period.in_words}" if period else ""
    kind = kind_called(question.noun)
    own = works.filter(kind=kind) if kind else works
    # Who has no videos may call texts so.
    is_kind = bool(kind) and own.exists()
    others = works.exclude(kind=kind) if is_kind and not question.is_only else works.none()
    works, name = (own, KINDS[kind]) if kind and is_kind else (works, ("work", "works"))
    count = works.count()
    if not count:
        writer.say(
            f"The catalogue has nothing by {collection.owner()}{when}. {counted_over(collection.works().count())}"
        )
        return writer.reply()
    writer.say(f"By {collection.owner()} there {'is' if count == 1 else 'are'} {counted(count, *name)}{when}:")
    writer.add(*rows_of(list(works.with_lengths().newest_first()[:MOST_ROWS]), with_creator=many))
    if others.exists():
        writer.say("And of other kinds:")
        writer.add(*rows_of(list(others.with_lengths().newest_first()[:MOST_ROWS]), with_creator=many))
    rest = f"And {count - MOST_ROWS:,} more, which stand on the creators’ pages. " if count > MOST_ROWS else ""
    writer.say(rest + counted_over(collection.works().count()))
    return writer.reply()


READ = (Work.Kind.ARTICLE, Work.Kind.TEXT)


def of_form(question: CollectionQuestion, collection: Collection) -> Reply:
    """List what can be read, or what can be watched and heard, and say what there is of the other form."""
    works, writer = collection.works(), collection.writer()
    texts, recordings = works.filter(kind__in=READ), works.exclude(kind__in=READ)
    is_text = question.ask is Ask.TEXTS
    own, others = (texts, recordings) if is_text else (recordings, texts)
    number, doing = own.count(), "read" if is_text else "watch or hear"
    many = len(collection.ids) != 1
    if number:
        is_one = "is" if number == 1 else "are"
        writer.say(f"To {doing}, by {collection.owner()} there {is_one} {_by_kind(own)}:")
    else:
        writer.say(f"By {collection.owner()} there is nothing to {doing}, but {_by_kind(others)}:")
    writer.add(*rows_of(list((own if number else others).with_lengths().newest_first()[:MOST_ROWS]), with_creator=many))
    more = f"And {number - MOST_ROWS:,} more. " if number > MOST_ROWS else ""
    if is_text and others.exists():
        more += f"Of recordings the transcripts can be read here: {_by_kind(others)}. "
    elif number and others.exists():
        more += f"To read, there {'is' if others.count() == 1 else 'are'} {_by_kind(others)}. "
    writer.say(more + counted_over(works.count()))
    return writer.reply()


def _lasting(seconds: tuple[float, float], works: WorkQuerySet, collection: Collection, writer: ReplyWriter) -> Reply:
    """List the works that last so long."""
    least, most = seconds
    found = list(works.lasting(least, most).newest_first()[:MOST_ROWS])
    length = f"at least {duration(least)}" if least else f"at most {duration(most)}"
    writer.say(
        f"By {collection.owner()} these last {length}:" if found else f"None by {collection.owner()} lasts {length}."
    )
    writer.add(*rows_of(found, with_creator=len(collection.ids) != 1))
    writer.say(counted_over(works.lasting(*ANY_LENGTH).count()))
    return writer.reply()


def beginning(work: Work, *, with_creator: bool, is_item: bool = True) -> Row:
    """Return a row with the first sentence of a work that says something."""
    words = described(work, with_creator=with_creator)
    chunk = work.chunks.filter(is_hidden=False).order_by("position").first()
    if chunk is None:
        return Row(words, work, is_item=is_item)
    sentences = [" ".join(chunk.text[start:end].split()) for start, end in chunk_spans(chunk.text, chunk.timing)]
    quote = next((one for one in sentences if len(one.split()) >= TELLING_WORDS), sentences[0])
    return Row(f"{words}, which begins: “{harmless(quote)}”", work, quote, chunk.start_seconds, is_item)


def topics(question: CollectionQuestion, collection: Collection) -> Reply:
    """Say what a creator is about, with the works; of several creators, each."""
    if len(collection.ids) != 1:
        return creators(question, collection)
    works, writer = collection.works(), collection.writer()
    summary = harmless(Creator.objects.only("summary").get(pk=collection.ids[0]).summary)
    if summary:
        writer.say(summary)
    count = works.count()
    writer.say(f"These are the works of {collection.owner()} here:")
    writer.add(*rows_of(list(works.with_lengths().newest_first()[:MOST_ROWS]), with_creator=False))
    rest = f"And {count - MOST_ROWS:,} more. " if count > MOST_ROWS else ""
    writer.say(rest + counted_over(count))
    return writer.reply()


def creators(_: CollectionQuestion, collection: Collection) -> Reply:
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


def count_works(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Say how many works there are, by kind and by creator; None where no title has the words that are asked for."""
    if question.subject:
        return _count_titled(question, collection)
    works, writer = collection.works(), collection.writer()
    if question.period:
        works = question.period.of(works)
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


def count_by_year(_: CollectionQuestion, collection: Collection) -> Reply:
    """Say how many works came out in each year."""
    works, writer = collection.works(), collection.writer()
    years = works.filter(published__isnull=False).order_by().values("published__year").annotate(number=Count("pk"))
    writer.say(f"By {collection.owner()} there came out:")
    for row in years.order_by("-published__year"):
        newest = works.filter(published__year=row["published__year"]).newest_first()[0]
        writer.add(Row(f"{row['published__year']}: {counted(row['number'], 'work', 'works')}", newest))
    undated = works.filter(published__isnull=True).count()
    without = f"{counted(undated, 'work has', 'works have').capitalize()} no date. " if undated else ""
    writer.say(without + counted_over(works.count()))
    return writer.reply()


def _count_titled(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Answer how many works there are in whose titles these words stand."""
    named = works_titled(question.subject, creators=collection.ids)
    if not named:
        return None
    writer = collection.writer()
    said = f"“{harmless(question.subject)}”"
    writer.say(f"By {collection.owner()} {counted(len(named), 'work has', 'works have')} {said} in the title:")
    writer.add(*rows_of(named[:MOST_ROWS], with_creator=len(collection.ids) != 1))
    writer.say(counted_over(collection.works().count()))
    return writer.reply()
