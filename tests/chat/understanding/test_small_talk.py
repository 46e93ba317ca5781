"""What is small talk, and what only begins like it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.understanding.frames import asks_on, clauses, without_courtesy
from chat.understanding.phrases import Talk
from chat.understanding.small_talk import gibberish_in, small_talk_in

NAMES = ("Mara Lindqvist", "Mara", "Dez Okafor", "Dez")
GREETINGS = (
    "hi",
    "Hello there!",
    "hey Dez",
    "thanks a lot",
    "ok great",
    "bye for now",
    "repeat that",
    "shorter please",
)


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("hi", Talk.GREETING),
        ("Good morning, Mara!", Talk.GREETING),
        ("hello, thanks!", Talk.THANKS),
        ("thank you so much, that helped", Talk.THANKS),
        ("ok great", Talk.ACKNOWLEDGEMENT),
        ("👍", Talk.ACKNOWLEDGEMENT),
        ("see you later", Talk.GOODBYE),
        ("can you repeat that?", Talk.REPEAT),
        ("What did you just say?", Talk.REPEAT),
        ("shorter please", Talk.SHORTER),
        ("tl;dr", Talk.SHORTER),
        ("who are you?", Talk.IDENTITY),
        ("Am I talking to the real Mara?", Talk.IDENTITY),
        ("what can I ask you?", Talk.HELP),
        ("which sources did you use", Talk.SOURCES),
        ("what did I ask you before?", Talk.LAST_QUESTION),
        ("tell me a joke", Talk.PASTIME),
        ("I've had a really good day!", Talk.JOY),
        ("today was great", Talk.JOY),
        ("whats the weather like", Talk.PASTIME),
        ("wut can u do", Talk.HELP),
        ("wassup", Talk.GREETING),
        ("gn", Talk.GOODBYE),
        ("good night", Talk.GOODBYE),
        ("cheers m8", Talk.THANKS),
        ("thats bullshit", Talk.COMPLAINT),
        ("u r dumb", Talk.COMPLAINT),
        ("hmm not what i meant", Talk.WRONG),
        ("thank you so much, that really fixed my chorus", Talk.THANKS),
        ("no thats not what i meant", Talk.WRONG),
        ("is Dez there?", Talk.IDENTITY),
        ("you there?", Talk.PRESENCE),
        ("hi, how are you?", Talk.WELLBEING),
        ("that's not what I asked", Talk.WRONG),
        ("this answer is way too long", Talk.SHORTER),
        ("too slow", Talk.TROUBLE),
    ],
)
def test_it_knows_small_talk(text: str, talk: Talk) -> None:
    assert small_talk_in(text, names=NAMES) is talk


@pytest.mark.parametrize(
    "text",
    [
        "thanks, and how do you mic a snare?",
        "hello compression",
        "repeat delays",
        "great reverb on a snare",
        "is shorter release better",
        "who is Jonas Hale?",
        "how does a limiter work?",
        "tell me a story about reverb",
        "trash metal",
        "help with sibilance",
        "what did you say about sibilance?",
    ],
)
def test_it_leaves_a_question_to_the_search(text: str) -> None:
    assert small_talk_in(text, names=NAMES) is None


@given(
    st.sampled_from(GREETINGS), st.sampled_from(("compression", "snare", "why", "−14", "LUFS", "808")), st.booleans()
)
def test_it_takes_nothing_with_a_word_of_its_own_for_small_talk(said: str, word: str, first: bool) -> None:
    text = f"{word} {said}" if first else f"{said} {word}"
    assert small_talk_in(text, names=NAMES) is None


@pytest.mark.parametrize("text", ["asdf", "qwerty uiop", "lkjh!!", "aaaaaa"])
def test_it_knows_a_run_over_the_keyboard(text: str) -> None:
    assert gibberish_in(text) == Talk.UNCLEAR


@pytest.mark.parametrize("text", ["Property?", "liberty", "powertrain", "asdf vocals", "?!"])
def test_it_takes_no_word_with_neighbouring_keys_for_a_run(text: str) -> None:
    assert gibberish_in(text) is None


def test_it_looks_for_a_farewell_once_in_a_run_of_spaces() -> None:
    began, text = time.monotonic(), f"Which attack{' ,' * 10_000} on a vocal"
    assert without_courtesy(text) == text
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("sign", [" ", ",", "or am i "])
def test_it_cuts_a_long_run_into_clauses_at_once(sign: str) -> None:
    began, text = time.monotonic(), f"Which {sign * 10_000}attack"
    assert clauses(without_courtesy(text))
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("text", ["a" * 1000, f"and {'a-' * 400}!x", "a, " * 300])
def test_it_reads_a_long_word_once_to_see_whether_it_asks_on(text: str) -> None:
    began = time.monotonic()
    assert not asks_on(text)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "text", ["and the release?", "so, what about Dez's?", "the release too?", "Reverb?", "how long?"]
)
def test_it_knows_what_hangs_on_the_question_before(text: str) -> None:
    assert asks_on(text)
