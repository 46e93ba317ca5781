"""The Model Context Protocol at ``/mcp`` and over standard input: JSON-RPC, of both eras, without sessions.

Revisions up to 2025-11-25 begin with a handshake; since 2026-07-28 each request says in ``_meta`` and in headers what
it is. Nothing is remembered between requests in either, so any process answers any of them.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import TypeAdapter, ValidationError

from chat.conversations.owner import caller_for
from chat.conversations.sharing import site_url
from chat.doors.mcp_tools import SCHEME, TOOLS, Caller, call_tool
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.text import Text

HANDSHAKE: Final = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
MODERN: Final = ("2026-07-28",)
PARSE, REQUEST, METHOD, PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
MISMATCH, UNSUPPORTED = -32020, -32022
STATUSES = {PARSE: 400, REQUEST: 400, PARAMS: 400, MISMATCH: 400, UNSUPPORTED: 400, METHOD: 404}
"""HTTP statuses of errors since 2026-07-28; before, an error is a reply like any other."""
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"
CANCELLED = "notifications/cancelled"
NAMES = {"tools/call": "name", "resources/read": "uri"}
"""The parameter that the header ``Mcp-Name`` repeats."""
LISTS = frozenset({"server/discover", "tools/list", "resources/list", "resources/templates/list", "resources/read"})
"""What may be kept by a client for a while."""
KEPT = 60_000
"""Milliseconds for that."""
logger = logging.getLogger(__name__)
_SLUG: TypeAdapter[str] = TypeAdapter(Text)

SERVER = {"name": "chrysopedia", "title": "Chrysopedia", "version": settings.VERSION}
CAPABILITIES: Mapping[str, Any] = {"tools": {"listChanged": False}, "resources": {"listChanged": False}}
INSTRUCTIONS = (
    "Answers and passages from what creators have said. Call ask for an answer with sources, search for passages. Name "
    "the sources with their seconds; where coverage is partly or none, say so."
)


@dataclass(frozen=True, slots=True)
class RpcError(Exception):
    """An error as JSON-RPC has it."""

    code: int
    message: str
    data: Any = None


@csrf_exempt  # caller_for asks for the token where there is a session
async def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one message; there are no sessions to end, and no stream to listen to."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _require_known_origin(request)
    known = await caller_for(request, scope=None)
    caller = Caller(known.owner, site_url(request), known.allowance, permit=known.require, terms=known.terms)
    reply = await answer(request.body, caller, headers=request.headers)
    if reply is None:
        return HttpResponse(status=202)
    is_modern = request.headers.get("MCP-Protocol-Version", "") in MODERN
    code = reply.get("error", {}).get("code")
    is_broken = code in {PARSE, REQUEST}
    return JsonResponse(reply, status=STATUSES.get(code, 200) if code and (is_modern or is_broken) else 200)


def _require_known_origin(request: HttpRequest) -> None:
    """Raise ``Problem`` 403 for a page of another site, which might have got here by a name that it rebound."""
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.get_host() and origin not in settings.CORS_ALLOWED_ORIGINS:
        raise Problem(status=403, title="Forbidden", detail="This site isn't named in CORS_ALLOWED_ORIGINS.")


async def serve_lines(lines: AsyncIterator[bytes], write: Callable[[str], None], *, caller: Caller) -> None:
    """Answer messages that come as lines, several at once, until there are no more; what is cancelled has no reply."""
    asked: dict[str | int, asyncio.Task[None]] = {}

    async def reply(line: bytes) -> None:
        try:
            found = await answer(line, caller)
        except Exception:  # else one message would take the answers to all others with it
            logger.exception("a message could not be answered")
            identifier, _ = _names(line)
            told = {"code": INTERNAL, "message": "Something went wrong here. Try again later."}
            found = {"jsonrpc": "2.0", "id": identifier, "error": told}
        if found is not None:
            write(json.dumps(found, ensure_ascii=False) + "\n")

    async with asyncio.TaskGroup() as group:
        async for line in lines:
            identifier, is_cancelled = _names(line)
            if is_cancelled and (task := asked.get(identifier)):
                task.cancel()
            elif line.strip() and not is_cancelled:
                asked[identifier] = group.create_task(reply(line))
                asked = {one: task for one, task in asked.items() if not task.done()}


def _names(line: bytes) -> tuple[str | int, bool]:
    """Return the id of a message, "" without one, and False; or the id of the request that it cancels, and True."""
    with suppress(RpcError):
        message = _message(line)
        if message["method"] == CANCELLED:
            named = (message.get("params") or {}).get("requestId")
            return (named if isinstance(named, str | int) else ""), True
        return message.get("id", ""), False
    return "", False


async def answer(body: bytes, caller: Caller, *, headers: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """Return the reply to a message, None to a notification. ``headers`` are those of HTTP, None elsewhere."""
    identifier: Any = None
    try:
        message = _message(body)
        if "id" not in message:
            return None
        identifier = message["id"]
        method, params = message["method"], message.get("params") or {}
        is_modern = VERSION_KEY in params.get("_meta", {}) or (headers or {}).get("MCP-Protocol-Version") in MODERN
        if is_modern:
            _require_envelope(method, params, headers)
        result = await _result(method, params, caller, is_modern=is_modern)
    except RpcError as error:
        told = {"code": error.code, "message": error.message}
        return {
            "jsonrpc": "2.0",
            "id": identifier,
            "error": told if error.data is None else {**told, "data": error.data},
        }
    return {"jsonrpc": "2.0", "id": identifier, "result": _stamped(method, result) if is_modern else result}


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise RpcError(PARSE, "The body is no JSON.") from None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        raise RpcError(REQUEST, "Send one JSON-RPC 2.0 request or notification.")
    if "id" in message and (isinstance(message["id"], bool) or not isinstance(message["id"], str | int)):
        raise RpcError(REQUEST, "An id is a string or a whole number.")
    params = message.get("params")
    if params is not None and not isinstance(params, dict):
        raise RpcError(PARAMS, "params must be an object.")
    if not isinstance((params or {}).get("_meta", {}), dict):
        raise RpcError(PARAMS, "params._meta must be an object.")
    return message


def _require_envelope(method: str, params: Mapping[str, Any], headers: Mapping[str, str] | None) -> None:
    """Raise ``RpcError`` where a request of 2026-07-28 or later doesn't say what it is, or says two things."""
    meta = params.get("_meta", {})
    if missing := [key for key in (VERSION_KEY, CAPABILITIES_KEY) if key not in meta]:
        raise RpcError(PARAMS, f"params._meta lacks {', '.join(missing)}.")
    version = meta[VERSION_KEY]
    if headers is not None:
        name = params.get(NAMES.get(method, ""))
        told = {"MCP-Protocol-Version": version, "Mcp-Method": method} | ({"Mcp-Name": name} if name else {})
        for header, value in told.items():
            if headers.get(header) != value:
                raise RpcError(MISMATCH, f"The header {header} says something else than the request.")
    if version not in MODERN:
        data = {"supported": [*MODERN, *HANDSHAKE], "requested": str(version)}
        raise RpcError(UNSUPPORTED, "This revision of the protocol is not spoken here.", data)


