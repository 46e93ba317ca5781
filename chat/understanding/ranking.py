"""Works in an order: the newest or longest first, the first few, all of them, and two beside each other."""

from collections.abc import Mapping, Sequence

from chat.events.messages import clock, counted
from chat.understanding.catalogue import KINDS, MOST_ROWS, Collection, beginning, kind_called, rows_of
from chat.understanding.collection import CollectionQuestion
from chat.understanding.orders import ALL, Order
from chat.understanding.reply import Reply, ReplyWriter, Row, counted_over, described, listed, title_of
from chat.understanding.titles import number_of
from chrysopedia.core.text import written_day
from creators.models import Work
from creators.models.work import WorkQuerySet

_BY_DATE = frozenset({"newest", "oldest"})
_OF_TWO: Mapping[Order, str] = {"newest": "newer", "oldest": "older", "longest": "longer", "shortest": "shorter"}


def ordered(works: WorkQuerySet, order: Order) -> list[Work]:
    """Return the dated or timed works in an order, its first one first."""
    if order not in _BY_DATE:
        return list(works.by_length(longest_first=order == "longest")[:MOST_ROWS])
    dated = works.with_lengths().filter(published__isnull=False)
    return list(dated.order_by("-published" if order == "newest" else "published", "title")[:MOST_ROWS])


def seconds_of(work: Work) -> float:
    """Return how long a work lasts, 0 where it has no times."""
    return float(getattr(work, "seconds", None) or 0)


def extremes(question: CollectionQuestion, collection: Collection) -> Reply:
    """Answer with the newest, oldest, longest or shortest works, and the first of the kind that was asked for."""
    works, writer = collection.works(), collection.writer()
    works = question.period.of(works) if question.period else works
    for order in question.orders:
        found = ordered(works, order)
        if not found:
            _without(question, order, works, collection, writer)
        elif question.number != 1:
            _in_order(question, order, works, collection, writer)
        else:
            _first(question, order, found[0], works, collection, writer)
    writer.say(counted_over(collection.works().count()))
    return writer.reply()


def _first(
    question: CollectionQuestion,
    order: Order,
    first: Work,
    works: WorkQuerySet,
    collection: Collection,
    writer: ReplyWriter,
) -> None:
    """Write the first work in an order, and the first of the kind that is asked for where that is another."""
    kind, with_creator = kind_called(question.noun), len(collection.ids) != 1
    writer.say(f"The {order} work of {collection.owner()} is:")
    writer.add(beginning(first, with_creator=with_creator))
    if kind and first.kind != kind and (own := ordered(works.filter(kind=kind), order)):
        writer.say(f"The {order} {KINDS[kind][0]} is:")
        writer.add(*rows_of(own[:1], with_creator=with_creator))


def _in_order(
    question: CollectionQuestion, order: Order, works: WorkQuerySet, collection: Collection, writer: ReplyWriter
) -> None:
    """Write the first few of the works in an order, or all of them, and those that lack what they are ordered by."""
    kind, with_creator = kind_called(question.noun), len(collection.ids) != 1
    own = works.filter(kind=kind) if kind and works.filter(kind=kind).exists() else works
    found = ordered(own, order)[: MOST_ROWS if question.number == ALL else question.number]
    name = counted(len(found), *(KINDS[kind] if kind else ("work", "works")))
    all_of = KINDS[kind][1] if kind and own is not works else "works"
    first = f"The {all_of} of {collection.owner()}, the {order} first:"
    writer.say(first if question.number == ALL else f"The {order} {name} of {collection.owner()}:")
    is_exact = order not in _BY_DATE
    writer.add(*(Row(described(work, with_creator=with_creator, is_exact=is_exact), work) for work in found))
    if question.number != ALL or len(found) == MOST_ROWS or question.is_only:
        return
    lacking = "date" if order in _BY_DATE else "length"
    rest = list(works.exclude(pk__in=[work.pk for work in found]).with_lengths().newest_first()[:MOST_ROWS])
    without = [work for work in rest if not (work.published if lacking == "date" else seconds_of(work))]
    others = [work for work in rest if work not in without]
    for heading, few in (("And of other kinds:", others), (f"And without a {lacking}:", without)):
        if few:
            writer.say(heading)
            writer.add(*rows_of(few, with_creator=with_creator))


def _without(
    question: CollectionQuestion, order: Order, works: WorkQuerySet, collection: Collection, writer: ReplyWriter
) -> None:
    """Say that nothing is known by which works could be ordered; works that are numbered are given by their numbers."""
    if question.period and not works.exists():
        writer.say(f"The catalogue has nothing by {collection.owner()} {question.period.in_words}.")
        return
    lacking = "dates" if order in _BY_DATE else "lengths"
    when = f" {question.period.in_words}" if question.period else ""
    writer.say(f"The catalogue has no {lacking} for the works of {collection.owner()}{when}.")
    if order not in _BY_DATE or len(collection.ids) != 1:
        return
    numbered = [(number, work) for work in works.with_lengths() if (number := number_of(work)) is not None]
    if len(numbered) < 2:
        return
    numbered.sort(key=lambda one: one[0], reverse=order == "newest")
    few = numbered[: MOST_ROWS if question.number == ALL else question.number]
    end = "highest" if order == "newest" else "lowest"
    writer.say("By their numbers:" if len(few) > 1 else f"The {end} number is {few[0][0]}:")
    writer.add(*(Row(f"{number}: {described(work)}", work) for number, work in few))
    if len(numbered) > len(few) > 1:
        writer.say(f"And {len(numbered) - len(few):,} more.")


def compared(
    question: CollectionQuestion, collection: Collection, one: Sequence[Work], other: Sequence[Work]
) -> Reply | None:
    """Answer which of two works is longer, or newer; None where it isn't two that are meant."""
    keys = [work.pk for work in (*one, *other)]
    found = {work.pk: work for work in collection.works().with_lengths().filter(pk__in=keys)}
    if len(one) != 1 or len(other) != 1 or len(found) != 2:
        return None
    pair = [found[key] for key in keys]
    writer = collection.writer()
    first = {order: work for order in question.orders if (work := _first_of(pair, order))}
    if not first and not any(work.published or seconds_of(work) for work in pair):
        return None
    ways = {work: [f"the {_OF_TWO[order]}" for order, one in first.items() if one == work] for work in first.values()}
    if ways:
        writer.say(" ".join(f"{title_of(work)} is {listed(of_it)} one." for work, of_it in ways.items()))
    writer.add(*(Row(_known_of(work), work) for work in pair))
    return writer.reply()


def _first_of(pair: Sequence[Work], order: Order) -> Work | None:
    """Return which of two works comes first in an order, None where that isn't known, or neither does."""
    is_date = order in _BY_DATE
    values = [_ordinal(work) if is_date else round(seconds_of(work)) for work in pair]
    if not all(values) or values[0] == values[1]:
        return None
    return pair[(values[0] < values[1]) == (order in {"newest", "longest"})]


def _ordinal(work: Work) -> int:
    return work.published.toordinal() if work.published else 0


def _known_of(work: Work) -> str:
    """Return when a work came out and how long it lasts, as far as that is known."""
    known = [
        f"came out on {written_day(work.published)}" if work.published else "has no date",
        f"lasts {clock(seconds_of(work))}" if seconds_of(work) else "has no times",
    ]
    return f"{title_of(work)} {' and '.join(known)}"
