"""Drafts by a language model: only what the creator's own words show."""

from collections.abc import Callable

import pytest

from chat.persona.drafts import draft_personality
from creators.models import Creator
from creators.persona.utterances import DraftingError, UnsavedDraft
from tests.chat.persona.answers import GOOD, SAID, answer, trait
from tests.creators.persona.works import creator_who_said
from tests.model_server.server import ModelServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    return creator_who_said("own", SAID)


@pytest.fixture
def server(model_server: ModelServer, use_model: Callable[..., None]) -> ModelServer:
    use_model(model_server)
    return model_server


def drafted(creator: Creator) -> UnsavedDraft:
    return draft_personality(creator, seconds=20)


def test_it_keeps_traits_with_the_words_as_they_stand_in_the_work(server: ModelServer, creator: Creator) -> None:
    server.say(answer(tone=[trait("dry", "i would NOT lose sleep, over it!")]))
    (kept,) = drafted(creator).traits
    assert (kept.part, kept.trait, kept.quotes[0].quote) == ("tone", "dry", "I would not lose sleep over it")
    assert kept.quotes[0].work == "own-1"
    assert kept.quotes[0].seconds == pytest.approx(33, abs=2)


def test_it_drops_and_counts_traits_whose_examples_were_never_said(server: ModelServer, creator: Creator) -> None:
    invented, mixed = trait("warm", "Hello my dear friends"), trait("dry", "Not said here", "Measure, then move")
    server.say(answer(tone=[invented, mixed]))
    found = drafted(creator)
    assert ([one.trait for one in found.traits], found.dropped) == (["dry"], 1)
    assert [quote.quote for quote in found.traits[0].quotes] == ["Measure, then move"]


def test_it_drops_phrases_that_are_not_word_for_word(server: ModelServer, creator: Creator) -> None:
    shown = "Measure, then move, and trust the meter"
    server.say(answer(phrases=[trait("measure then move", shown), trait("measure and move", shown)]))
    assert [one.trait for one in drafted(creator).traits] == ["measure then move"]


def test_it_takes_no_example_of_a_word_or_two_for_a_habit(server: ModelServer, creator: Creator) -> None:
    server.say(answer(habits=[trait("measures", "then move")], tone=[trait("dry", "lose sleep over it")]))
    assert [one.trait for one in drafted(creator).traits] == ["dry"]


def test_it_tells_the_model_what_was_wrong_and_asks_again(server: ModelServer, creator: Creator) -> None:
    server.say("Sorry?")
    server.say("{}")
    server.say(GOOD)
    assert drafted(creator).summary == "Brief and dry."
    second, third = (body["messages"] for body in server.bodies[1:])
    assert [message["role"] for message in third] == ["system", "user", "assistant", "user"]
    assert "There is no JSON object in it." in second[-1]["content"]
    assert (third[-2]["content"], "summary: Field required" in third[-1]["content"]) == ("{}", True)


def test_it_gives_up_after_three_answers(server: ModelServer, creator: Creator) -> None:
    for _ in range(4):
        server.say("Sorry?")
    with pytest.raises(DraftingError, match=r"in 3 attempts\. The last: There is no JSON"):
        drafted(creator)
    assert len(server.bodies) == 3


def test_it_asks_for_less_where_an_answer_was_too_long(server: ModelServer, creator: Creator) -> None:
    server.say(GOOD[:30], finish="length")
    server.say(GOOD)
    drafted(creator)
    assert "too long" in server.bodies[1]["messages"][-1]["content"]


def test_it_says_that_the_model_failed(server: ModelServer, creator: Creator) -> None:
    server.unauthorised()
    with pytest.raises(DraftingError, match="The primary model failed: the model server answered 401"):
        drafted(creator)


def test_it_says_that_nothing_of_it_was_said(server: ModelServer, creator: Creator) -> None:
    server.say(answer(tone=[trait("warm", "Hello my dear friends")]))
    with pytest.raises(DraftingError, match="Nothing that the language model quoted stands in Own's works"):
        drafted(creator)


def test_it_counts_where_there_is_no_model(creator: Creator) -> None:
    creator_who_said("other", "Something else. " * 300)
    phrase = "It is obviously the marmalade. " * 40
    own = creator_who_said("third", phrase, phrase)
    assert draft_personality(own, seconds=1).store(own).made_by == "statistics"


def test_it_says_that_there_are_no_words_yet() -> None:
    with pytest.raises(DraftingError, match="no words of Empty here yet"):
        drafted(Creator.objects.create(slug="empty", name="Empty"))
