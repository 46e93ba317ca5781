"""Questions of several parts: each is answered as it would be alone."""

import re

import pytest

from tests.chat.asking import ask, joined, sources

FORGOTTEN = "What knob am I forgetting when the filter is muffled two octaves higher?"
TWO = f"What attack and release time for a synth pad? {FORGOTTEN}"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


async def test_it_quotes_of_a_passage_that_serves_two_parts_what_answers_each() -> None:
    alone = joined(await ask(FORGOTTEN, creator="ilse-brandt"))
    _, second = joined(await ask(TWO, creator="ilse-brandt")).split(f"**{FORGOTTEN}**")
    assert re.findall("“(.+?)”", second)[0] == re.findall("“(.+?)”", alone)[0]


async def test_it_shows_a_passage_that_serves_two_parts_once() -> None:
    shown = sources(await ask(TWO, creator="ilse-brandt")).sources
    assert len({one.excerpt for one in shown}) == len(shown)


async def test_it_consults_as_much_for_each_of_two_parts_as_for_one_question() -> None:
    alone = sources(await ask("What BPM is amapiano?", creator="dez-okafor")).sources
    both = sources(await ask("How do you tune an 808? What BPM is amapiano?", creator="dez-okafor")).sources
    assert {(one.work, one.start_seconds) for one in alone} <= {(one.work, one.start_seconds) for one in both}
