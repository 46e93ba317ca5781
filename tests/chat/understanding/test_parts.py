"""Questions of several parts, and what is one question."""

import re

import pytest

from chat.understanding.parts import split_parts
from tests.chat.asking import ask, joined, last


@pytest.mark.parametrize(
    "text",
    [
        "What ratio for vocals and how long a pre-delay?",
        "How long is a grain? And how many frames has a wavetable?",
        "what attack for a vocal compressor; how many dB for the ceiling?",
        "Which filter slope for basses, and who invented the wavetable?",
        "how do I tune an 808? also, should it be mono?",
        "do I need to treat my room? and if I can't, are headphones fine?",
        "what is swing and how do I set its amount on the hats?",
        "which ratio makes a bell and how long should it ring",
        "Can I mix on headphones, and if so what do I check elsewhere?",
        "My 808 is gone on a phone, how do I fix that, and is it ok to distort it?",
        "what voltage should audio have, and gates, and whats the standard of pitch",
        "polarity first or timing? and how do I know that it worked",
        "who invented the wavetable, and how does Mara check the phase of two basses",
        "where is the folder on linux + what is a plugin",
        "two about gitlab - what did the shell replace, and how did they earn a living?",
        "How many cents do I detune two voices, and 12 or 24 dB filter slope for a pad?",
        "Before I start: what should my tracks average, and separately, how should velocity affect a patch?",
        "1. sum is clipping, can I lower the fader? 2. two basses lose the bottom, what do I try?",
    ],
)
def test_it_splits_a_question_of_two_parts(text: str) -> None:
    assert len(split_parts(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "What ratio and attack does she use on a lead vocal?",
        "What is pre-delay and how does it work?",
        "What is integrated loudness and why does it matter?",
        "How do attack and decay shape a sound?",
        "kick and bass, who wins and why?",
        "thanks, and how do you mic a snare?",
        "Where do you set the de-esser, and does it go before or after compression?",
        "My code is slow. Where do I look first?",
        "When I turn it down and listen quietly, what should I still hear?",
        "Can I mix on a laptop? Everyone says no.",
        "When I play my pad fast it all blurs. Which stage do I shorten?",
        "How many unison voices and how much spread would you use?",
        "I boost at 10. I cut at 8. What else should I do?",
        "I used 4: then 2: how far do I go?",
        "What loudness and what ceiling do you master to?",
        "The chorus feels small, what can I do so that it opens up and feels bigger?",
        "Dez Okafor - what part of his sketches makes it to the end?",
        "the interview — who was asking the questions?",
        "What release and how many dB of ducking do you want on the 808?",
    ],
)
def test_it_leaves_one_question_whole(text: str) -> None:
    assert split_parts(text) == ()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("1) best mic for vocals 2) how far away is it", ("Best mic for vocals", "How far away is it?")),
        ("two things: the ratio and the high-pass", ("The ratio", "The high-pass")),
        ("do you pan hats / how wide are pads?", ("Do you pan hats?", "How wide are pads?")),
        ("Tell me how you tune toms. Also your gain staging.", ("Tell me how you tune toms", "Your gain staging")),
        ("what bit depth do I export, do I need dither?", ("What bit depth do I export?", "Do I need dither?")),
        ("whats a good tempo for trap and whats a good key", ("Whats a good tempo for trap?", "Whats a good key?")),
        ("My room booms. Where do I sit? Do traps help it?", ("My room booms. Where do I sit?", "Do traps help it?")),
    ],
)
def test_it_names_each_part(text: str, labels: tuple[str, ...]) -> None:
    assert tuple(one.label for one in split_parts(text)) == labels


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("How do you tune an 808? What about the kick?", ("", "How do you tune an 808")),
        ("How do you pick samples & how do you clear them?", ("", "How do you pick samples")),
        ("How wide are pads? Is it ok to boost the sides?", ("", "")),
    ],
)
def test_it_knows_what_a_part_asks_on_about(text: str, after: tuple[str, ...]) -> None:
    assert tuple(one.after for one in split_parts(text)) == after


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("vibrato: how deep is it, and when does it start?", "vibrato: when does it start?"),
        ("bindgen - what do I install, and how do I hide a class?", "bindgen: how do I hide a class?"),
        ("how loud, what true peak, and how hard does the limiter work?", "What true peak?"),
        ("a mic: why headphones? How long is a grain?", "How long is a grain?"),
        ("pluck: decay how long? and pad: how slow the attack?", "Pad: how slow the attack?"),
        ("two quick ones: swing for UK garage, and how late is the clap?", "How late is the clap?"),
    ],
)
def test_it_searches_a_part_under_the_heading_of_its_sentence(text: str, searched: str) -> None:
    assert split_parts(text)[1].text == searched


def test_it_searches_a_part_with_the_end_that_it_shares() -> None:
    first, second = split_parts("what attack on a snare? what release for toms?")
    assert (first.text, second.text) == ("What attack on a snare?", "What release for toms?")
    first, *_ = split_parts("what attack and what release on a vocal, and do you de-ess before it?")
    assert (first.label, first.text) == ("What attack?", "What attack on a vocal?")


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
class TestAnswers:
    async def test_it_answers_part_by_part(self) -> None:
        events = await ask("How long is a grain? And how many frames has a wavetable?", creator="ilse-brandt")
        assert last(events).understood.kind == "parts"
        first, second = joined(events).split("**How many frames has a wavetable?**")
        assert "**How long is a grain?**" in first
        assert all("[" in part for part in (first, second))

    async def test_it_makes_no_claim_of_a_label(self) -> None:
        events = await ask("How long is a grain? And how many frames has a wavetable?", creator="ilse-brandt")
        assert last(events).grounding.bare == ()

    async def test_it_quotes_nothing_twice(self) -> None:
        events = await ask("How do you tune an 808? What about the kick?", creator="dez-okafor")
        first, second = joined(events).split("**What about the kick?**")
        assert not set(re.findall("“(.+?)”", first)) & set(re.findall("“(.+?)”", second))
