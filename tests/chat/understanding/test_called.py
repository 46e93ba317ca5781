"""Creators whom a comparison calls by a part of a name, and questions that call nobody."""

import pytest

from chat.understanding.called import called_creators
from chat.understanding.names import find_creators
from creators.models import Creator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shows() -> None:
    for slug in ("eli-fieldsteel", "vcv-rack", "metamuse", "bitcoin-explained", "log-podcast", "log-practical"):
        Creator.objects.create(slug=slug, name=slug)


def called(question: str) -> list[str]:
    return [one.slug for one in called_creators(question, find_creators(question)).creators]


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("does Eli or VCV say more about polyphony", ["eli-fieldsteel", "vcv-rack"]),
        ("what does fieldsteel say and what does vcv say", ["eli-fieldsteel", "vcv-rack"]),
        ("Muse vs bitcoin on safety", ["metamuse", "bitcoin-explained"]),
        ("privacy: eli vs metamuse", ["eli-fieldsteel", "metamuse"]),
        ("metamuse compared to the Log", ["metamuse", "log-podcast"]),
    ],
)
def test_it_finds_who_is_compared_by_a_part_of_a_name(question: str, slugs: list[str]) -> None:
    assert called(question) == slugs


@pytest.mark.parametrize(
    "question",
    [
        "how do i mount a rack for vcv",
        "which muse inspired metamuse?",
        "can I run vcv and buy bitcoin with it?",
        "what is the difference between a muse and a rack?",
        "Eli vs the Rack",
    ],
)
def test_it_takes_no_everyday_word_for_a_name(question: str) -> None:
    assert len(called(question)) < 2


def test_it_leaves_what_may_mean_several() -> None:
    Creator.objects.create(slug="eli-stone", name="eli-stone")
    assert called("vcv vs Eli on polyphony") == []


@pytest.mark.usefixtures("corpus")
def test_it_finds_a_creator_by_who_speaks_in_their_works() -> None:
    assert called("Jonas vs Dez on loudness") == ["mara-lindqvist", "dez-okafor"]
