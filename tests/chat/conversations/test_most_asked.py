import pytest

from chat.models import Turn
from tests.chat.conversations.rows import keep, new_owner

pytestmark = pytest.mark.django_db
ASKED = "How much pre-delay should a reverb have?"


def most_asked(creator: str = "mara", **more: int) -> list[str]:
    return list(Turn.objects.most_asked(creator, **more))


def asked_by(count: int, *questions: str, creator: str = "mara", tier: str = "creator") -> None:
    for _ in range(count):
        keep(*questions, owner=new_owner(), creator=creator, tier=tier)


def test_it_shows_what_three_owners_have_asked() -> None:
    asked_by(3, ASKED)
    asked_by(2, "Where does my sister Ann live?")
    assert most_asked() == [ASKED]


def test_it_counts_owners_and_not_how_often_one_asks() -> None:
    owner = new_owner()
    for _ in range(5):
        keep(ASKED, owner=owner, creator="mara")
    assert most_asked() == []


def test_it_takes_case_space_and_punctuation_for_the_same() -> None:
    asked_by(2, ASKED)
    asked_by(1, "how much pre delay  should a reverb have")
    assert most_asked() == [ASKED]


def test_it_tells_apart_what_differs_in_letters_of_any_script() -> None:
    asked_by(2, "Сколько?")
    asked_by(2, "Почему?")
    assert most_asked() == []


def test_it_shows_what_the_creators_own_works_answered_alone() -> None:
    asked_by(3, ASKED, tier="domain")
    asked_by(3, ASKED, creator="dez")
    assert most_asked() == []


def test_it_leaves_out_what_needs_the_question_before() -> None:
    asked_by(3, ASKED, "And on drums?")
    assert most_asked() == [ASKED]


def test_it_shows_the_most_asked_first_and_only_so_many() -> None:
    asked_by(3, "Three?")
    asked_by(4, "Four?")
    asked_by(5, "Five?")
    assert most_asked(limit=2) == ["Five?", "Four?"]
