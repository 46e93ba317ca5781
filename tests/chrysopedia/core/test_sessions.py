"""Sessions are stored when something must be kept, and go by themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from chrysopedia.core.sessions import OWNER, SWEPT, SessionStore

pytestmark = pytest.mark.django_db


def opened(owner: str = "somebody") -> SessionStore:
    """Return the session of somebody who has looked at a page."""
    session = SessionStore()
    session[OWNER] = owner
    session.save()
    return session


def again(session: SessionStore) -> SessionStore:
    """Return the session as the next request finds it."""
    return SessionStore(session.session_key)


def test_it_stores_nothing_for_a_view(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert again(opened())[OWNER] == "somebody"


def test_it_is_stored_once_something_is_kept(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    session = again(opened())
    session.keep()
    assert Session.objects.get(pk=session.session_key).get_decoded() == {OWNER: "somebody"}
    with django_assert_num_queries(0):  # by the middleware, while an answer streams
        session.save()
    assert again(session)[OWNER] == "somebody"


def test_it_is_stored_once_though_more_is_kept() -> None:
    session = again(opened())
    session.keep()
    later = again(session)
    later.keep()
    assert later.session_key == session.session_key


def test_it_is_stored_where_more_than_an_owner_is_in_it() -> None:
    session = again(opened())
    session["language"] = "de"
    session.save()
    assert Session.objects.get(pk=session.session_key).get_decoded() == {OWNER: "somebody", "language": "de"}


def test_it_keeps_its_owner_through_a_login() -> None:
    session = again(opened())
    session.cycle_key()
    session.save()
    assert Session.objects.get(pk=session.session_key).get_decoded()[OWNER] == "somebody"


@pytest.mark.parametrize("forge", [lambda key: key[:-1], lambda key: key.replace("some", "no"), lambda key: "somebody"])
def test_it_believes_no_cookie_but_its_own(forge: Callable[[str], str]) -> None:
    assert dict(SessionStore(forge(opened().session_key or "")).items()) == {}


def test_it_ends_in_its_time(settings: Settings) -> None:
    session = opened()
    settings.SESSION_COOKIE_AGE = -1
    assert OWNER not in again(session)


def test_it_removes_some_that_are_past_their_time_with_each_that_is_stored() -> None:
    Session.objects.all().delete()
    past = timezone.now() - timedelta(days=1)
    Session.objects.bulk_create(
        Session(session_key=f"k{n}", session_data="", expire_date=past) for n in range(SWEPT + 2)
    )
    opened().keep()
    assert Session.objects.count() == 3
