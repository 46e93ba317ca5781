"""The edge of the program: what is refused of a request before Django reads it, whichever server runs it."""

import asyncio
import codecs
import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from types import MappingProxyType
from urllib.parse import unquote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.http import parse_header_parameters

from chrysopedia.admission import Admission
from chrysopedia.core.asgi_types import Application, Headers, Receive, Scope, Send
from chrysopedia.core.errors import OPENAI, Problem, written
from chrysopedia.core.limits import Kind, UsedUp, client_address
from chrysopedia.core.output import JSONEncoder
from chrysopedia.middleware import CSP_HEADER, STRICT_CSP
from chrysopedia.request_bodies import BoundedBody, arrived, body_limit, too_large

ASKED: Mapping[str, Kind] = MappingProxyType(
    {
        "/api/v1/chat": "questions",
        "/chat/ask": "questions",
        "/v1/chat/completions": "questions",
        "/v1/responses": "questions",
        "/api/v1/ui/chat": "questions",
        "/api/v1/agui": "questions",
        "/mcp": "questions",
        "/api/v1/search": "searches",
        "/v1/embeddings": "searches",
    }
)
READ = re.compile(r"(?:/api/v1/chat|/chat/turns)/[^/]+/events|/api/v1/ui/chat/[^/]+/stream")
"""Where an answer is read again, as it is written."""
PAUSE = 1.0
"""Seconds that whoever comes too early, again, waits for being refused."""
MOST_HELD = 1000
"""Requests that are kept waiting at most; each costs a few kilobytes."""
OF_BODIES = (408, 413)
"""Statuses by which a body is refused."""
LINGER = 1.0
"""Seconds between the refusal of a body and the end of its connection, in which whoever still sends may see it."""


def has_session(named: Mapping[bytes, bytes]) -> bool:
    """Tell whether a request comes with the cookie of a session, be there one or not."""
    return settings.SESSION_COOKIE_NAME.encode() in named.get(b"cookie", b"")


def is_counted_apart(named: Mapping[bytes, bytes]) -> bool:
    """Tell whether a request comes with a session or a key, valid or not, which has limits beside its address's."""
    return has_session(named) or named.get(b"authorization", b"").lower().startswith(b"bearer cp_")


def address_in(scope: Scope, named: Mapping[bytes, bytes]) -> str | None:
    """Return the address of whoever sent a request."""
    peer, forwarded = (scope.get("client") or ("",))[0], named.get(b"x-forwarded-for", b"").decode("latin-1")
    return client_address(peer, forwarded, trusted=settings.TRUSTED_PROXIES)


def unreadable(named: Mapping[bytes, bytes]) -> Problem | None:
    """Return the 400 for a ``Content-Type`` that Django tries to read a body by, and then answers with 500."""
    try:
        charset = parse_header_parameters(named.get(b"content-type", b"").decode("latin-1"))[1].get("charset", "utf-8")
        if _is_known(charset):
            b"a".decode(charset, "replace")  # a LookupError for hex, a UnicodeError for idna
    except (LookupError, ValueError):
        return Problem(status=400, title="Unreadable header", detail="Send a Content-Type without a charset, or utf-8.")
    return None


def _is_known(charset: str) -> bool:
    try:
        return bool(codecs.lookup(charset))
    except LookupError:  # Django takes UTF-8 then
        return False


