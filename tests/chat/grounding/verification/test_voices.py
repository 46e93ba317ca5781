"""What somebody else says or does in a passage is not the speaker's, nor the speaker's somebody else's."""

from dataclasses import replace

import pytest

from chat.events.events import Verdict
from chat.grounding.verification.verifier import Finding, Verifier
from tests.chat.passages import passage

SPEAKER = "Hettie Lovell"
BARRELS = "I press in october um old stan up the lane he keeps his cider in rum barrels i use plastic and rack it twice"
WAX = "My neighbour Halvard, a joiner, says beeswax polish turns yellow. I rub it on cold with a linen cloth."
SCALE = "My sister weighs each loaf twice. I trust my hand, and the oven door stays shut for twenty minutes."


def found(claim: str, text: str) -> Finding:
    source = replace(passage(text=text, creator=SPEAKER), names={})
    return Verifier([source]).findings(claim, [1])[1]


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Hettie Lovell keeps her cider in rum barrels.", BARRELS),
        ("In her own view beeswax polish turns yellow.", WAX),
        ("Halvard rubs it on cold with a linen cloth.", WAX),
        ("Lovell weighs each loaf twice.", SCALE),
    ],
)
def test_it_refuses_what_another_says_or_does(claim: str, text: str) -> None:
    finding = found(claim, text)
    assert (finding.verdict, finding.issues[0].kind) == (Verdict.UNSUPPORTED, "attribution")


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Stan keeps his cider in rum barrels.", BARRELS),
        ("A neighbour of hers keeps his cider in rum barrels.", BARRELS),
        ("Hettie Lovell uses plastic and racks it twice.", BARRELS),
        ("Halvard says that beeswax polish turns yellow.", WAX),
        ("Her sister weighs each loaf twice.", SCALE),
        ("Lovell trusts her hand and keeps the oven door shut for twenty minutes.", SCALE),
    ],
)
def test_it_leaves_what_a_claim_gives_to_whom_it_belongs(claim: str, text: str) -> None:
    assert "attribution" not in [issue.kind for issue in found(claim, text).issues]


def test_it_says_who_it_is() -> None:
    (issue,) = found("Hettie Lovell keeps her cider in rum barrels.", BARRELS).issues
    assert issue.message == "In the source Stan is told of here, not the speaker."
