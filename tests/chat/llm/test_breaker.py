"""A model that keeps failing rests, and then one turn tries it again."""

import time

import pytest
from django.core.cache import BaseCache

from chat.llm.fallback import MAX_FAILURES, Breaker

pytestmark = pytest.mark.usefixtures("each_cache")
REST = 0.2


@pytest.fixture
def breaker() -> Breaker:
    return Breaker("primary", rest=REST)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_it_lets_a_model_be_asked_that_never_failed(breaker: Breaker) -> None:
    assert breaker.state().may_ask


def test_it_asks_on_after_fewer_failures(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES - 1)
    assert breaker.state().may_ask


def test_it_rests_after_so_many_in_a_row(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES)
    assert not breaker.state().may_ask


def test_it_begins_anew_after_an_answer(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES - 1)
    breaker.answered()
    fail(breaker, MAX_FAILURES - 1)
    assert breaker.state().may_ask


def test_it_lets_a_single_turn_probe_after_the_rest(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES)
    time.sleep(REST + 0.1)
    assert [breaker.state().may_ask for _ in range(3)] == [True, False, False]


def test_it_rests_again_where_the_probe_fails(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES)
    time.sleep(REST + 0.1)
    assert breaker.state().may_ask
    breaker.failed()
    assert not breaker.state().may_ask


def test_it_lets_another_probe_where_the_first_was_cancelled(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES)
    time.sleep(REST + 0.1)
    assert breaker.state().may_ask
    breaker.gave_up()
    assert breaker.state().may_ask


def test_it_keeps_models_apart(breaker: Breaker) -> None:
    fail(breaker, MAX_FAILURES)
    assert Breaker("fallback").state().may_ask


def test_it_leaves_nothing_after_an_answer(breaker: Breaker, each_cache: BaseCache) -> None:
    fail(breaker, MAX_FAILURES)
    breaker.answered()
    assert breaker.state().failures == 0
