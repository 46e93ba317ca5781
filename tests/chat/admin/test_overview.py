"""The overview: counted by the day, once for all; and who sees which of it."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from chat.admin.overview import cell
from chat.curation import roll_up
from chat.curation.overview import overview, within
from chat.models import DailyQuestions, RolledDay, Turn, WorkDay
from creators.jobs.worker import Worker
from creators.models import Creator, Work
from tests.chat.admin.roles import account, belongings
from tests.chat.conversations.rows import keep, new_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def nothing_counted(corpus: None) -> None:
    for model in (Turn, DailyQuestions, WorkDay, RolledDay):
        model.objects.all().delete()


def page(client: Client, **chosen: str) -> str:
    return client.get(reverse("admin:chat_overview"), chosen).content.decode()


def asked(count: int, *, days_ago: int = 0, creator: str = "mara-lindqvist", now: datetime = NOW) -> None:
    for number in range(count):
        keep(f"Why {number}?", owner=new_owner(), now=now - timedelta(days=days_ago), creator=creator)


def counted() -> list[tuple[date, int]]:
    roll_up(now=NOW)
    return list(DailyQuestions.objects.order_by("day").values_list("day", "questions"))


def test_it_counts_each_day() -> None:
    asked(2)
    asked(1, days_ago=3)
    assert counted() == [(TODAY - timedelta(days=3), 1), (TODAY, 2)]


def test_it_counts_the_same_again() -> None:
    asked(2)
    assert counted() == counted()


def test_it_leaves_a_day_as_it_was_once_that_is_over() -> None:
    asked(2, days_ago=3)
    counted()
    Turn.objects.all().delete()
    asked(1)
    assert counted() == [(TODAY - timedelta(days=3), 2), (TODAY, 1)]


def test_it_tells_states_and_tiers_apart() -> None:
    asked(3)
    first, second, _ = Turn.objects.order_by("question")
    Turn.objects.filter(pk=first.pk).update(ending=None)
    Turn.objects.filter(pk=second.pk).update(ending={**(second.ending or {}), "coverage": "partly"})
    roll_up(now=NOW)
    found = overview(TODAY, TODAY, creators=None)
    assert found.days[0].states == {"failed": 1, "partly": 1, "full": 1}
    assert found.days[0].tiers == {"creator": 2}
    assert (found.answered, found.near) == (1 / 3, 1 / 3)


def test_it_counts_citations_and_clicks_by_work() -> None:
    asked(2)
    work = Work.objects.get(slug="reverb-and-space")
    WorkDay.objects.clicked(work, day=TODAY)
    for _ in range(2):
        RolledDay.objects.all().delete()
        roll_up(now=NOW)
    (found,) = overview(TODAY, TODAY, creators=None).works
    assert (found.slug, found.clicks) == ("reverb-and-space", 1)
    assert found.citations == 2


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [([0] * 9, 0.5, None), ([0, 10, 0, 0, 0, 0, 0, 0, 0], 0.5, 375), ([1, 0, 0, 0, 0, 0, 0, 0, 9], 0.5, None)],
)
def test_it_finds_the_time_within_which_half_came(times: list[int], share: float, expected: int | None) -> None:
    assert within(times, share) == expected


def test_a_worker_counts_by_itself() -> None:
    asked(1, now=timezone.now())
    Worker("here").step()
    assert RolledDay.objects.filter(day=timezone.now().date()).exists()


def test_a_worker_counts_a_few_days_at_a_time() -> None:
    asked(1, days_ago=12, now=timezone.now())
    worker = Worker("here")
    counted_by_now = []
    for _ in range(6):
        worker.step()
        counted_by_now.append(RolledDay.objects.count())
    assert (counted_by_now[0], counted_by_now[-1]) == (5, 13)


def test_a_command_counts_too() -> None:
    out = StringIO()
    asked(1, now=timezone.now())
    call_command("rollup", stdout=out)
    assert out.getvalue() == "Counted 1 day.\n"


def test_it_shows_a_curator_their_own_alone() -> None:
    own, now = belongings("own"), timezone.now()
    asked(3, creator="own", now=now)
    asked(4, creator="mara-lindqvist", now=now)
    curator = account("curator", group="Curators", creators=(own.creator,))
    shown = page(curator)
    assert "<dd>3 <small>" in shown
    assert "Reverb and space" not in shown
    assert "<dd>7 <small>" in page(account("editor", group="Editors"))
    theirs = Creator.objects.get(slug="mara-lindqvist").pk
    assert "<dd>" not in page(curator, creator=str(theirs))
    assert account("nobody").get(reverse("admin:chat_overview")).status_code == 403


def test_it_asks_the_database_as_often_for_a_year_as_for_a_week(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    asked(2, now=now)
    page(admin_client)
    with django_assert_max_num_queries(12) as week:
        page(admin_client, days="7")
    count = len(week)
    for days in range(1, 8):
        asked(2, days_ago=days, now=now)
    roll_up(now=now)
    with django_assert_max_num_queries(count):
        assert "<dd>16 <small>" in page(admin_client, days="366")


def test_it_shows_what_models_cost_today(admin_client: Client, settings: Settings) -> None:
    settings.TOKENS_PER_DAY = 12_345
    assert "of 12,345 tokens" in page(admin_client)


def test_it_tells_what_models_cost(admin_client: Client) -> None:
    asked(4, now=timezone.now())
    first, second, third, _ = Turn.objects.order_by("question")
    Turn.objects.filter(pk__in=[first.pk, second.pk]).update(model="dear", micros=1_250_000)
    Turn.objects.filter(pk=third.pk).update(model="unknown-price")
    shown = page(admin_client)
    assert "<dd>2.50 <small>in the currency of the prices; no price for model unknown-price, asked 1 time<" in shown
    days = list(csv.reader(StringIO(page(admin_client, csv="days"))))
    costs = list(csv.reader(StringIO(page(admin_client, csv="costs"))))
    assert (days[0][-1], days[-1][-1]) == ("cost", "2.500000")
    assert [row[:3] + row[4:] for row in costs[1:]] == [
        ["mara-lindqvist", "dear", "2", "2.500000", "0"],
        ["mara-lindqvist", "unknown-price", "1", "0.000000", "1"],
    ]


def test_it_refuses_days_that_are_none(admin_client: Client) -> None:
    for chosen in ({"first": "2026-03-02", "last": "2026-03-01"}, {"first": "x"}, {"days": "0"}, {"days": "٣"}):
        response = admin_client.get(reverse("admin:chat_overview"), chosen)
        assert response.status_code == 200


def test_it_sends_the_tables_as_csv(admin_client: Client) -> None:
    asked(2, now=timezone.now())
    Work.objects.filter(slug="reverb-and-space").update(title="=HYPERLINK(0)")
    days = list(csv.reader(StringIO(page(admin_client, csv="days"))))
    works = list(csv.reader(StringIO(page(admin_client, csv="works"))))
    assert (len(days), days[-1][:3]) == (31, [timezone.now().date().isoformat(), "2", "2"])
    assert works[1][0] == "'=HYPERLINK(0)"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"])
def test_it_sends_no_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert (cell("a=1"), cell(-1)) == ("a=1", -1)
