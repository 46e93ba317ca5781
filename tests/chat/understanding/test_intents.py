"""What a message is for, where no rule knows its wording."""

from datetime import date

import pytest
from safetensors import safe_open

from bench.intents.fitting import prototypes_digest
from chat.understanding.collection import Ask
from chat.understanding.collection_intents import collection_question_by_intent
from chat.understanding.frames import Vocabulary, frame_of
from chat.understanding.intents import FILE, intent_of
from chat.understanding.phrases import Talk
from chat.understanding.small_talk import small_talk_in, small_talk_like

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("hello NAME, lovely to finally chat", Talk.GREETING),
        ("thank you, that was so kind and helpful of you", Talk.THANKS),
        ("that's me for tonight, see you next week", Talk.GOODBYE),
        ("are you an actual human or some machine?", Talk.IDENTITY),
        ("this answer is useless", Talk.COMPLAINT),
        ("could you trim your last answer for me?", Talk.SHORTER),
        ("how do I know you didn't make that up?", Talk.SOURCES),
        ("Good evening, Ms NAME.", Talk.GREETING),
        ("does anybody keep what I type in here?", Talk.PRIVACY),
        ("would you understand me in Portuguese?", Talk.LANGUAGE),
        ("oh, got it working on my own, never mind", Talk.NEVER_MIND),
        ("no, you got the ratio wrong", Talk.WRONG),
        ("nothing loads here, your page hangs", Talk.TROUBLE),
        ("can somebody remove my old messages?", Talk.DELETION),
        ("is it chatgpt that runs here?", Talk.MODEL),
        ("why so many food jokes in your answers", Talk.MANNER),
        ("could you write in very simple words for me?", Talk.SIMPLE),
        ("should I put my savings into crypto?", Talk.ADVICE),
        ("should i buy ERG now? be honest", Talk.ADVICE),
        ("is this chat private? who reads along", Talk.PRIVACY),
        ("I had a rotten day, the session fell apart and the singer went home in tears.", Talk.COMFORT),
        ("my goldfish died this morning", Talk.COMFORT),
        ("guess what, I passed my driving test!", Talk.JOY),
        ("happy new year to your whole crew", Talk.WISHES),
        ("will it snow in Leeds on sunday?", Talk.PASTIME),
        ("could you do my chemistry homework", Talk.PASTIME),
        ("does this run on a tablet?", Talk.SITE),
        ("how should I cite this in an essay?", Talk.CITING),
        ("You have sent me to the wrong minute twice already and I'm getting cross.", Talk.WRONG),
    ],
)
def test_it_knows_small_talk_in_a_wording_of_its_own(text: str, talk: Talk) -> None:
    assert small_talk_in(text) is None
    assert small_talk_like(text) is talk


@pytest.mark.parametrize(
    ("text", "ask", "subject"),
    [
        ("where could I go to hear NAME explain sidechaining?", Ask.ABOUT, "sidechaining"),
        ("who of you brings up sidechaining the most?", Ask.MENTIONS, "sidechaining"),
        ("how big is the library by now?", Ask.COUNT, ""),
        ("give me a rundown of the whole archive", Ask.TOPICS, ""),
        ("no sound in this office, have you got any of it in writing?", Ask.TEXTS, ""),
        ("whose voices are on this podcast?", Ask.HOSTS, ""),
        ("what is the chapter list of the grains lecture?", Ask.CHAPTERS, "grains"),
    ],
)
def test_it_knows_a_question_about_the_collection(text: str, ask: Ask, subject: str) -> None:
    found = collection_question_by_intent(text, today=TODAY)
    assert found
    assert (found[0].ask, found[0].subject) == (ask, subject)


def test_it_was_fitted_on_the_prototypes_as_they_are() -> None:
    with safe_open(FILE, framework="numpy") as file:
        assert file.metadata()["prototypes"] == prototypes_digest(), "run python -m bench.intents"


@pytest.mark.parametrize(
    "text",
    [
        "how do you tune an 808 to the key?",
        "what does NAME think about parallel compression?",
        "who invented the wavetable?",
        "why does my snare sound thin?",
        "how long should a reverb tail be?",
        "which plugin do you put first?",
        "repeat delays",
        "should I buy better monitors?",
        "and for vocals?",
        "separate logins for office and family",
        "are you using Ozone or Pro-L?",
        "my session crashed and lost the takes, what now",
        "what did they say about burnout",
        "how do I set an alarm in the patch?",
        "write a SynthDef with two oscillators",
    ],
)
def test_it_takes_a_question_for_one(text: str) -> None:
    intent = intent_of(text)
    assert intent
    assert intent.group == "question"


@pytest.mark.parametrize(
    "text",
    [
        "thanks, and how do I set the release?",
        "ok great. which mic do you use?",
        "How long?",
        "Under which licence is Home Assistant published?",
    ],
)
def test_it_leaves_a_question_behind_small_talk_to_the_search(text: str) -> None:
    assert small_talk_like(text) is None


ASKED_ON = ["And the release?", "and the release time?", "how long?", "the mix, too?", "what about the range?"]


@pytest.mark.parametrize("text", ASKED_ON)
def test_it_leaves_what_hangs_on_the_question_before_to_the_search(text: str) -> None:
    assert small_talk_like(text, is_follow_up=True) is None
    assert collection_question_by_intent(text, today=TODAY, is_follow_up=True) is None


def test_it_takes_the_release_of_something_for_a_subject() -> None:
    known = Vocabulary(["long", "release", "date"])
    assert frame_of("How long is the release?", known).words == ("how", "long", "is", "the", "X")
    assert "X" not in frame_of("What is the release date?", known).words
