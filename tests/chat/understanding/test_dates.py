from datetime import date

import pytest

from chat.understanding.dates import period_in

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
    ],
)
def test_it_reads_a_period(text: str, since: date | None, until: date | None) -> None:
    found = period_in(text, today=TODAY)
    assert found
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize("text", ["cut at 2000 Hz", "between 2000 and 4000 hz", "a budget of 2000 euros", "may I ask?"])
def test_it_takes_no_figure_for_a_year(text: str) -> None:
    assert period_in(text, today=TODAY) is None
