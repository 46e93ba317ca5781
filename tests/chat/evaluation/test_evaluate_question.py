"""Asking as chat does: an evaluation that goes another way would measure another program."""

import pytest

from chat.api.chat import search_corpus
from chat.evaluation import evaluate_question
from chat.evaluation.questions import EarlierTurn, LabelledQuestion
from chat.events.events import Tier

MANY = tuple(
    EarlierTurn(question=f"What is a dotted eighth, number {number}?", answer="321 ms.") for number in range(30)
)


def labelled(text: str, *, creator: str | None = None, history: tuple[EarlierTurn, ...] = ()) -> LabelledQuestion:
    return LabelledQuestion(location="1", text=text, creator=creator, works=(), tier=Tier.GLOBAL, history=history)


@pytest.mark.parametrize("creator", [None, "dez-okafor", "mara-lindqvist"])
@pytest.mark.parametrize("question", ["How much o t t does Dez put on a bass?", "What about seerum?", "Who won?"])
def test_it_finds_what_search_finds(corpus: None, question: str, creator: str | None) -> None:
    searched = search_corpus(question, creator=creator, limit=10)
    outcome = evaluate_question(labelled(question, creator=creator), limit=10)
    assert outcome.tier == searched.cascade_tier
    assert list(outcome.works) == [passage.work for passage in searched.passages]


def test_it_leans_on_what_was_said(corpus: None) -> None:
    said = EarlierTurn(
        question="How much hi-hat swing does Dez use for afrobeats?", answer="56 percent, sometimes 58 [1]."
    )
    outcome = evaluate_question(labelled("And for garage?", creator="dez-okafor", history=(said,)), limit=5)
    assert outcome.works[0].startswith("why-your-beat-does-not-dance")


def test_it_remembers_no_more_turns_than_chat_does(corpus: None) -> None:
    last_ten = evaluate_question(labelled("And at 100 BPM?", creator="dez-okafor", history=MANY[-10:]), limit=10)
    assert (
        evaluate_question(labelled("And at 100 BPM?", creator="dez-okafor", history=MANY), limit=10).works
        == last_ten.works
    )


def test_it_gives_no_more_passages_than_asked_for(corpus: None) -> None:
    assert len(evaluate_question(labelled("How do I tune an 808?"), limit=2).works) == 2
