"""Questions to begin and to go on with: the corpus answers them."""

from functools import partial

import pytest

from chat.catalogue.people import home_of
from chat.catalogue.questions import (
    ExampleQuestion,
    demo_questions,
    example_questions,
    is_answered,
    is_strangers_question,
    next_questions,
    topic_of,
)
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.text import stems
from tests.chat.asking import ask, joined, last

BEST = [one for questions in demo_questions().values() for one in questions if one.is_shown_first]
SLUGS = ("dez-okafor", "ilse-brandt", "mara-lindqvist")


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Compressing a lead vocal", "compressing a lead vocal"),
        ("Kick and 808: who eats first", "kick and 808"),
        ("FM from nothing", "FM from nothing"),
        ("Compressing A Lead Vocal", "compressing a lead vocal"),
        ("A beat in twenty minutes, with my mother's egg timer", "a beat in twenty minutes"),
        ("Why your beat does not dance", ""),
        ("Episode 12", ""),
        ("Reverb", ""),
    ],
)
def test_it_takes_a_topic_from_a_title(title: str, topic: str) -> None:
    assert topic_of(title) == topic


@pytest.mark.parametrize("example", BEST, ids=lambda one: one.query)
async def test_it_shows_examples_that_are_answered_in_full(corpus: None, example: ExampleQuestion) -> None:
    events = await ask(example.query, creator=example.creator_slug)
    assert last(events).coverage == "full"
    expected = set(stems(example.answer))
    assert len(expected & set(stems(joined(events)))) >= len(expected) / 3


def test_it_asks_no_creator_what_nobody_says(corpus: None) -> None:
    assert not is_answered(ExampleQuestion("What is the price of fish in Lisbon?", "mara-lindqvist"))


def test_it_asks_no_work_what_another_one_answers(corpus: None) -> None:
    pre_delay = "How much pre-delay should a vocal reverb have?"
    assert is_answered(ExampleQuestion(pre_delay, "mara-lindqvist", ("reverb-and-space",)))
    assert not is_answered(ExampleQuestion(pre_delay, "mara-lindqvist", ("low-end-without-guesswork",)))


def test_it_lets_creators_take_turns(corpus: None) -> None:
    assert [example.creator_slug for example in example_questions(SLUGS)] == [*SLUGS]


def test_it_never_asks_what_somebody_says_about_a_title(corpus: None) -> None:
    home = home_of(None)
    assert home is not None
    assert home.examples
    assert not any(example.query.startswith("What does") and "say about" in example.query for example in home.examples)


def test_it_goes_on_with_what_the_consulted_works_answer(corpus: None) -> None:
    found = next_questions(creator="mara-lindqvist", works=["reverb-and-space"])
    assert found
    assert all(one.works == ("reverb-and-space",) for one in found)


def test_it_does_not_ask_again(corpus: None) -> None:
    first, *_ = next_questions(creator="mara-lindqvist", works=["reverb-and-space"])
    again = next_questions(creator="mara-lindqvist", works=["reverb-and-space"], asked=[first.query.upper()])
    assert first.query not in [one.query for one in again]


def test_it_goes_on_with_everyone_where_everyone_was_asked(corpus: None) -> None:
    assert {one.creator_slug for one in next_questions(creator="", works=["reverb-and-space"])} == {""}


async def test_everyone_answers_what_it_goes_on_with(corpus: None) -> None:
    offered = await in_one_hop(partial(next_questions, creator="", works=["fm-from-nothing", "filters-and-envelopes"]))
    assert offered
    for one in offered:
        assert last(await ask(one.query)).coverage == "full"


@pytest.mark.parametrize(
    "sentence", ["How do you keep a glaze from crawling?", "Why does cold butter make flaky pastry?"]
)
def test_it_takes_questions_that_a_stranger_would_ask(sentence: str) -> None:
    assert is_strangers_question(sentence)


@pytest.mark.parametrize(
    "sentence", ["How does it work there?", "Right?", "You know what I mean?", "What happens next in the video?"]
)
def test_it_leaves_questions_that_lean_on_what_went_before(sentence: str) -> None:
    assert not is_strangers_question(sentence)
