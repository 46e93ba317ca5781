"""The Content-Security-Policy: on every response, errors too, strict, and changed only where a view says so."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from pytest_django import Settings

from chrysopedia.middleware import CSP_HEADER
from chrysopedia.urls import urlpatterns as shipped


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("meant to")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def named(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello", headers={CSP_HEADER: "frame-ancestors 'self' https://a.example; img-src *"})


urlpatterns = [
    path("broken", broken),
    path("forbidden", forbidden),
    path("named", named),
    *shipped,
]


@pytest.fixture
def visitor(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def directives(policy: str) -> dict[str, str]:
    return dict(directive.split(" ", 1) for directive in policy.split("; "))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/broken", 500),
        ("/forbidden", 403),
        ("/admin/login/", 200),
        ("/api/v1/docs", 200),
        ("/api/v1/nothing", 404),
        ("/static/chrysopedia/page.css", 200),
    ],
)
@pytest.mark.django_db
def test_it_is_on_every_response(visitor: Client, settings: Settings, address: str, status: int) -> None:
    settings.SERVESTATIC_USE_FINDERS = address.startswith("/static/")
    response = visitor.get(address)
    assert response.status_code == status
    assert directives(response.headers[CSP_HEADER])["default-src"] == "'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_it_is_on_the_refusal_of_a_host(visitor: Client) -> None:
    response = visitor.get("/nowhere", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert CSP_HEADER in response.headers


@pytest.mark.parametrize("address", ["/nowhere", "/api/v1/docs"])
@pytest.mark.django_db
def test_it_lets_nothing_inline_run_or_style(visitor: Client, address: str) -> None:
    policy = directives(visitor.get(address).headers[CSP_HEADER])
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in str(policy)


async def test_it_completes_what_a_view_names_in_the_header(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    policy = directives((await AsyncClient().get("/named")).headers[CSP_HEADER])
    assert policy["frame-ancestors"] == "'self' https://a.example"
    assert policy["img-src"] == "*"
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"


@pytest.mark.django_db
def test_it_asks_the_device_for_nothing(visitor: Client) -> None:
    assert "microphone=()" in visitor.get("/nowhere").headers["Permissions-Policy"]
