"""What a passage denies and a claim asserts, or the other way round, is found; and opposites in each other's place."""

import pytest

from chat.events.events import Verdict
from tests.chat.grounding.comparing import judged, reading

REVERB = (
    "I never compress the reverb return because it pulls the tail up. "
    "I do compress the lead vocal before the reverb, gently."
)
ROSES = "Prune the roses in autumn, right down to the second bud."


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("She compresses the reverb return.", REVERB),
        ("You should not prune the roses in autumn.", ROSES),
        ("You should prune the roses in autumn.", "Don't prune the roses in autumn, wait for the last frost."),
        ("He opens the oven door early.", "I avoid opening the oven door early, it lets out the steam."),
    ],
)
def test_it_finds_what_is_denied_on_one_side_alone(claim: str, passage: str) -> None:
    assert reading(claim, passage).denied
    assert [issue.kind for issue in judged(claim, passage).issues] == ["negation"]


@pytest.mark.parametrize(
    "claim",
    [
        "She never compresses the reverb return.",
        "She doesn't compress the reverb return, because that pulls the tail up.",
        "She compresses the lead vocal before the reverb.",
    ],
)
def test_it_finds_nothing_where_both_say_it_alike(claim: str) -> None:
    assert reading(claim, REVERB).denied == ()


@pytest.mark.parametrize(
    "claim", ["Never skip pruning the roses in autumn.", "Don't forget to prune the roses in autumn."]
)
def test_it_takes_two_denials_for_none(claim: str) -> None:
    assert reading(claim, ROSES).denied == ()


def test_it_takes_not_only_for_no_denial() -> None:
    passage = "I compress the vocal and then I ride the fader by hand."
    assert reading("She does not only compress the vocal.", passage).denied == ()


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Feeding starts in March.", "No feed none not till March and then a handful of pellets per yard."),
        ("Changes are split, though generated files are exempted.", "I have changes split, but not generated files."),
        ("Taking a part out is better than adding one.", "I take out one part rather than add another."),
        ("A pale blue is preferred to a deep blue.", "I reach for a pale blue, not for the deep blue."),
        ("Drums other than the kick get the plate.", "The plate gets all the drums but not the kick."),
        ("The scores are written down before the talking.", "And no talking till everyone has written the scores."),
    ],
)
def test_it_takes_what_is_denied_for_a_time_or_with_an_exception_for_no_denial(claim: str, passage: str) -> None:
    assert reading(claim, passage).denied == ()


def test_it_ends_a_denial_with_its_clause() -> None:
    passage = "I don't use a limiter, I compress the vocal bus."
    assert reading("She compresses the vocal bus.", passage).denied == ()


@pytest.mark.parametrize(
    ("claim", "passage", "words"),
    [
        ("She compresses the lead vocal after the reverb.", REVERB, ("after", "before")),
        (
            "Water the tomatoes in the evening, so the leaves stay dry.",
            "Water tomatoes in the morning, so the leaves stay dry.",
            ("evening", "morning"),
        ),
    ],
)
def test_it_finds_an_opposite_in_a_words_place(claim: str, passage: str, words: tuple[str, str]) -> None:
    assert reading(claim, passage).opposites == (words,)


def test_it_finds_no_opposite_where_the_passage_has_the_word_too() -> None:
    passage = "Not in the evening: water tomatoes in the morning, so the leaves stay dry."
    assert reading("Water tomatoes in the morning.", passage).opposites == ()


def test_it_finds_no_opposite_that_stands_among_other_words() -> None:
    passage = "Water tomatoes well. When the harvest is over, early in the morning, we dig the beds."
    assert reading("Water tomatoes well in the evening.", passage).opposites == ()


def test_it_tells_the_reader_which_word_the_source_has_instead() -> None:
    (issue,) = judged("She compresses the lead vocal after the reverb.", REVERB).issues
    assert (issue.words, issue.message) == ("after", "Where this says “after”, the source says “before”.")


