from datetime import date

import pytest

from chat.understanding.dates import Yearly, period_in

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("which works came out in 2024?", date(2024, 1, 1), date(2024, 12, 31)),
        ("videos from May 2025", date(2025, 5, 1), date(2025, 5, 31)),
        ("since May 2025", date(2025, 5, 1), None),
        ("after 2024", date(2025, 1, 1), None),
        ("before 2025", None, date(2024, 12, 31)),
        ("between march and june 2025", date(2025, 3, 1), date(2025, 6, 30)),
        ("from 2019 to 2021", date(2019, 1, 1), date(2021, 12, 31)),
        ("in summer 2025", date(2025, 6, 1), date(2025, 8, 31)),
        ("on 14 March 2025", date(2025, 3, 14), date(2025, 3, 14)),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("this month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last summer", date(2026, 6, 1), date(2026, 8, 31)),
        ("last autumn", date(2025, 9, 1), date(2025, 11, 30)),
        ("last December", date(2025, 12, 1), date(2025, 12, 31)),
        ("since June", date(2026, 6, 1), None),
        ("before spring", None, date(2026, 2, 28)),
        ("in the last two weeks", date(2026, 11, 14), date(2026, 11, 28)),
        ("from 1 february until 15 may this... well, 2025", date(2025, 2, 1), date(2025, 5, 15)),
        ("between November and February 2025", date(2024, 11, 1), date(2025, 2, 28)),
        ("around Christmas 2024", date(2024, 12, 15), date(2025, 1, 6)),
        ("in the second half of 2024", date(2024, 7, 1), date(2024, 12, 31)),
        ("between october 2020 and the end of january 2021", date(2020, 10, 1), date(2021, 1, 31)),
        ("between january and the end of april 2025", date(2025, 1, 1), date(2025, 4, 30)),
        ("early 2025", date(2025, 1, 1), date(2025, 4, 30)),
    ],
)
def test_it_reads_a_period(text: str, since: date | None, until: date | None) -> None:
    found = period_in(text, today=TODAY)
    assert found
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("anything from June?", ((6, 1), (6, 30))),
        ("around Christmas", ((12, 15), (1, 6))),
        ("between May and July", ((5, 1), (7, 31))),
    ],
)
def test_it_reads_a_part_of_any_year(text: str, every: Yearly) -> None:
    found = period_in(text, today=TODAY)
    assert found
    assert found.every == every


@pytest.mark.parametrize(
    "text", ["cut at 2000 Hz", "between 2000 and 4000 hz", "a budget of 2000 euros", "may I ask?", "use spring reverb"]
)
def test_it_takes_no_figure_for_a_year(text: str) -> None:
    assert period_in(text, today=TODAY) is None


@pytest.mark.parametrize(
    "text", ["since 0000-01-01", "before 0001-01-01", "after 9999-12-31", "in Apr\u0130l", "ye\u017fterday"]
)
def test_it_takes_what_no_calendar_has_for_no_period(text: str) -> None:
    assert period_in(text, today=TODAY) is None


def test_it_reads_more_years_than_there_were() -> None:
    period = period_in("before the last 9999 years", today=TODAY)
    assert period
    assert (period.since, period.until) == (None, date(1899, 12, 31))
