"""An answer in full speaks of what is asked by name; else it is the nearest."""

import pytest

from tests.chat.asking import ask, joined, last

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


async def test_it_shows_only_the_nearest_where_nobody_has_the_name() -> None:
    events = await ask("How do I mix in Dolby Atmos?", creator=None)
    assert last(events).coverage == "partly"
    assert joined(events).startswith("Nobody says exactly that. The nearest is:")


@pytest.mark.parametrize(
    ("question", "creator"),
    [
        ("What ratio and attack does Mara use on a lead vocal?", "mara-lindqvist"),
        ("What ratio and attack does Mara Lindqvist use on a lead vocal?", None),
        ("What BPM is Amapiano, chef?", "dez-okafor"),
    ],
)
async def test_it_answers_in_full_where_a_name_is_known(question: str, creator: str | None) -> None:
    assert last(await ask(question, creator=creator)).coverage == "full"


async def test_it_shows_only_the_nearest_where_nothing_of_the_kind_is_counted() -> None:
    events = await ask("How many voices does the rap chain have on the ad-libs of a rap vocal?", creator="dez-okafor")
    assert last(events).coverage == "partly"
