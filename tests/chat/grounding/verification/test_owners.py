"""A claim's only figure is that of what it tells of, and not of something that stands elsewhere in the passage."""

import pytest

from chat.events.events import Verdict
from tests.chat.grounding.comparing import judged, reading

PADS = "the rear drum lining gets 5 millimetres and for the front brake pads i only take 3 millimetres"
ROWS = "the outer row is hawthorn at 1 metre apart and then the middle is alder with 2 metres"


@pytest.mark.parametrize(
    ("claim", "passage", "instead"),
    [
        ("The rear drum lining gets 3 millimetres.", PADS, "5 millimetres"),
        ("In the outer row hawthorn stands 2 metres apart.", ROWS, "1 metre"),
    ],
)
def test_it_finds_a_figure_beside_something_else(claim: str, passage: str, instead: str) -> None:
    (one,) = reading(claim, passage).owned
    assert one.instead is not None and one.instead.text == instead
    assert judged(claim, passage).verdict == Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The rear drum lining gets 5 millimetres.", PADS),
        ("The front brake pads get 3 millimetres.", PADS),
        ("In the outer row hawthorn stands 1 metre apart.", ROWS),
        ("The alder in the middle has 2 metres.", ROWS),
    ],
)
def test_it_leaves_a_figure_with_its_own(claim: str, passage: str) -> None:
    assert reading(claim, passage).owned == ()
