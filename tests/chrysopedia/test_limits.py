"""Limits for each visitor: exactly as much as is allowed, whoever asks at the same time, and what they are told."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_network
from secrets import token_hex

import pytest
from django.core.cache import BaseCache
from django.db import connections
from django.test import AsyncClient, Client
from pytest_django import Settings

from chat import turns
from chat.events.turn import ANYONE, Question
from chrysopedia import settings as shipped
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.limits import allowance, client_address, take_place
from tests.chat.asking import VOCAL, last

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1"))


@pytest.fixture(autouse=True)
def few(settings: Settings) -> None:
    settings.LIMITS = dict.fromkeys(shipped.LIMITS, (2, 60))
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)


@pytest.fixture
def address() -> str:
    """An address that no other test uses: what is counted stays."""
    return f"2001:db8:{token_hex(2)}:1{token_hex(1)}::1"


def came_by(address: str) -> dict[str, str]:
    """Return the header by which the proxy says whose request it is."""
    return {"x-forwarded-for": address}


def take(address: str, owner: str = "") -> bool:
    """Use an allowance once, as a request of its own does, and tell whether that was allowed."""
    with suppress(Problem):
        allowance("questions", address=address, owner=owner).take()
        return True
    return False


def test_it_ships_limits() -> None:
    assert shipped.LIMITS == {
        "questions": (30, 60),
        "searches": (120, 60),
        "feedback": (60, 60),
        "opened": (120, 60),
        "logins": (10, 900),
    }
    assert shipped.ANSWERS_PER_VISITOR == 4


def flood(address: str, *, times: int) -> int:
    def take_in_thread(_: int) -> bool:
        try:
            return take(address)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        return sum(threads.map(take_in_thread, range(times)))


def test_a_flood_gets_no_more_than_is_allowed(each_cache: BaseCache, settings: Settings, address: str) -> None:
    settings.LIMITS = {"questions": (7, 60)}
    assert flood(address, times=60) == 7


@pytest.mark.soak
def test_a_great_flood_gets_no_more_than_is_allowed(each_cache: BaseCache, settings: Settings, address: str) -> None:
    settings.LIMITS = {"questions": (30, 600)}
    assert flood(address, times=5000) == 30


def test_a_new_window_begins_when_the_old_one_is_over(each_cache: BaseCache, settings: Settings, address: str) -> None:
    settings.LIMITS = {"questions": (1, 0.05)}
    assert [take(address), take(address)] == [True, False]
    with pytest.raises(Problem):
        allowance("questions", address=address).refuse_known()
    assert any(take(address) for _ in range(1000))


def test_sessions_are_counted_by_themselves(each_cache: BaseCache, address: str) -> None:
    assert [take(address, owner) for owner in ("a", "b", "a", "b", "a")] == [True, True, True, True, False]


def test_making_up_sessions_ends_somewhere(each_cache: BaseCache, address: str) -> None:
    assert sum(take(address, token_hex()) for _ in range(25)) == 20


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "", None),
        ("10.0.0.1", "nonsense", None),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("", "", None),
    ],
)
def test_it_believes_proxies_alone(peer: str, forwarded: str, found: str | None) -> None:
    assert client_address(peer, forwarded, trusted=PROXIES) == found


async def test_it_says_what_is_left_and_what_to_do(corpus: None, async_client: AsyncClient, address: str) -> None:
    answers = [await async_client.get("/api/v1/search?q=ratio", headers=came_by(address)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers] == [
        '"searches";r=1',
        '"searches";r=0',
        '"searches";r=0',
    ]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].json()["detail"].endswith("Wait, and search again.")


@pytest.mark.parametrize("path", ["/api/v1/chat", "/chat/ask"])
async def test_questions_are_limited_at_each_door(
    corpus: None, async_client: AsyncClient, address: str, path: str
) -> None:
    answers = []
    for _ in range(3):
        answer = await async_client.post(path, {"query": VOCAL}, "application/json", headers=came_by(address))
        answers.append(answer.status_code)
        answer.close()
    assert answers == [200, 200, 429]


def test_a_visitor_has_so_many_places(each_cache: BaseCache, settings: Settings, address: str) -> None:
    settings.ANSWERS_PER_VISITOR = 2
    taken = [take_place(allowance("questions", address=address)) for _ in range(2)]
    with pytest.raises(Problem, match="Wait until one answer has ended"):
        take_place(allowance("questions", address=address))
    assert taken[0]
    taken[0].release()
    assert take_place(allowance("questions", address=address))


async def test_a_place_is_free_again_when_an_answer_has_ended(corpus: None, settings: Settings, address: str) -> None:
    settings.ANSWERS_PER_VISITOR = 1
    settings.LIMITS = {"questions": (10, 60)}
    for question in (Question(VOCAL), Question(VOCAL, creator="nobody"), Question(VOCAL)):
        with suppress(Problem):
            turn = await turns.begin(question, owner=ANYONE, allowance=allowance("questions", address=address))
            assert last([event async for event in turns.stream(turn)]).answered_by == "quotes"
    assert await in_one_hop(take_place, allowance("questions", address=address))


@pytest.mark.django_db
def test_passwords_are_tried_a_few_times_only(client: Client, address: str) -> None:
    tried = {"username": token_hex(), "password": "wrong"}
    answers = [
        client.post("/admin/login/", tried, headers=came_by(address) | {"accept": "text/html"}) for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "<h1>Too many requests.</h1>" in answers[2].content.decode()


@pytest.mark.django_db
def test_a_name_is_tried_from_few_addresses_only(client: Client) -> None:
    tried = {"username": token_hex(), "password": "wrong"}
    answers = [client.post("/admin/login/", tried, headers=came_by(f"192.0.2.{n}")).status_code for n in range(21)]
    assert answers == [200] * 20 + [429]
