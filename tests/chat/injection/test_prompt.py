"""Attacks on the prompt: what was planted stands in its passage, escaped, and rules stay the program's own."""

import re
from xml.etree import ElementTree

from chat.prompts import prompt_text
from chrysopedia.core.text import without_unseen
from tests.chat.injection.hostile import QUESTION, Outcome
from tests.model_server.obedience import Order

OF_A_PASSAGE = {"number", "creator", "work", "heading"}
RULES = prompt_text("answer.txt").count("\n- ") + 1  # the last one says whose the passages are


def test_it_tells_the_model_only_what_anybody_can_read(outcome: Outcome) -> None:
    order = Order(outcome.attack.planted, "")
    assert order.is_in(outcome.prompt) == outcome.attack.reaches


def test_it_has_one_system_message_and_ends_with_the_question(outcome: Outcome) -> None:
    roles = [message["role"] for message in outcome.prompt["messages"]]
    before = ["user", "assistant"] if outcome.attack.place in {"question", "answer"} else []
    assert roles == ["system", *before, "user"]
    assert outcome.prompt["messages"][-1]["content"] == QUESTION


def test_it_quotes_each_source_in_an_element_of_its_own(outcome: Outcome) -> None:
    passages = list(ElementTree.fromstring(f"<all>{outcome.quoted}</all>"))
    assert [one.get("number") for one in passages] == [str(source["number"]) for source in outcome.sources]
    assert all(one.tag == "passage" and set(one.keys()) <= OF_A_PASSAGE and not len(one) for one in passages)


def test_it_lets_nothing_planted_become_a_rule(outcome: Outcome) -> None:
    assert outcome.rules.count("\n- ") == RULES
    assert not re.search(r"</?passage", outcome.rules)


def test_it_keeps_what_nobody_sees_from_the_model(outcome: Outcome) -> None:
    system = outcome.prompt["messages"][0]["content"]
    assert without_unseen(system) == system
