"""Conversations outside the page: shared by a link, and exported as Markdown."""

import re
import unicodedata
from dataclasses import replace
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from chat import conversations
from chat.conversations.owner import owner_for
from chat.conversations.sharing import site_url
from chat.conversations.stored import Thread
from chat.events.messages import PLAYING, WORDS
from chat.rendering.markdown import thread_markdown, turn_text
from chat.views.home import articles_of
from chrysopedia.core.database import in_one_hop


@require_safe
async def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a conversation as it was when it was shared; nothing says whose it is, and no search engine keeps it."""
    thread = await in_one_hop(partial(conversations.shared, token))
    if thread is None:
        raise Http404
    context = {"thread": thread, "articles": articles_of(thread), "words": WORDS, "script_words": PLAYING}
    response = render(request, "chat/shared.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_store=True)
    return response


LONGEST_NAME = 60


@require_safe
async def export_markdown(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Return a conversation of the visitor's as Markdown, or with ``?turn=`` one answer of it."""
    thread = await _thread(request, conversation_id)
    return _file(thread_markdown(thread, site=site_url(request)), kind="markdown", name=f"{_name(thread)}.md")


@require_safe
async def export_text(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Return the answers of a conversation of the visitor's as plain text with citations; with ``?turn=`` only one."""
    thread = await _thread(request, conversation_id)
    text = "\n".join(turn_text(turn, site=site_url(request)) for turn in thread.turns)
    return _file(text, kind="plain", name=f"{_name(thread)}.txt")


@require_safe
async def export_shared(request: HttpRequest, token: str) -> HttpResponse:
    """Return a shared conversation as Markdown, for whoever has the link; no search engine is to keep it."""
    thread = await in_one_hop(conversations.shared, token)
    if thread is None:
        raise Http404
    response = _file(thread_markdown(thread, site=site_url(request)), kind="markdown", name=f"{_name(thread)}.md")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


async def _thread(request: HttpRequest, conversation_id: UUID) -> Thread:
    """Return what is asked for; raises ``Http404`` where it is not there, or not for this visitor."""
    thread = await in_one_hop(conversations.thread, conversation_id, owner=await owner_for(request))
    turn = request.GET.get("turn", "").lower()
    turns = tuple(one for one in thread.turns if turn in ("", str(one.id))) if thread else ()
    if thread is None or not turns:
        raise Http404
    return replace(thread, turns=turns)


def _file(text: str, *, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(text, content_type=f"text/{kind}; charset=utf-8", headers=headers)


def _name(thread: Thread) -> str:
    """Return what a file of it is called: letters and digits that every system takes."""
    plain = unicodedata.normalize("NFKD", thread.title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-") or "conversation"
