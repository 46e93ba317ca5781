"""What a claim turns round is found where order tells: steps, comparisons, causes, and what goes with what."""

import pytest

from chat.events.events import Verdict
from tests.chat.grounding.comparing import judged, reading

MUG = "The wider attachment goes at the bottom, the narrower one at the top."
STRIP = "Strip it in turps first, then meths, then it goes in the pot of wax."
GATE = "First I flip the phase. I gate the snare and only after the gate comes the equaliser."
STRAW = "Straw works better than sawdust for me."
WAX = "It's not cheaper. I'd wax the chain again because the cassette looked new."

BAKE = "I bake it at 250 degrees for the first ten minutes, and then at 200 for another forty."
TYRES = "I'm at four bar in front and four and a half at the back."
BRIOCHE = "Only when it's strong so ten minutes of mixing first then butter bit by bit. Butter is cold."
SWITCH = "I switch it off, wait ten seconds, and only then unplug."
BANK = "I always start with the far bank um then the water and then the foreground last."
WASH = "It happens when a wetter brush meets a drier wash."
TEAM = "And then we didn't want an accelerator, because you take an existing team and then you help it."
STEAM = "After ten minutes the door is opened, because if it stays wet the crust is soft."


@pytest.mark.parametrize(
    ("claim", "passage", "kind"),
    [
        ("The narrower attachment sits at the bottom, while the wider one sits at the top.", MUG, "swapped"),
        ("Strip it in meths first and then in turps.", STRIP, "order"),
        ("Strip it in turps after the meths.", STRIP, "order"),
        ("Sawdust works better than straw.", STRAW, "swapped"),
        ("He would wax the chain again because it was cheaper.", WAX, "cause"),
        ("Bake it at 200 degrees for ten minutes and then at 250 for another forty.", BAKE, "swapped"),
        ("She runs four and a half bar in front and four at the back.", TYRES, "swapped"),
        ("Butter goes in first, and then it is mixed for ten minutes.", BRIOCHE, "order"),
        ("She unplugs it, waits ten seconds, and then switches it off.", SWITCH, "order"),
        ("She starts with the foreground and leaves the far bank until last.", BANK, "order"),
        ("Colour comes before value.", "So value before colour always.", "order"),
        ("It happens when a drier brush touches a wetter wash.", WASH, "swapped"),
        ("The door is opened after ten minutes so that the yeast can recover.", STEAM, "cause"),
    ],
)
def test_it_finds_a_relation_turned_round(claim: str, passage: str, kind: str) -> None:
    assert [one.kind for one in reading(claim, passage).turned] == [kind]
    # Two reasons in words of their own may be one: what differs there is no more than a caution.
    assert judged(claim, passage).verdict == (Verdict.WEAK if kind == "cause" else Verdict.UNSUPPORTED)


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
        ("It is at 250 degrees for ten minutes and then at 200 for another forty.", BAKE),
        ("She runs four bar in front and four and a half at the back.", TYRES),
        ("After ten minutes of mixing the butter goes in.", BRIOCHE),
        ("She switches it off, waits ten seconds, and then unplugs it.", SWITCH),
        ("The foreground comes last, after the far bank.", BANK),
        ("It happens when a wetter brush meets a drier wash.", WASH),
        ("Because you take an existing team and then you help it, they didn't want an accelerator.", TEAM),
        ("The door is opened after ten minutes, because the crust would stay soft.", STEAM),
    ],
)
def test_it_leaves_a_relation_told_in_other_words(claim: str, passage: str) -> None:
    assert reading(claim, passage).turned == ()
