"""Django's own middleware on the event loop: what it does to a request is computing, which needs no thread.

Django runs each of its steps in a thread of the request's own, one after the other: eight turns before a view begins
and six behind it, for what takes microseconds. Here a step goes to that thread only where it may read or write.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware

GetResponse = Callable[[HttpRequest], Any]
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods of which Django asks for no CSRF token."""


class OnLoop:
    """Runs the steps of a Django middleware on the loop; a subclass says which of its ends belong in a thread."""

    get_response: GetResponse

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        """Take a request there and back, as ``MiddlewareMixin`` does in threads."""
        begin, end = getattr(self, "process_request", None), getattr(self, "process_response", None)
        refusal: HttpResponseBase | None = begin(request) if begin else None
        response: HttpResponseBase = refusal or await self.get_response(request)
        if end is None:
            return response
        ended: HttpResponseBase = (
            await sync_to_async(end)(request, response) if self.may_write(request) else end(request, response)
        )
        return ended

    def may_write(self, request: HttpRequest) -> bool:
        """Say whether the middleware may use the database on the way back."""
        return False


class Security(OnLoop, SecurityMiddleware):
    """Sends to https, and sets the headers that browsers heed."""


class Sessions(OnLoop, SessionMiddleware):
    """Gives a request its session, which reads nothing until it is looked into."""

    def may_write(self, request: HttpRequest) -> bool:
        """Say whether there is something to store."""
        return settings.SESSION_SAVE_EVERY_REQUEST or request.session.modified


class Common(OnLoop, CommonMiddleware):
    """Checks the host, adds slashes and lengths."""


class Csrf(OnLoop, CsrfViewMiddleware):
    """Asks for a CSRF token; where one must be looked for in a form, which may be an upload, in a thread."""

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            self.process_view: Callable[..., Any] = self._process_view

    async def _process_view(
        self, request: HttpRequest, callback: Callable[..., Any], arguments: Any, named: Any
    ) -> HttpResponseBase | None:
        check = super().process_view
        if request.method in SAFE or getattr(callback, "csrf_exempt", False):
            return check(request, callback, arguments, named)
        return await sync_to_async(check)(request, callback, arguments, named)


class Authentication(OnLoop, AuthenticationMiddleware):
    """Gives a request its user, who is read when asked for."""


class Messages(OnLoop, MessageMiddleware):
    """Gives a request the messages of the admin, which are read and kept where there are any."""

    def may_write(self, request: HttpRequest) -> bool:
        """Say whether messages were shown or added, which may lie in the session."""
        messages = getattr(request, "_messages", None)
        return messages is not None and bool(messages.used or messages.added_new)


class Frames(OnLoop, XFrameOptionsMiddleware):
    """Keeps pages out of frames."""
