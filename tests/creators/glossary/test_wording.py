"""What a glossary changes in a text, and above all what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.glossary import Rule, corrected
from creators.transcripts.segments import as_heard, within

RULES = (
    Rule("seerum", "Serum"),
    Rule("o t t", "OTT"),
    Rule("ama piano", "amapiano"),
    Rule("ama", "AMA"),
    Rule("vessel function", "Bessel function"),
    Rule("bas", "Bass"),
    Rule("reel lynx", "Lynx"),
)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("I open up seerum, I take", "I open up Serum, I take"),
        ("SEERUM and o t t.", "Serum and OTT."),
        ("Ama piano, ama  piano, ama.", "Amapiano, amapiano, AMA."),
        ("the vessel functions' zeros", "the Bessel functions' zeros"),
        ("seerum's table, two seerums", "Serum's table, two Serums"),
        ("a seerum-like sound (seerum/o t t)", "a Serum-like sound (Serum/OTT)"),
        ("_seerum_ and “seerum”", "_Serum_ and “Serum”"),
        ("reel lynxs", "Lynxes"),
    ],
)
def test_it_puts_right_what_was_misheard(heard: str, meant: str) -> None:
    assert corrected(heard, RULES)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "seerums2 xseerum don'seerum",
        "the bass and the bas'n",
        "x.com/seerum-guide https://a.example/seerum /seerum",
        "my_seerum = seerum.new a@seerum.example @seerum",
        "an o t t-shirt, so t t, o t tt",
        "vessel. function",
    ],
)
def test_it_leaves_alone_what_is_part_of_something_else(text: str) -> None:
    assert corrected(text, RULES) == (text, ())


def test_it_takes_the_longest_phrase() -> None:
    rules = (Rule("kick", "Kick"), Rule("kick two", "Kick 2"), Rule("kick two pro", "Kick 2 Pro"))
    assert corrected("kick two pro, kick two, kick", rules)[0] == "Kick 2 Pro, Kick 2, Kick"


WORDS = st.sampled_from(["seerum", "O", "t", "ama", "piano", "vessel", "functions", "kick", "don't", "x.y", "-", "\n"])
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "", "  ", ", ", "'s ", "-", "/"]))).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@given(TEXTS | st.text(max_size=60))
def test_it_changes_nothing_but_the_heard_phrases(text: str) -> None:
    after, corrections = corrected(text, RULES)
    assert as_heard(after, corrections) == text
    heard = {rule.heard for rule in RULES}
    for one in corrections:
        said = " ".join(one.original.casefold().replace("’", "'").split())
        assert {said, said.removesuffix("'s"), said.removesuffix("'").removesuffix("s")} & heard


@given(TEXTS)
def test_it_changes_nothing_a_second_time(text: str) -> None:
    after, _ = corrected(text, RULES)
    assert corrected(after, RULES) == (after, ())


@given(TEXTS, st.data())
def test_it_keeps_what_was_heard_of_any_stretch(text: str, data: st.DataObject) -> None:
    after, corrections = corrected(text, RULES)
    begin = data.draw(st.integers(0, len(after)))
    inside = tuple(within(corrections, begin, len(after)))
    assert all(after[begin:][one.offset :][: one.length] == after[begin + one.offset :][: one.length] for one in inside)
    assert [one.original for one in inside] == [one.original for one in corrections if one.offset >= begin]
