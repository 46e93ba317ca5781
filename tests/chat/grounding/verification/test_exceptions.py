"""A claim that leaves no exception, or names another thing of a kind, is called unsupported; others are left alone."""

import pytest

from chat.events.events import Verdict
from tests.chat.grounding.comparing import judged, reading

OVERSTATED = [
    ("The first take always has the feeling.", "The first take usually has the feeling, the third usually the pitch."),
    ("Every sky she paints takes three minutes.", "I paint the sky with a mop. Most skies take me three minutes."),
    ("Stoneware always forgives mistakes.", "Stoneware forgives mistakes, most of the time anyway."),
    ("He never warms up before a climb.", "Before a climb he sometimes warms up."),
    ("He always sets the drum bus to 4:1.", "On this one record the drum bus is set to 4:1."),
]
FULL = [
    ("On ballads he always uses the plate.", "Usually I use the spring, but on ballads I always use the plate."),
    ("He never uses a gate.", "Some people think you need a gate, I don't use one at all."),
    ("He always oils the chain before a ride.", "I put a few drops of oil on the chain before a ride."),
    ("He almost always uses the plate.", "Usually I use the plate."),
    ("It is checked every week.", "It is usually checked once a week."),
]
EXCHANGED = [
    ("She listens on Thursdays, with fresh ears.", "I listen on Tuesdays, with fresh ears."),
    ("The limiter on the drum bus was too slow.", "The compressor on the drum bus was too slow."),
    ("The pieces are sold at the spring fair.", "We sell the pieces at the autumn fair."),
]
NAMED = [
    ("The equalizer on the bus comes first.", "The EQ on the bus comes first, then the compressor."),
    ("She listens on Thursdays, with fresh ears.", "On Tuesdays I mix. I listen on Thursdays, with fresh ears."),
]


@pytest.mark.parametrize(("claim", "passage"), OVERSTATED)
def test_it_finds_a_claim_that_leaves_no_exception(claim: str, passage: str) -> None:
    assert judged(claim, passage).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(("claim", "passage"), FULL)
def test_it_leaves_a_claim_alone_where_the_passage_leaves_none_either(claim: str, passage: str) -> None:
    assert reading(claim, passage).overstated == ()


def test_it_says_what_the_passage_says_instead() -> None:
    (issue,) = judged(*OVERSTATED[0]).issues
    assert (issue.kind, issue.message) == ("hedge", "Where this says “always”, the source says “usually”.")


@pytest.mark.parametrize(("claim", "passage"), EXCHANGED)
def test_it_finds_a_thing_that_is_exchanged(claim: str, passage: str) -> None:
    assert judged(claim, passage).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(("claim", "passage"), NAMED)
def test_it_leaves_a_thing_alone_that_the_passage_names(claim: str, passage: str) -> None:
    assert reading(claim, passage).exchanged == ()


def test_it_finds_another_reason_of_one_word() -> None:
    passage = "Linseed oil goes on the nipples because they seize otherwise."
    (issue,) = judged("Linseed oil goes on the nipples because they squeak.", passage).issues
    assert issue.message.startswith("The source gives another reason")


SITES = "I put one brick on the roof and two on the hill site, and the mouse guards go on in october."


def test_it_finds_a_claim_of_each_case_where_the_passage_tells_of_one() -> None:
    found = judged("Put two bricks on the roof at every site.", SITES)
    assert (found.verdict, [issue.words for issue in found.issues]) == (Verdict.UNSUPPORTED, ["every"])


def test_it_only_doubts_that_a_habit_is_always_so() -> None:
    assert judged("The mouse guards always go on in October.", SITES).verdict is Verdict.WEAK


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Every site has two bricks on the roof.", "Two bricks on the roof at each site."),
        ("Two bricks go on the roof every month.", "Two bricks go on the roof."),
        ("Put two bricks on the roof.", SITES),
    ],
)
def test_it_leaves_a_claim_of_each_case_where_the_passage_tells_of_all(claim: str, passage: str) -> None:
    assert reading(claim, passage).boundless == ()