WHY = "What cracked those mugs wasn't the clay it was the draft from the door."
SPLIT = "No i would not split it again, one process was fine."


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The clay cracked the mugs.", WHY),
        ("He would split it again.", SPLIT),
        ("You have to bisque twice.", "You don't have to bisque twice, not yet anyway."),
        ("The gel doesn't make the gate any easier.", "Not only does the gel ring less it makes the gate easier."),
        ("Slip doesn't go on the mug.", "Slip goes on the mug not the handle."),
        ("Waxing is cheaper.", "It's not cheaper let me say that. I'd wax again though."),
        ("He preheats the pot for an hour.", "Do I preheat it. I used to preheat the pot for an hour."),
        ("All the drums go to the bus, the overheads too.", "All drums go to the bus except the overheads."),
        ("She relies on a gate for this snare.", "I never needed a gate on this snare."),
        ("The joins go on a vowel.", "The joins go on an s. Never on a vowel."),
    ],
)
def test_it_finds_a_denial_in_its_own_clause(claim: str, passage: str) -> None:
    assert [issue.kind for issue in judged(claim, passage).issues] == ["negation"]


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The draft from the door cracked the mugs.", WHY),
        ("The draft cracked the mugs, not the clay.", WHY),
        ("He would not split it again.", SPLIT),
        ("One process was fine.", SPLIT),
        ("The reverb return stays off the bus.", "I don't put the reverb return through the bus."),
        ("Bisque firing twice isn't needed.", "You don't have to bisque twice."),
        (
            "It made the vocal tired.",
            "I thought it was the limiter but no it was the clipper that made the vocal tired.",
        ),
        ("The gel makes the gate easier.", "Not only does the gel ring less it makes the gate easier."),
        ("Bones start in cold water, because starting hot clouds the stock.", "Start bones cold, you don't start hot."),
        ("The tape is to blame and not the sealant.", "People blame the sealant but it's the tape."),
        ("The dish is the first thing to check.", "no dish is the first thing i check"),
        ("The door is tall so that the oven draws.", "The door is tall otherwise the oven doesn't draw."),
        ("She doesn't lace radially, as the flange may crack.", "Radial I don't do it the flange can crack."),
        ("Housings are coiled.", "Both housings are not the same the brake one's coiled."),
        ("She compares songs by ear.", "That's what people don't do they're comparing songs by eye."),
        ("She pugs the clay once now.", "I used to pug the clay twice now only once."),
        ("The figure isn't what you should ride at.", "That's the maximum it's not what you should ride."),
        ("The swell is faded so that it doesn't pop in.", "I fade the swell so it doesn't just pop in."),
        ("The stile has four long stones.", "You put in three no four long stones."),
        ("The headset is done by feel.", "I cracked a bar without one headset you do by feel."),
        ("The pad is out of level.", "The pad that leaks is worn out you think, it's not level."),
        ("Fibre is cleaner than peat.", "She uses fibre instead of peat and finds it cleaner."),
        ("Mites were treated before brood appeared.", "I treated the mites then, there's no brood."),
        ("Meat and bread stay out of the compost.", "No meat no bread in the compost."),
        ("Slides get three exposures.", "Each frame gets one exposure, except slides, which get three."),
        ("She would not put vinegar on velvet.", "Dab vinegar on it unless it's velvet."),
        ("Her earlier black pots cooked the roots.", "I used to have black pots and the roots cooked."),
    ],
)
def test_it_finds_no_denial_that_is_of_something_else(claim: str, passage: str) -> None:
    assert reading(claim, passage).denied == ()


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("She takes no serious pictures at first.", "At first I don't take a single serious picture, I just talk."),
        ("The edge may even be left untreated.", "You can crochet the edge or do nothing even, it sticks to itself."),
        (
            "Hang it from a wire so the hose is not damaged.",
            "Hang it with wire, because if it dangles you damage the hose.",
        ),
        ("A perch helps woodpeckers alone, so he wants none.", "No perch, please, it only helps the woodpeckers."),
        (
            "Milk comes before the teeth, as afterwards it spoils them.",
            "Milk and then teeth, because milk after teeth spoils them.",
        ),
    ],
)
def test_it_leaves_alone_what_both_deny_in_words_of_their_own(claim: str, passage: str) -> None:
    assert Verdict.UNSUPPORTED is not judged(claim, passage).verdict


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (
            "Gordana boils custard with cornflour.",
            "I keep custard at 80, not boiling. Gordana boils hers with cornflour.",
        ),
        (
            "The tutor relies on masking fluid.",
            "I don't use masking fluid, it tears. My tutor swears by masking fluid.",
        ),
        ("Chips belong on the paths.", "Don't use chips on the beds, only on the paths."),
    ],
)
def test_it_does_not_lay_one_persons_denial_on_another(claim: str, passage: str) -> None:
    assert reading(claim, passage).denied == ()
