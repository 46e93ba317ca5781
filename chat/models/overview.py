"""What was asked and answered, counted by the day, so that a look at months costs no look at each question."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from creators.models import Work

FIRST_TOKEN_BOUNDS = (250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000)
"""Milliseconds between which times to the first token are counted together; the last count is of what took longer."""
ROLLING = 7_106_713
"""The advisory lock of whoever counts; any number, the same for every process on the database."""
LOST_AFTER = "10 minutes"
"""How long a turn may have no end before it counts as failed; one that ends takes three minutes at most."""

_TIMES = ", ".join(f"count(*) FILTER (WHERE time = {place})" for place in range(len(FIRST_TOKEN_BOUNDS) + 1))
# Each end is unpacked once: it is compressed, and long.
_COUNT = f"""
    WITH turns AS MATERIALIZED (
        SELECT creator_slug, tier, answered_by, model, micros,
            CASE WHEN e IS NULL THEN 'failed'
                ELSE coalesce(e.coverage, CASE WHEN tier = 'none' THEN 'none' ELSE 'full' END) END AS state,
            coalesce((e.grounding->>'claims')::numeric, 0) AS claims,
            coalesce((e.grounding->>'supported')::numeric, 0) AS supported,
            coalesce((e.grounding->>'weak')::numeric, 0) AS weak,
            coalesce((e.grounding->>'unsupported')::numeric, 0) AS unsupported,
            coalesce((e.usage->>'prompt_tokens')::numeric, 0) AS prompt_tokens,
            coalesce((e.usage->>'completion_tokens')::numeric, 0) AS completion_tokens,
            width_bucket((e.timings_ms->>'first_token')::numeric, %(bounds)s::numeric[]) AS time
        FROM chat_turn LEFT JOIN LATERAL jsonb_to_record(ending)
            AS e(coverage text, grounding jsonb, usage jsonb, timings_ms jsonb) ON jsonb_typeof(ending) = 'object'
        WHERE created >= %(start)s AND created < %(end)s
            AND (ended IS NOT NULL OR created < %(now)s::timestamptz - interval '{LOST_AFTER}')
    )
    INSERT INTO chat_dailyquestions (day, creator_slug, tier, state, answered_by, model, questions, claims, supported,
        weak, unsupported, prompt_tokens, completion_tokens, micros, unpriced, first_token)
    SELECT %(day)s, creator_slug, tier, state, answered_by, model, count(*), sum(claims), sum(supported), sum(weak),
        sum(unsupported), sum(prompt_tokens), sum(completion_tokens), coalesce(sum(micros), 0),
        count(*) FILTER (WHERE model <> '' AND micros IS NULL), ARRAY[{_TIMES}]
    FROM turns GROUP BY creator_slug, tier, state, answered_by, model
"""  # noqa: S608 -- of constants
_CITE = """
    INSERT INTO chat_workday (day, work_id, citations, clicks)
    SELECT %(day)s, w.id, count(DISTINCT t.id), 0
    FROM chat_turn AS t, jsonb_array_elements(t.sources) AS s JOIN creators_work AS w ON w.slug = s->>'work'
    WHERE t.created >= %(start)s AND t.created < %(end)s AND t.ending->'cited' @> (s->'number')
    GROUP BY w.id ORDER BY w.id
    ON CONFLICT (day, work_id) DO UPDATE SET citations = excluded.citations
