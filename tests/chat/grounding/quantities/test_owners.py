"""A number stands for something: its owner, a range, a rate, what is counted; and the right one is named."""

import pytest

from tests.chat.grounding.comparing import judged, stray

BUS = "The drum bus is at two to one. The parallel channel is crushed at ten to one."
LOUD = "The target is minus twenty three plus or minus one for broadcast. The podcast gets minus sixteen."
KILN = "We fire to cone six. It drops a hundred and fifty an hour. The class of nine shares it."
TYRES = "Let it down to twenty six front and twenty eight rear psi. Sealant is sixty mil in each, every four months."
FADER = "I bring up the bus by about eight until I feel it. Then it's back two dB."
SCALD = "I take twenty percent of the flour and twice its weight in water, for two loaves."
SIDES = "Changing sides takes me twenty minutes and I charge for half an hour."
FILTER = "Singers stand at twenty centimetres. The pop filter halfway between so uh ten."
CHAIN = "The oiled chain did four thousand kilometres and the dry one two and a half. It's eight cents per kilometre."


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The drum bus has a ratio of 2:1.", BUS),
        ("The parallel channel is compressed at 10:1.", BUS),
        ("Broadcast should land between −24 and −22.", LOUD),
        ("Broadcast is at −23 ± 1.", LOUD),
        ("Broadcast is at −23 ± 1.", "Broadcast lands between minus twenty four and minus twenty two."),
        ("It runs at 48,000 samples a second.", "I kept it at forty eight k."),
        ("It cools at 150 degrees per hour.", KILN),
        ("The clay rests for 90 minutes.", "Let the clay rest an hour and a half."),
        ("The tyres get 26 in front and 28 at the rear.", TYRES),
        ("Each gets 60 ml of sealant.", TYRES),
        ("The dry chain did about 2,500 km.", CHAIN),
        ("It warms up on a second pass.", "The second pass warms it up."),
        ("Half of the four handles cracked.", "Two of the four handles still cracked."),
        ("It proofs for about 14 hours.", "It proofs between twelve and sixteen hours."),
        ("Around 3.5 dB is taken off.", "Three dB of reduction maybe four that's it."),
        ("By 1890 nobody asked.", "It arrived around 1870, and within twenty years nobody asked."),
        ("About 40 percent are on a phone.", "In four cases out of ten it is a phone."),
        ("They were kept for three months.", "We kept them for a quarter and then deleted them."),
        ("The front tyre has 58 psi.", "I'm at four bar in front."),
        ("On 16 cores that is 32 connections.", "Take two times the core count, it's a box with sixteen cores."),
        ("He brings up the bus until he feels it, and then takes it back by 2 dB.", FADER),
        ("There are three reasons to fire to cone 6.", KILN),
    ],
)
def test_it_finds_a_number_where_it_belongs(claim: str, passage: str) -> None:
    assert stray(claim, passage) == []


@pytest.mark.parametrize(
    ("claim", "passage", "found"),
    [
        ("The drum bus is set to a ratio of 10:1.", BUS, ("10:1", "elsewhere")),
        ("Broadcast should land between −26 and −20.", LOUD, ("−26", "number")),
        ("It cools at 150 degrees per minute.", KILN, ("150 degrees", "unit")),
        ("We fire to cone 8.", KILN, ("8", "number")),
        ("The class has 7 people.", KILN, ("7", "number")),
        ("Sealant is renewed every four weeks.", TYRES, ("four weeks", "unit")),
        ("It costs eight cents a mile.", CHAIN, ("eight cents", "unit")),
        ("It proofs for about 20 hours.", "It proofs between twelve and sixteen hours.", ("20 hours", "number")),
        (
            "The left is at about 90 kilos.",
            "The right's at 120 kilos the left's at maybe seventy.",
            ("90 kilos", "number"),
        ),
        ("By 1850 nobody asked.", "It arrived around 1870, and within twenty years nobody asked.", ("1850", "number")),
        ("Forty percent of the total flour is scalded.", SCALD, ("Forty percent", "number")),
        ("Changing sides takes him half an hour.", SIDES, ("half an hour", "elsewhere")),
        ("The pop filter is at twenty centimetres.", FILTER, ("twenty centimetres", "elsewhere")),
        ("The share rose by 40 points.", "The share rose by forty percent.", ("40 points", "unit")),
    ],
)
def test_it_finds_a_number_that_belongs_to_something_else(claim: str, passage: str, found: tuple[str, str]) -> None:
    assert stray(claim, passage)[:1] == [found]


def test_it_finds_two_numbers_in_each_others_place() -> None:
    passage = "For the verse the decay is 2.5 seconds, and in the chorus I take it down to 1.4 seconds."
    assert stray("The decay is 1.4 seconds in the verse and 2.5 seconds in the chorus.", passage)


def test_it_names_the_right_value() -> None:
    (issue,) = judged("The drum bus is at four to one.", BUS).issues
    assert issue.message.endswith("There it is “two to one”.")
