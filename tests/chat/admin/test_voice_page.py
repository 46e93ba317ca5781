"""Hearing a voice at the curator's desk."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from creators.models import Creator
from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
def server(model_server: ModelServer, use_model: Callable[..., None]) -> ModelServer:
    use_model(model_server)
    return model_server


def page_of(slug: str) -> str:
    return reverse("admin:creators_voice", args=[Creator.objects.get(slug=slug).pk])


def heard(client: Client, question: str = VOCAL) -> str:
    return unescape(client.post(page_of("mara-lindqvist"), {"question": question}).content.decode())


def test_it_is_linked_from_the_creators_page(admin_client: Client) -> None:
    creator = Creator.objects.get(slug="mara-lindqvist")
    page = admin_client.get(reverse("admin:creators_creator_change", args=[creator.pk])).content.decode()
    assert page_of("mara-lindqvist") in page


def test_it_proposes_questions(admin_client: Client, server: ModelServer) -> None:
    assert "For example: How" in unescape(admin_client.get(page_of("mara-lindqvist")).content.decode())


def test_it_shows_three_answers_and_that_they_agree(admin_client: Client, server: ModelServer) -> None:
    for text in ("It is 20 ms [1].", "So, 20 ms [1].", "<b>I</b> say 20 ms [1]."):
        server.say(text)
    page = heard(admin_client)
    assert re.findall(r"<h2>(Weight [^<]+)</h2>", page) == ["Weight 0", "Weight 0.5", "Weight 1"]
    assert all(text in page for text in ("It is 20 ms", "So, 20 ms", "Citations, numbers and units are the same"))


def test_it_names_what_differs(admin_client: Client, server: ModelServer) -> None:
    for text in ("It is 20 ms [1].", "It is 20 ms [1].", "It is 30 ms, a game changer [1]."):
        server.say(text)
    page = heard(admin_client)
    assert "At weight 1 it says 30 ms, at weight 0 it does not." in page
    assert "it uses what is to be avoided: “game changer”" in page


def test_it_says_in_words_that_a_model_failed(admin_client: Client, server: ModelServer) -> None:
    server.unauthorised()
    page = heard(admin_client)
    assert "The primary model failed: the model server answered 401" in page
    assert "Not every answer came" in page


def test_it_says_what_has_to_be_put_right(admin_client: Client) -> None:
    assert "There is no language model" in heard(admin_client)


def test_it_escapes_what_a_model_says(admin_client: Client, server: ModelServer) -> None:
    server.say("<script>alert(1)</script> [1].")
    page = admin_client.post(page_of("mara-lindqvist"), {"question": VOCAL}).content.decode()
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("question", ["", "x" * 1001])
def test_it_asks_nothing_without_a_fit_question(admin_client: Client, server: ModelServer, question: str) -> None:
    assert "errorlist" in heard(admin_client, question)
    assert server.bodies == []


def test_it_is_not_for_staff_without_permission(client: Client, server: ModelServer) -> None:
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.post(page_of("mara-lindqvist"), {"question": VOCAL}).status_code == 403
    assert server.bodies == []


def test_it_has_neither_scripts_nor_styles_of_its_own(admin_client: Client, server: ModelServer) -> None:
    main = heard(admin_client).partition('id="content"')[2]
    assert not re.search(r"<style|\sstyle=|\son\w+=", main)
