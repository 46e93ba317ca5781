"""A figure that a claim works out from the passage's can't be refused; one that it repeats wrongly can."""

import pytest

from chat.events.events import Verdict
from chat.grounding.quantities import mismatches
from chat.grounding.verification.similarity import AnalysedText
from tests.chat.grounding.comparing import judged

HEDGE = "A hedge shelters about ten times its height. I plant whips of 60 centimetres, five to the metre."
BREAK = "I stop a rehearsal after 50 minutes for tea. The second half is 35 minutes."
FENDERS = "I put out every fender I own. That makes six, four of them old ones from a trawler."
LAMPS = "The old dimmers wanted at least 40 watts, and six lamps at 5 watts give only 30."
SEALANT = "60 ml in the gravel tyre, 30 in the road tyre, and plugs, which I needed twice in three years."
WEEDING = "Weeding went from four hours a week to one."
HISS = "Hiss is about 4 dB lower at the faster speed, and the bump is 2 dB."


SEAM = "The thread is four times the length of the seam, and for a bag I punch at 4 millimetres."
BAND = "For the band I pick up 3 stitches out of every 4 rows."
WATER = "Under ninety minutes I take just water."


def kinds(claim: str, passage: str) -> list[str]:
    found = mismatches(AnalysedText(claim).quantity_text, AnalysedText(passage).quantity_text)
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Her rehearsals amount to 85 minutes.", BREAK),
        ("Two thirds of her fenders came from a trawler.", FENDERS),
        ("A gravel tyre gets twice the sealant of a road tyre.", SEALANT),
        ("Not digging cut the weeding to a quarter of the time.", WEEDING),
        ("Six lamps fall ten watts short of what the old dimmers wanted.", LAMPS),
        ("A seam of 20 centimetres takes 80 centimetres of thread.", SEAM),
        ("For a dozen rows nine stitches are picked up.", BAND),
        ("On a ride of 75 minutes he takes only water.", WATER),
        ("The bill came to two thirds of what it was.", "The bill went down by a third."),
    ],
)
def test_it_does_not_refuse_what_may_be_worked_out(claim: str, passage: str) -> None:
    assert set(kinds(claim, passage)) <= {"derived"}


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("She stops a rehearsal after 15 minutes for tea.", BREAK),
        ("The second half is about 45 minutes.", BREAK),
        ("Not digging cut the weeding to a tenth of the time.", WEEDING),
        ("Hiss is about 8 dB lower at the faster speed.", HISS),
        ("On a ride of 110 minutes he takes only water.", WATER),
        ("Under 75 minutes he takes only water.", WATER),
    ],
)
def test_it_refuses_a_figure_repeated_wrongly(claim: str, passage: str) -> None:
    assert kinds(claim, passage) == ["number"]


def test_it_takes_the_first_week_for_a_week() -> None:
    assert kinds("Wheels lie on their sides for a week.", "Wheels lie on their sides for the first week.") == []


def test_it_keeps_refusing_another_unit() -> None:
    assert kinds("She plants whips of about 60 metres.", HEDGE) == ["unit"]


def test_it_makes_such_a_claim_weak_and_says_why() -> None:
    found = judged("Two thirds of her fenders came from a trawler.", FENDERS)
    assert (found.verdict, [issue.kind for issue in found.issues]) == (Verdict.WEAK, ["number"])


@pytest.mark.parametrize(
    ("told", "wrong"), [("two percentage points", []), ("50 percent", []), ("two percent", ["number"])]
)
def test_it_tells_points_from_percent(told: str, wrong: list[str]) -> None:
    assert kinds(f"The rate rose by {told}.", "The rate rose from 4 to 6 percent.") == wrong


def test_it_names_the_right_figure_where_its_unit_is_left_out() -> None:
    claim, passage = "Her default is 50 ms.", "For a lead vocal I set 20 to 40 ms. My default is 30."
    (one,) = mismatches(AnalysedText(claim).quantity_text, AnalysedText(passage).quantity_text)
    assert one.instead is not None
    assert one.instead.text == "30"
