"""Where nobody answers, the nearest is shown: what the creator who is asked says may be a little less near."""

import pytest

from chat.events.events import Tier
from tests.chat.asking import ask, joined, last, sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
HUMS = "My cloud hums on one pitch no matter which sample I load into it. What is to be done?"


async def test_it_shows_what_the_creator_who_is_asked_says_nearest() -> None:
    events = await ask(HUMS, creator="ilse-brandt")
    assert (last(events).coverage, last(events).cascade_tier) == ("partly", Tier.CREATOR)
    assert "grains-and-tables" in {one.work for one in sources(events).sources}


@pytest.mark.parametrize(
    ("question", "creator"),
    [("best laptop for music making pls", None), ("how do I tie a bow tie for a concert?", "ilse-brandt")],
)
async def test_it_shows_nothing_that_is_as_near_by_chance(question: str, creator: str | None) -> None:
    events = await ask(question, creator=creator)
    assert last(events).coverage == "none"
    assert joined(events) == "No source here answers that."
