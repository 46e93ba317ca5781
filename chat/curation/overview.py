"""The overview: what was asked in a stretch of days, out of counts that are kept for each day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Min, Sum

from chat.llm.spending import MICROS
from chat.models import DailyQuestions, PinnedAnswer, RolledDay, Turn, WorkDay
from chat.models.overview import FIRST_TOKEN_BOUNDS, DailyQuestionsQuerySet
from creators.models import Creator

DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)
"""How long after its end a day is counted for the last time: by then every turn that was begun in it has ended."""
FRESH = timedelta(minutes=10)
"""How old the count of today may be before a look at the overview counts it anew."""
AT_ONCE = 5
"""Days that a worker counts before it looks for jobs again; a day of 11,000 questions takes a second."""
WORKS = 20
"""Works that are listed."""
STATES = ("full", "partly", "none", "failed")
TIERS = ("creator", "domain", "global", "none")
UNSEARCHED = frozenset({"catalogue", "conversation"})
"""What answers small talk and questions about the collection: nothing had to be found for them."""


def roll_up(*, now: datetime, most: int | None = None) -> int:
    """Count the days that are not counted for good yet, today included, and return how many were. Idempotent.

    ``most`` is how many at once, the newest first.
    """
    oldest = Turn.objects.aggregate(first=Min("created"))["first"]
    if oldest is None:
        return 0
    today = now.astimezone(UTC).date()
    days = [oldest.astimezone(UTC).date() + n * DAY for n in range((today - oldest.astimezone(UTC).date()).days + 1)]
    rolled = dict(RolledDay.objects.values_list("day", "rolled"))
    due = [day for day in days if day not in rolled or rolled[day] < _start(day) + DAY + SETTLED]
    due = due[::-1][:most]
    for day in due:
        RolledDay.objects.roll_up(day, start=_start(day), end=_start(day) + DAY, now=now)
    return len(due)


def roll_up_some(*, now: datetime) -> bool:
    """Count a handful of days, for a worker, whose jobs wait meanwhile; return whether more may be left."""
    return roll_up(now=now, most=AT_ONCE) == AT_ONCE


def refresh(*, now: datetime) -> None:
    """Count today anew where that was not done for ten minutes; days before it are left to ``roll_up``."""
    today = now.astimezone(UTC).date()
    if not RolledDay.objects.filter(day=today, rolled__gt=now - FRESH).exists():
        RolledDay.objects.roll_up(today, start=_start(today), end=_start(today) + DAY, now=now)


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The questions of one day, by state and by tier, and the answers pinned on it."""

    day: date
    states: Mapping[str, int]
    tiers: Mapping[str, int]
    pinned: int
    micros: int = 0

    @property
    def money(self) -> float:
        """What models cost, in whole units of the prices' currency."""
        return self.micros / MICROS

    @property
    def questions(self) -> int:
        """How many there were."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class CitedWork:
    """A work with how many answers cited it and how often it was opened from one."""

    title: str
    creator: str
    slug: str
    citations: int
    clicks: int


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What a language model cost for the questions to a creator, "" for those to everyone together."""

    creator: str
    model: str
    questions: int
    tokens: int
    micros: int
    unpriced: int
    """Questions asked while no price was set for it."""

    @property
    def money(self) -> float:
        """What it cost, in whole units of the prices' currency."""
        return self.micros / MICROS


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a stretch of days; shares are from 0 to 1, None where there is nothing to take one of.

    ``answered`` is the share of the questions that had to be searched for which were answered in full, ``near`` of
    those that were answered nearly; ``grounded`` the share of the citations that stand in their source. ``half`` and
    ``most`` are the milliseconds within which half and 95 % of the first tokens came, None for over half a minute.
    """

    days: tuple[DayCounts, ...]
    questions: int
    searched: int
    answered: float | None
    near: float | None
    grounded: float | None
    citations: int
    timed: int
    half: int | None
    most: int | None
    prompt_tokens: int
    completion_tokens: int
    pinned: int
    answered_by_pins: int
    works: tuple[CitedWork, ...]
    costs: tuple[ModelCost, ...]

    @property
    def money(self) -> float:
        """What models cost, in whole units of the prices' currency."""
        return sum(one.micros for one in self.costs) / MICROS

    @property
    def unpriced(self) -> dict[str, int]:
        """The models without a price, with the number of questions that they were asked."""
        found = Counter[str]()
        for one in self.costs:
            found[one.model] += one.unpriced
        return dict(sorted((+found).items()))


