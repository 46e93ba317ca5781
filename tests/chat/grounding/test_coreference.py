import pytest

from chat.grounding.quote_runs import announces_answer, is_question, lists_figures, may_answer, refers_back


@pytest.mark.parametrize(
    "text",
    [
        "It softens the edge.",
        "So it does that.",
        "And that's what I hand over.",
        "They hold still.",
        "This means less work.",
        "These include the rims.",
        "There the kick is the bass.",
        "Yeah, I mean, it works.",
        "It is home to a choir.",
        "Because nobody listens.",
    ],
)
def test_it_leans_on_the_sentence_before(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "So the ratio is three to one.",
        "But a plate is longer.",
        "This compressor is slow.",
        "It is important to listen first.",
        "It’s hard to say how loud.",
        "It depends on the room.",
        "There are two rooms.",
        "Because nobody listens, I stay quiet.",
        "",
    ],
)
def test_it_stands_by_itself(text: str) -> None:
    assert not refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Why?",
        "Let's talk about drums.",
        "I'll tell you three things.",
        "Here is how I do it.",
        "I do this:",
        "Tell me.",
        "Hello, I'm Nora.",
        "With me today is Theo.",
        "This article gives my starting values.",
        "So today we talk about the scissors.",
        "Today, one lead vocal and two compressors.",
        "Today is the big one.",
        "The attack is slow, so the ess, no, sorry, let me say that correctly.",
    ],
)
def test_it_promises_an_answer(text: str) -> None:
    assert announces_answer(text) or not may_answer(text)


@pytest.mark.parametrize(
    "text", ["That's a plate, right?", "I tell everybody the same thing.", "The rule has two parts."]
)
def test_it_is_taken_at_its_word(text: str) -> None:
    assert may_answer(text)


def test_it_does_not_take_a_heading_for_an_answer() -> None:
    assert not may_answer("2.4 Envelopes") and not is_question("2.4 Envelopes")


@pytest.mark.parametrize("text", ["Ratio 4:1, attack 10 ms.", "10 to 1, release 80.", "Attack, twenty milliseconds."])
def test_it_knows_a_list_of_figures(text: str) -> None:
    assert lists_figures(text)


@pytest.mark.parametrize(
    "text", ["3 is enough.", "The ratio is 4:1.", "At 92 BPM I go down to 80.", "No figure here.", "One."]
)
def test_it_knows_what_is_said_of_something(text: str) -> None:
    assert not lists_figures(text)


def test_it_may_answer_with_what_is_done_today() -> None:
    assert may_answer("Today I use 4 dB of that and stop.")
