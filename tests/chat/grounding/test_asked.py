"""Names and numbers that a question asks for, and whether passages have them."""

import time
from dataclasses import replace

import pytest

from chat.grounding.asked import is_uncounted, unheard_names
from tests.chat.passages import passage

LONG = "\n" * 500 + "does it run on " + "Atmos " * 70
SAID = passage(text="The rack runs on a digital audio workstation, a Raspberry Pi, a Linux VM and a Moog Mother-32.")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How do I mix in Dolby Atmos?", ("Dolby", "Atmos")),
        ("What is the slope of the Korg MS-20?", ("Korg",)),
        ("does it talk to a KNX bus", ("KNX",)),
        ("KNX support?", ("KNX",)),
        ("can I charge my iPhone with it?", ("iPhone",)),
        ("Where do I hear more? Stems or masters?", ()),
        ("I think I'd buy one, OK?", ()),
        ("DOES IT RUN ON WINDOWS?", ()),
    ],
)
def test_it_tells_names_of_which_nothing_is_said(question: str, names: tuple[str, ...]) -> None:
    assert unheard_names(question, [SAID]) == names


@pytest.mark.parametrize(
    "question",
    [
        "Does it run on a Raspberry Pi?",
        "Does it run in a DAW?",
        "Are there Linux VMs of it?",
        "Do Moogs work with it?",
        "Is the Mother32 any good?",
        "What does Mara Lindqvist say in Compressing?",
    ],
)
def test_it_knows_names_written_otherwise_or_of_who_speaks(question: str) -> None:
    assert unheard_names(question, [SAID]) == ()


def test_it_knows_the_names_of_speakers_and_those_it_is_told() -> None:
    said = replace(SAID, names={"Speaker 2": "Jonas Hale"})
    assert unheard_names("what did Jonas ask Chef Dez?", [said], known=("chef dez",)) == ()


COUNTED = passage(
    text="We sold twelve thousand copies. The users like it. Of presets it has 300, and two or three gentle stages."
)


@pytest.mark.parametrize(
    ("question", "is_lacking"),
    [
        ("How many copies were sold?", False),
        ("how many presets does it have", False),
        ("How many stages do you use?", False),
        ("How many users does it have?", True),
        ("How many singers are in the choir?", True),
        ("How many percent do you take off?", False),
        ("How loud is it?", False),
    ],
)
def test_it_tells_what_is_counted_nowhere(question: str, is_lacking: bool) -> None:
    assert is_uncounted(question, [COUNTED]) == is_lacking


def test_it_reads_a_question_of_many_lines_at_once() -> None:
    before = time.process_time()
    assert set(unheard_names(LONG, [SAID])) == {"Atmos"}
    assert unheard_names("Well?\n  Wombats hum. “Koalas” too", [SAID]) == ()
    assert time.process_time() - before < 0.05