def _stamped(method: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result with what it has since 2026-07-28."""
    kept = {"ttlMs": KEPT, "cacheScope": "public"} if method in LISTS else {}
    return {"resultType": "complete", "_meta": {SERVER_KEY: SERVER}, **kept, **result}


Handler = Callable[[Mapping[str, Any], Caller], Awaitable[dict[str, Any]]]


async def _result(method: str, params: Mapping[str, Any], caller: Caller, *, is_modern: bool) -> dict[str, Any]:
    handler = {**_HANDLERS, **(_MODERN_HANDLERS if is_modern else _HANDSHAKE_HANDLERS)}.get(method)
    if handler is None:
        raise RpcError(METHOD, f"There is no method {method!r} here.")
    return await handler(params, caller)


async def _initialize(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    asked = params.get("protocolVersion")
    return {
        "protocolVersion": asked if asked in HANDSHAKE else HANDSHAKE[0],
        "capabilities": CAPABILITIES,
        "serverInfo": SERVER,
        "instructions": INSTRUCTIONS,
    }


async def _discover(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    return {"supportedVersions": list(MODERN), "capabilities": CAPABILITIES, "instructions": INSTRUCTIONS}


async def _ping(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    return {}


async def _list_tools(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    tools = [
        {
            "name": name,
            "title": tool.arguments.__doc__,
            "description": tool.description,
            "inputSchema": {**tool.arguments.model_json_schema(), "type": "object"},
            "annotations": {"readOnlyHint": True, "openWorldHint": False},
        }
        for name, tool in TOOLS.items()
    ]
    return {"tools": tools}


async def _call_tool(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    name, arguments = str(params.get("name")), params.get("arguments") or {}
    if name not in TOOLS or not isinstance(arguments, dict):
        raise RpcError(PARAMS, f"There is no tool {name!r}, or its arguments are no object.")
    return await call_tool(name, arguments, caller)


async def _list_resources(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    cursor = params.get("cursor") or "0"
    if not (isinstance(cursor, str) and cursor.isdecimal() and len(cursor) < 10):
        raise RpcError(PARAMS, "This cursor comes from somewhere else.")
    works, has_more = await in_one_hop(caller.library.works_after, int(cursor))
    resources = [
        {"uri": SCHEME + work["slug"], "name": work["slug"], "title": work["title"], "mimeType": "text/plain"}
        for work in works
    ]
    return {"resources": resources} | ({"nextCursor": str(int(cursor) + len(works))} if has_more else {})


async def _list_templates(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    return {"resourceTemplates": [{"uriTemplate": f"{SCHEME}{{slug}}", "name": "work", "mimeType": "text/plain"}]}


async def _read_resource(params: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    uri = params.get("uri")
    try:
        slug = _SLUG.validate_python(str(uri).removeprefix(SCHEME))
        text = await in_one_hop(caller.library.transcript, slug)
    except ValidationError:
        raise RpcError(PARAMS, "This is no address of a work.") from None
    except Problem as problem:
        raise RpcError(PARAMS, problem.detail, {"uri": uri}) from None
    return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": text}]}


_HANDLERS: Mapping[str, Handler] = {
    "tools/list": _list_tools,
    "tools/call": _call_tool,
    "resources/list": _list_resources,
    "resources/templates/list": _list_templates,
    "resources/read": _read_resource,
}
_HANDSHAKE_HANDLERS: Mapping[str, Handler] = {"initialize": _initialize, "ping": _ping}
_MODERN_HANDLERS: Mapping[str, Handler] = {"server/discover": _discover}