def overview(first: date, last: date, *, creators: Sequence[Creator] | None) -> Overview:
    """Return the figures of the days from ``first`` to ``last``, of these creators; None is everything that was asked.

    The number of queries depends neither on the days nor on what was asked.
    """
    slugs = None if creators is None else [creator.slug for creator in creators]
    rows = DailyQuestions.objects.within(first, last, slugs=slugs)
    counted = rows.values("day", "tier", "state", "answered_by").order_by()
    counted = counted.annotate(total=Sum("questions"), cost=Sum("micros"))
    found = list(counted)
    sums = _sums(rows)
    pins = _pins(first, last, creators)
    searched = [row for row in found if row["answered_by"] not in UNSEARCHED]
    total = sum(row["total"] for row in searched)
    verdicts = sums["supported"] + sums["weak"] + sums["unsupported"]
    times = [sums[f"time_{place}"] for place in range(len(FIRST_TOKEN_BOUNDS) + 1)]
    return Overview(
        days=tuple(_days(first, last, found, pins)),
        questions=sum(row["total"] for row in found),
        searched=total,
        answered=_share(sum(row["total"] for row in searched if row["state"] == "full"), total),
        near=_share(sum(row["total"] for row in searched if row["state"] == "partly"), total),
        grounded=_share(sums["supported"], verdicts),
        citations=verdicts,
        timed=sum(times),
        half=within(times, 0.5),
        most=within(times, 0.95),
        prompt_tokens=sums["prompt_tokens"],
        completion_tokens=sums["completion_tokens"],
        pinned=sum(pins.values()),
        answered_by_pins=sum(row["total"] for row in found if row["answered_by"] == "pinned"),
        works=cited_works(first, last, creators=creators, limit=WORKS),
        costs=model_costs(rows),
    )


def _sums(rows: Any) -> dict[str, int]:
    names = ("supported", "weak", "unsupported", "prompt_tokens", "completion_tokens")
    wanted = {name: Sum(name) for name in names}
    wanted |= {f"time_{place}": Sum(f"first_token__{place}") for place in range(len(FIRST_TOKEN_BOUNDS) + 1)}
    return {name: int(value or 0) for name, value in rows.aggregate(**wanted).items()}


def _pins(first: date, last: date, creators: Sequence[Creator] | None) -> Counter[date]:
    pins = PinnedAnswer.objects.filter(created__gte=_start(first), created__lt=_start(last) + DAY)
    pins = pins if creators is None else pins.filter(creator__in=creators)
    return Counter(created.astimezone(UTC).date() for created in pins.values_list("created", flat=True))


def _days(first: date, last: date, rows: Iterable[Mapping[str, Any]], pins: Mapping[date, int]) -> Iterator[DayCounts]:
    states: defaultdict[date, Counter[str]] = defaultdict(Counter)
    tiers: defaultdict[date, Counter[str]] = defaultdict(Counter)
    micros: Counter[date] = Counter()
    for row in rows:
        states[row["day"]][row["state"]] += row["total"]
        micros[row["day"]] += row["cost"]
        if row["state"] != "failed":
            tiers[row["day"]][row["tier"] or "none"] += row["total"]
    for number in range((last - first).days + 1):
        day = first + number * DAY
        yield DayCounts(day, states[day], tiers[day], pins.get(day, 0), micros[day])


def cited_works(
    first: date, last: date, *, creators: Collection[Creator] | None, limit: int | None = None
) -> tuple[CitedWork, ...]:
    """Return the works of these creators that were cited or opened, the most cited first."""
    rows = WorkDay.objects.filter(day__range=(first, last))
    rows = rows if creators is None else rows.filter(work__creator__in=creators)
    names = ("work__title", "work__creator__name", "work__slug")
    summed = rows.values_list(*names).annotate(cited=Sum("citations"), opened=Sum("clicks"))
    counted = summed.exclude(cited=0, opened=0).order_by("-cited", "-opened", "work__slug")
    return tuple(CitedWork(*row) for row in counted[:limit])


def model_costs(rows: DailyQuestionsQuerySet) -> tuple[ModelCost, ...]:
    """Return what each model cost for each creator, the dearest first."""
    summed = rows.exclude(model="").values("creator_slug", "model").order_by()
    counted = summed.annotate(
        asked=Sum("questions"),
        tokens=Sum("prompt_tokens") + Sum("completion_tokens"),
        cost=Sum("micros"),
        without=Sum("unpriced"),
    )
    found = [
        ModelCost(row["creator_slug"], row["model"], row["asked"], row["tokens"], row["cost"], row["without"])
        for row in counted
    ]
    return tuple(sorted(found, key=lambda one: (-one.micros, -one.tokens, one.creator, one.model)))


def within(times: Sequence[int], share: float) -> int | None:
    """Return the milliseconds within which a share of first tokens came, evenly spread within each of the counts."""
    wanted, before = share * sum(times), 0
    for place, count in enumerate(times[:-1]):
        if count and before + count >= wanted:
            least = FIRST_TOKEN_BOUNDS[place - 1] if place else 0
            return round(least + (FIRST_TOKEN_BOUNDS[place] - least) * (wanted - before) / count)
        before += count
    return None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
