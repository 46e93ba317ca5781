"""The redirect to https: for the world, not for this machine."""

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.fixture(autouse=True)
def https(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [""]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["c.example", "localhost", "127.0.0.1", "[::1]"]


def test_it_sends_plain_http_to_https(client: Client) -> None:
    answer = client.get("/admin/login/?next=/", headers={"host": "c.example"})
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://c.example/admin/login/?next=/")


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_it_leaves_this_machine_alone(client: Client, host: str) -> None:
    assert client.get("/admin/login/", headers={"host": host}).status_code == 200


@pytest.mark.django_db
def test_it_takes_the_proxy_at_its_word(client: Client) -> None:
    answer = client.get("/admin/login/", headers={"host": "c.example", "x-forwarded-proto": "https"})
    assert answer.status_code == 200


def test_it_keeps_browsers_to_https_and_sends_nosniff_and_no_referrer_elsewhere(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    headers = client.get("/nowhere", secure=True).headers
    assert headers["Strict-Transport-Security"].startswith("max-age=60")
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