class Edge:
    """An application before the program's own: bounds the bodies that it is given, and answers probes by itself."""

    def __init__(
        self, application: Application, *, probes: Mapping[str, Application], admission: Admission | None = None
    ) -> None:
        self._application = application
        self._probes = probes
        self._admission = admission or Admission()
        self._refused = UsedUp()
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have the program answer it."""
        if probe := self._probes.get(scope["path"]):
            await probe(scope, receive, send)
            return
        if scope["method"] == "HEAD" and scope["path"].startswith("/api/"):
            scope = {**scope, "method": "GET"}  # views of the API know GET alone; the server leaves the body out
        names = {name.lower(): value for name, value in scope["headers"]}
        if scope["path"] not in ASKED and not READ.fullmatch(scope["path"]):
            await self._bounded(scope, receive, send, names)
            return
        address = address_in(scope, names) or ""
        kind = ASKED.get(scope["path"])
        with ExitStack() as inside:
            try:
                inside.enter_context(self._counted(scope, names, address))
                if kind:
                    receive = await arrived(scope, receive, names)
                    inside.enter_context(self._admission.seated(kind, address=address))
            except Problem as problem:
                await self._hold_back(problem, address)
                await send_problem(problem, scope, send, linger=LINGER if problem.status in OF_BODIES else 0)
                return
            await self._bounded(scope, receive, send, names)

    def _counted(self, scope: Scope, named: Mapping[bytes, bytes], address: str) -> AbstractContextManager[None]:
        """Return the block within which a question, a search or a reader of a visitor is counted."""
        kind = ASKED.get(scope["path"])
        if kind is None:
            return self._admission.reading(address=address, has_session=has_session(named))
        return self._admission.coming(kind, address=address, is_apart=is_counted_apart(named))

    async def _hold_back(self, problem: Problem, address: str) -> None:
        """Keep whoever comes again before they were told to waiting for a while, so that they ask less often.

        Some hundred refusals a second take a core, and every question of everybody else twice as long.
        """
        if not address:
            return
        if self._refused.seconds_left(address) and self._held < MOST_HELD:
            self._held += 1
            try:
                await asyncio.sleep(PAUSE)
            finally:
                self._held -= 1
        self._refused.note(address, float(problem.headers.get("Retry-After", 0)))

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, names: Mapping[bytes, bytes]) -> None:
        """Have the program answer a request, whose body is bounded."""
        if problem := unreadable(names):
            await send_problem(problem, scope, send)
            return
        if b"content-length" not in names and b"transfer-encoding" not in names:
            await self._application(scope, receive, send)
            return
        limit = body_limit(scope["path"], scope["headers"])
        declared = names.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await send_problem(too_large(limit), scope, send, linger=LINGER)
            return
        body = BoundedBody(receive, limit=limit)
        await self._application(scope, body.receive, send)
        if body.refusal:
            await send_problem(body.refusal, scope, send, linger=LINGER)


async def send_problem(problem: Problem, scope: Scope, send: Send, *, linger: float = 0) -> None:
    """Answer with a problem, and close the connection so many seconds later: what may still come is not wanted.

    A client that is in the middle of sending when it is closed meets a reset, and may lose the answer with it.
    """
    headers, body = rendered(problem, path=scope["path"], headers=scope["headers"])
    status = written(problem, path=scope["path"])[0]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    sent = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": sent, "more_body": bool(linger)})
    if linger:
        await asyncio.sleep(linger)
        await send({"type": "http.response.body", "body": b""})


def rendered(problem: Problem, *, path: str, headers: Headers) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return a problem as a response's headers and body: a page for browsers, a problem document for all others."""
    sent = {name.lower(): value for name, value in headers}
    is_page = b"text/html" in sent.get(b"accept", b"") and not path.startswith(("/api/", OPENAI))
    if is_page:
        text: str = render_to_string("refused.html", {"problem": problem})
        kind = "text/html; charset=utf-8"
    else:
        _, kind, document = written(problem, path=path)
        text = json.dumps(document, ensure_ascii=False, cls=JSONEncoder)
    body = text.encode()
    named = {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Connection": "close",
        "X-Content-Type-Options": "nosniff",
        CSP_HEADER: STRICT_CSP,
        **problem.headers,
        **_cors(sent.get(b"origin", b"").decode("latin-1")),
    }
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()], body


def _cors(origin: str) -> dict[str, str]:
    """Let the pages of other sites read why they were refused, where they may call the API at all."""
    if origin not in settings.CORS_ALLOWED_ORIGINS:
        return {}
    exposed = ", ".join(settings.CORS_EXPOSE_HEADERS)
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed, "Vary": "Origin"}


def path_of(target: bytes) -> str:
    """Return the path in a request's target, as applications get it."""
    return unquote(target.partition(b"?")[0].decode("latin-1"))


def at_path(path: str, application: Application) -> Application:
    """Return an application that answers WebSockets at this path, and refuses them everywhere else."""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        await (application if scope["path"] == path else refuse_websocket)(scope, receive, send)

    return route


async def refuse_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket: nothing here speaks it, and the client is answered with 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