"""


class RolledDayQuerySet(models.QuerySet["RolledDay"]):
    """Queries over the days that were counted."""

    @transaction.atomic
    def roll_up(self, day: date, *, start: datetime, end: datetime, now: datetime) -> None:
        """Count a day anew, from ``start`` to before ``end``; twice, or by two at once, comes to the same."""
        bounds = [float(bound) for bound in FIRST_TOKEN_BOUNDS]
        known: dict[str, Any] = {"day": day, "start": start, "end": end, "now": now, "bounds": bounds}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLLING])
            DailyQuestions.objects.filter(day=day).delete()
            cursor.execute(_COUNT, known)
            WorkDay.objects.filter(day=day).update(citations=0)
            cursor.execute(_CITE, known)
        self.update_or_create(day=day, defaults={"rolled": now})


class RolledDay(models.Model):
    """A day that was counted, and when: one that was counted after its end is not counted again.

    What is removed later, at its end of time or because its owner wants it, stays in the counts, which name nobody.
    """

    day = models.DateField(primary_key=True)
    rolled = models.DateTimeField()

    objects = RolledDayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.day}, counted {self.rolled}"


class DailyQuestionsQuerySet(models.QuerySet["DailyQuestions"]):
    """Queries over the counts of questions."""

    def within(self, first: date, last: date, *, slugs: Sequence[str] | None) -> Self:
        """Only those of these days, both included, to these creators; None for all, and "" is everyone together."""
        found = self.filter(day__range=(first, last))
        return found if slugs is None else found.filter(creator_slug__in=slugs)

    def rename(self, creator_slug: str, *, to: str) -> None:
        """Count what was asked of one creator as asked of another, with what was."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLLING])
            cursor.execute(_ADD_UP, {"former": creator_slug, "slug": to})
            self.filter(creator_slug=creator_slug).delete()


_KINDS = "day, tier, state, answered_by, model"
_SUMS = (
    *("questions", "claims", "supported", "weak", "unsupported"),
    *("prompt_tokens", "completion_tokens", "micros", "unpriced"),
)
_ADD_UP = f"""
    INSERT INTO chat_dailyquestions (creator_slug, {_KINDS}, {", ".join(_SUMS)}, first_token)
    SELECT %(slug)s, {_KINDS}, {", ".join(_SUMS)}, first_token
    FROM chat_dailyquestions WHERE creator_slug = %(former)s
    ON CONFLICT ON CONSTRAINT one_count_a_day_and_kind DO UPDATE SET
        {", ".join(f"{one} = chat_dailyquestions.{one} + excluded.{one}" for one in _SUMS)},
        first_token = (
            SELECT array_agg(own + other ORDER BY place)
            FROM unnest(chat_dailyquestions.first_token, excluded.first_token)
            WITH ORDINALITY AS times (own, other, place)
        )
"""  # noqa: S608 -- of constants


class DailyQuestions(models.Model):
    """How many questions of a kind there were on a day (UTC): to whom, from which tier, how answered and by what.

    ``state`` is the coverage, or ``failed``. ``claims`` are sentences, the verdicts after it are counts of citations.
    ``micros`` is what ``model`` cost, in millionths; ``unpriced`` are the questions whose model had no price.
    ``first_token`` counts by ``FIRST_TOKEN_BOUNDS``.
    """

    day = models.DateField()
    creator_slug = models.CharField(max_length=80, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20)
    answered_by = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=200, blank=True, default="", db_default="")
    questions = models.PositiveIntegerField()
    claims = models.PositiveIntegerField()
    supported = models.PositiveIntegerField()
    weak = models.PositiveIntegerField()
    unsupported = models.PositiveIntegerField()
    prompt_tokens = models.PositiveBigIntegerField()
    completion_tokens = models.PositiveBigIntegerField()
    micros = models.BigIntegerField(default=0, db_default=0)
    unpriced = models.PositiveIntegerField(default=0, db_default=0)
    first_token = ArrayField(models.PositiveIntegerField())

    objects = DailyQuestionsQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "creator_slug", "tier", "state", "answered_by", "model"), name="one_count_a_day_and_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day}: {self.questions} {self.state}"


class WorkDayQuerySet(models.QuerySet["WorkDay"]):
    """Queries over the counts of works."""

    def clicked(self, work: Work, *, day: date) -> None:
        """Count that a reader opened a work from an answer."""
        row, _ = self.get_or_create(day=day, work=work)
        self.filter(pk=row.pk).update(clicks=models.F("clicks") + 1)


class WorkDay(models.Model):
    """How many answers of a day cited a work, and how often a reader went from an answer to it."""

    day = models.DateField()
    work = models.ForeignKey(Work, models.CASCADE, related_name="+")
    citations = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)

    objects = WorkDayQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("day", "work"), name="one_count_a_day_and_work"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.work}"
