"""Of two things that a claim and a passage tell of, each goes with what the passage has with it."""

import pytest

from chat.events.events import Verdict
from tests.chat.grounding.comparing import judged, reading

REST = "i rest the ethiopian for ten days and the brazilian for five and then the ethiopian goes to the shop"
JAM = "the strawberries sit overnight in sugar that keeps them whole but currants go straight in the pan"
DYE = "In June it took thirty hours to come out, and in August only six. In June the ice is tight."


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("She rests the Brazilian for ten days and the Ethiopian for five.", REST),
        ("The currants sit in sugar and strawberries go in the pan.", JAM),
        ("The dye came out in six hours in June and in thirty in August.", DYE),
    ],
)
def test_it_finds_each_with_what_is_the_others(claim: str, passage: str) -> None:
    assert [one.kind for one in reading(claim, passage).paired] == ["swapped"]
    assert judged(claim, passage).verdict == Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("She rests the Ethiopian for ten days and the Brazilian for five.", REST),
        ("The Brazilian rests for five days, the Ethiopian for ten.", REST),
        ("Currants go in the pan and the strawberries sit in sugar.", JAM),
        ("The dye came out in thirty hours in June and in six in August.", DYE),
        ("Once the ice is tight in June, it took thirty hours, and six in August.", DYE),
    ],
)
def test_it_leaves_each_with_its_own_in_whatever_order(claim: str, passage: str) -> None:
    assert reading(claim, passage).paired == ()
