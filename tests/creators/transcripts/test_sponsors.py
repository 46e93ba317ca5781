"""Sponsor reads are shown, and neither searched nor quoted; talk about sponsors is talk."""

import pytest

from creators.transcripts import Transcript
from tests.creators.transcripts.reading import read

CLAY = "Wedge the clay until no bubble is left in it."


def spoken(*lines: str) -> Transcript:
    cues = (f"00:00:{at * 5:02}.000 --> 00:00:{at * 5 + 5:02}.000\n{line}\n" for at, line in enumerate(lines))
    return read("WEBVTT\n\n" + "\n".join(cues), "talk.vtt")


@pytest.mark.parametrize(
    "read_out",
    [
        "This episode is brought to you by Kiln Supplies.",
        "This video is sponsored by Kiln Supplies.",
        "Today's sponsor is Kiln Supplies.",
        "And now a word from our sponsor.",
        "Thanks to our sponsor, Kiln Supplies.",
        "Thanks to Kiln Supplies for sponsoring this video.",
        "Use code CLAY10 for 10 % off your first order.",
        "Use the promo code CLAY at checkout.",
    ],
)
def test_it_takes_a_sponsor_read_for_an_aside(read_out: str) -> None:
    found = spoken(CLAY, read_out, "Then throw it.")
    assert [segment.text for segment in found.segments] == [CLAY, "Then throw it."]
    assert [(one.text, one.kind, one.before) for one in found.asides] == [(read_out, "sponsor", 1)]


@pytest.mark.parametrize(
    "said",
    [
        "The sponsor wanted their logo on the kick drum.",
        "Our sponsor asked for a louder mix.",
        "We were sponsored by nobody, so the drums were borrowed.",
        "Thanks to our sponsors we could record in a church.",
        "Use code to make the sound, and turn it 10 percent down.",
        "Cut twenty percent off the low end.",
        "The festival is sponsored by a brewery.",
        "This sound is brought to you by two cheap microphones.",
        "I discount what the meter says.",
    ],
)
def test_it_keeps_talk_about_sponsors(said: str) -> None:
    assert [segment.text for segment in spoken(CLAY, said).segments] == [CLAY, said]


def test_it_goes_on_to_where_the_listener_is_sent() -> None:
    pitch = ["This episode is brought to you by Kiln Supplies.", "They fire at night.", "Go to kilns.com slash clay."]
    (aside,) = spoken(CLAY, *pitch, "Then throw it.").asides
    assert aside.text == " ".join(pitch)


def test_it_takes_the_line_where_nobody_wrote_full_stops() -> None:
    found = spoken("wedge the clay", "use code clay for ten percent off", "then throw it")
    assert [segment.text for segment in found.segments] == ["wedge the clay", "then throw it"]


def test_it_ends_where_somebody_else_speaks() -> None:
    found = spoken(CLAY, "<v Ann>Thanks to our sponsor.", "<v Bo>Go to the wheel.com page I made.")
    assert [one.text for one in found.asides] == ["Thanks to our sponsor."]


def test_it_cuts_a_line_where_the_read_begins() -> None:
    found = spoken("Wedge the clay. This episode is brought", "to you by Kiln Supplies. Then throw it.")
    assert [segment.text for segment in found.segments] == ["Wedge the clay.", "Then throw it."]
    assert found.segments[1].start == pytest.approx(8.1, abs=0.5)


def test_it_keeps_a_work_of_nothing_else() -> None:
    assert len(spoken("This episode is brought to you by Kiln Supplies.").segments) == 1
