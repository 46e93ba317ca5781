"""Requests take no thread for what Django's middleware only computes, and one where it may read or write."""

import asyncio
from collections.abc import Mapping
from threading import current_thread, main_thread
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from pytest_django import Settings

from chrysopedia.async_middleware import Sessions


def threads() -> int:
    """Return how many threads this request has taken."""
    return int(SyncToAsync.thread_sensitive_context.get() in SyncToAsync.context_to_thread_executor)


@csrf_exempt
async def program(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{threads()}")


async def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{threads()}")


urlpatterns = [path("program", program), path("form", form)]


@pytest.fixture
def handler(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ASGIHandler:
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver"]
    monkeypatch.setattr(request_started, "receivers", [])  # as chrysopedia.asgi leaves them
    return ASGIHandler()


async def ask(handler: ASGIHandler, asked: str, *, method: str = "POST") -> tuple[int, bytes]:
    headers = [(b"host", b"testserver"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope: dict[str, Any] = {"type": "http", "method": method, "path": asked, "query_string": b"", "headers": headers}
    asked_for, sent = iter([{"type": "http.request", "body": b"a=b"}]), list[Mapping[str, Any]]()

    async def receive() -> dict[str, Any]:
        for message in asked_for:
            return message
        return await asyncio.Future[dict[str, Any]]()

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await handler(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


async def test_it_takes_no_thread_for_a_program(handler: ASGIHandler) -> None:
    assert await ask(handler, "/program") == (200, b"0")


async def test_it_takes_no_thread_for_a_page_that_is_read(handler: ASGIHandler) -> None:
    assert await ask(handler, "/form", method="GET") == (200, b"0")


async def test_it_still_asks_forms_for_their_token(handler: ASGIHandler) -> None:
    assert (await ask(handler, "/form"))[0] == 403


async def test_it_stores_a_session_in_a_thread(rf: Any) -> None:
    seen: list[bool] = []

    class Seen(Sessions):
        def process_response(self, request: Any, response: Any) -> Any:
            seen.append(current_thread() is not main_thread())
            return response

    async def changed(request: HttpRequest) -> HttpResponse:
        request.session["a"] = "b"
        return HttpResponse()

    await Seen(changed).__acall__(rf.get("/"))
    assert seen == [True]
