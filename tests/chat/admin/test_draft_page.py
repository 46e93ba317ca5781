"""Making a draft at the curator's desk."""

from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from creators.models import Creator, PersonalityDraft
from tests.chat.persona.answers import SAID, answer, trait
from tests.creators.persona.works import creator_who_said, unpublish_all
from tests.model_server.server import ModelServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    return creator_who_said("own", SAID)


def page_of(creator: Creator) -> str:
    return reverse("admin:creators_draft", args=[creator.pk])


def press(client: Client, creator: Creator, button: str) -> str:
    return unescape(client.post(page_of(creator), {button: "yes"}, follow=True).content.decode())


def test_it_is_offered_on_the_creators_page(admin_client: Client, creator: Creator) -> None:
    page = admin_client.get(reverse("admin:creators_creator_change", args=[creator.pk])).content.decode()
    assert page_of(creator) in page
    assert "There is no language model" in admin_client.get(page_of(creator)).content.decode()


def test_it_leads_to_the_draft_and_says_what_was_left_out(
    admin_client: Client, creator: Creator, model_server: ModelServer, use_model: Callable[..., None]
) -> None:
    use_model(model_server)
    model_server.say(answer(tone=[trait("dry", "lose sleep over it"), trait("warm", "Hello my friends")]))
    page = press(admin_client, creator, "model")
    assert "1 item left out: the examples stand in no work." in page
    assert PersonalityDraft.objects.get().tone == ["dry"]


def test_it_says_in_words_that_none_can_be_made(admin_client: Client, creator: Creator) -> None:
    unpublish_all()
    assert "Own is the only creator with works here" in press(admin_client, creator, "count")
    assert not PersonalityDraft.objects.exists()


def test_it_makes_none_for_staff_without_permission(client: Client, creator: Creator) -> None:
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.post(page_of(creator), {"count": "yes"}).status_code == 403


def test_it_asks_for_a_csrf_token(creator: Creator) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("curator"))
    assert client.post(page_of(creator), {"count": "yes"}).status_code == 403
