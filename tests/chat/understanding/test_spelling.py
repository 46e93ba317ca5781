"""Misspelt words put right by what the demo corpus says, and words that are left as they are."""

from itertools import product
from time import process_time

import pytest

from chat.understanding.common_spelling import common_word
from chat.understanding.spelling import put_right
from creators.models import Creator
from tests.chat.asking import ask, last

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("compresor", "compressor"),
        ("threshhold", "threshold"),
        ("headrom", "headroom"),
        ("velosity", "velocity"),
        ("hihat", "hi-hat"),
        ("sustian", "sustain"),
        ("snair", "snare"),
        ("ossilator", "oscillator"),
        ("predelay", "pre-delay"),
        ("ampliutd", "amplitude"),
        ("oscilatro", "oscillator"),
        ("kcik", "kick"),
        ("recor", "record"),
        ("dealy", "delay"),
        ("shoud", "should"),
        ("tretment", "treatment"),
        ("compatability", "compatibility"),
        ("bounceing", "bouncing"),
        ("tunning", "tuning"),
        ("tresh hold", "threshold"),
        ("side chian", "side-chain"),
        ("destorting", "distorting"),
        ("8o8", "808"),
        ("ment", "meant"),
        ("porta mento", "portamento"),
        ("destortion", "distortion"),
        ("compresser", "compressor"),
        ("extention", "extension"),
        ("decy", "decay"),
        ("leed", "lead"),
        ("garadge", "garage"),
        ("hwo", "how"),
    ],
)
def test_it_puts_a_word_right(written: str, meant: str) -> None:
    text, corrections = put_right(f"how do you set the {written} here", creator_id=None)
    assert text == f"how do you set the {meant} here"
    assert [(one.written, one.meant) for one in corrections] == [(written, meant)]


@pytest.mark.parametrize(
    "text",
    [
        "what does a villain sound like",
        "do you like bagpipes",
        "can I use a marimba in trap",
        "how does Spotify turn down loud masters",
        "what's wat",
        "What release and attack for the snare?",
        "the 808 at 45 Hz",
        "wats the comp before the phaser",
        "do you humanise the formant of a sitar",
        "which vst do you like",
        "my bassline in the basement",
        "do you clamp a vocal",
        "where is the fuzzy one",
        "how do maintainers whine",
        "who is the bloke on the binge",
        "the grout and the stomp collide in the mush",
        "does it sound tinny or blurry",
    ],
)
def test_it_leaves_a_word_that_is_none_of_its_own_misspelt(text: str) -> None:
    assert put_right(text, creator_id=None) == (text, ())


def test_it_writes_a_word_as_the_creator_does() -> None:
    mara, dez = (Creator.objects.get(slug=slug).pk for slug in ("mara-lindqvist", "dez-okafor"))
    assert put_right("the sidechain ratio", creator_id=mara)[0] == "the side-chain ratio"
    assert put_right("the sidechain ratio", creator_id=dez) == ("the sidechain ratio", ())


def test_it_joins_no_word_twice() -> None:
    text, corrections = put_right("set tresh hold tresh hold", creator_id=None)
    assert text == "set threshold threshold"
    assert [one.written for one in corrections] == ["tresh hold"]


def test_it_reads_an_english_word_for_another_only_beside_a_misspelt_one() -> None:
    assert put_right("how deep is the throes", creator_id=None) == ("how deep is the throes", ())
    assert put_right("feedbakc amount on delay throes", creator_id=None)[0] == "feedback amount on delay throws"


def test_it_reads_a_word_that_hardly_anybody_writes_for_one_that_everybody_does() -> None:
    assert (
        put_right("how many minuets before the next step", creator_id=None)[0]
        == "how many minutes before the next step"
    )


async def test_it_says_what_was_searched_for() -> None:
    done = last(await ask("which ratio has the compresor on a lead vocal"))
    assert done.rewritten_query == "which ratio has the compressor on a lead vocal"
    assert "Searched for: compressor." in done.understood.notes
    assert done.coverage == "full"


async def test_it_says_nothing_of_a_question_spelt_right() -> None:
    done = last(await ask("how do I set a compressor on vocals"))
    assert (done.rewritten_query, done.understood.corrections, done.understood.notes) == (None, (), ())


def test_it_compares_a_message_of_unknown_words_soon() -> None:
    words = ["".join(letters) for letters in product("dkmt", "aiou", "vgpz", "ae", "rn", "ix")][:600]
    common_word(words[0])
    began = process_time()
    for word in words:
        common_word(word)
    assert process_time() - began < 0.5
