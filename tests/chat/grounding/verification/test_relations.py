"""What a claim turns round is found where order tells: steps, comparisons, causes, and what goes with what."""

import pytest

from chat.events.events import Verdict
from tests.chat.grounding.comparing import judged, reading

MUG = "The wider attachment goes at the bottom, the narrower one at the top."
STRIP = "Strip it in turps first, then meths, then it goes in the pot of wax."
GATE = "First I flip the phase. I gate the snare and only after the gate comes the equaliser."
STRAW = "Straw works better than sawdust for me."
WAX = "It's not cheaper. I'd wax the chain again because the cassette looked new."


@pytest.mark.parametrize(
    ("claim", "passage", "kind"),
    [
        ("The narrower attachment sits at the bottom, while the wider one sits at the top.", MUG, "swapped"),
        ("Strip it in meths first and then in turps.", STRIP, "order"),
        ("Strip it in turps after the meths.", STRIP, "order"),
        ("Sawdust works better than straw.", STRAW, "swapped"),
        ("He would wax the chain again because it was cheaper.", WAX, "cause"),
    ],
)
def test_it_finds_a_relation_turned_round(claim: str, passage: str, kind: str) -> None:
    assert [one.kind for one in reading(claim, passage).turned] == [kind]
    assert judged(claim, passage).verdict == Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The wider attachment sits at the bottom, while the narrower one sits at the top.", MUG),
        ("The narrower attachment goes at the top, while the wider one goes at the bottom.", MUG),
        ("At the top sits the narrower attachment, whereas at the bottom sits the wider one.", MUG),
        ("The meths come after the turps.", STRIP),
        ("Strip it in turps before the meths.", STRIP),
        ("The equaliser follows the gate.", GATE),
        ("For her, straw is better than sawdust.", STRAW),
        ("He would wax the chain again since the cassette looked new.", WAX),
    ],
)
def test_it_leaves_a_relation_told_in_other_words(claim: str, passage: str) -> None:
    assert reading(claim, passage).turned == ()
