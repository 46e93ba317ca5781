"""Conversations that are kept: on the page, as others may read them by a link, and as files to take away."""

import re
import unicodedata
from dataclasses import replace
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from chat import conversations
from chat.catalogue.linked_data import json_ld, share_node
from chat.conversations.owner import owner_for
from chat.conversations.sharing import site_url
from chat.conversations.stored import StoredConversation
from chat.events.messages import MESSAGES, PLAYER_MESSAGES
from chat.rendering.article import Article, articles_of
from chat.rendering.markdown import conversation_markdown, turn_text
from chat.views.home import QuestionForm, answer, page_context, render_page, with_next
from chat.views.previews import share_preview
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem

FRAGMENT = "X-Fragment"
"""The header by which the page's script asks for the turns of a conversation alone."""
NAME_LENGTH = 60
"""Characters of a file's name, without its ending."""


@require_http_methods(["GET", "HEAD", "POST"])
async def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show a conversation of this browser, or its turns alone, or answer a question in it."""
    if request.headers.get(FRAGMENT) == "thread":
        return await _fragment(request, conversation_id)
    get_token(request)
    context = await in_one_hop(partial(page_context, request, conversation_id=conversation_id))
    if request.method == "POST":
        return await answer(request, context)
    if context.conversation is None:
        return render_page(request, context, form=QuestionForm(), problem=_gone())
    articles = await in_one_hop(_articles, context.conversation)
    typed: dict[str, object] = {"conversation_id": conversation_id}
    if articles:
        heading = articles[-1].head
        typed |= {"creator": heading.creator, "personality_weight": heading.weight}
    return render_page(request, context, form=QuestionForm(initial=typed), articles=articles)


async def _fragment(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    conversation = await in_one_hop(conversations.conversation, conversation_id, owner=await owner_for(request))
    if conversation is None:
        raise _gone()
    context = {
        "articles": await in_one_hop(_articles, conversation),
        "running": conversation.running_turn_id,
        "conversation_id": conversation_id,
        "words": MESSAGES,
    }
    return render(request, "chat/thread.html", context)


def _articles(conversation: StoredConversation) -> tuple[Article, ...]:
    return with_next(articles_of(conversation))


def _gone() -> Problem:
    return Problem(status=404, title="Not found", detail=MESSAGES["conversation_gone"])


@require_safe
async def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a conversation as it was when it was shared; nothing says whose it is, and no search engine keeps it."""
    conversation = await _shared_asked_for(token)
    context = {
        "conversation": conversation,
        "articles": articles_of(conversation),
        "words": MESSAGES,
        "script_words": PLAYER_MESSAGES,
        **await in_one_hop(partial(_preview, conversation, token=token, site=site_url(request))),
    }
    response = render(request, "chat/shared.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _preview(conversation: StoredConversation, *, token: str, site: str) -> dict[str, object]:
    """Return what other sites and programs are told of a shared conversation."""
    preview = share_preview(conversation, token=token, site=site)
    return {"preview": preview, "linked_data": json_ld(share_node(conversation, url=preview.url, site=site))}


@require_safe
async def export_shared(request: HttpRequest, token: str) -> HttpResponse:
    """Return a shared conversation as Markdown, for whoever has the link; no search engine is to keep it."""
    conversation = await _shared_asked_for(token)
    text = conversation_markdown(conversation, site=site_url(request))
    response = _file(text, kind="markdown", name=f"{_name(conversation)}.md")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


async def _shared_asked_for(token: str) -> StoredConversation:
    conversation = await in_one_hop(conversations.shared, token)
    if conversation is None:
        raise Http404
    return conversation


@require_safe
async def export_markdown(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Return a conversation of the visitor's as Markdown, or with ``?turn=`` one answer of it."""
    conversation = await _own_asked_for(request, conversation_id)
    text = conversation_markdown(conversation, site=site_url(request))
    return _file(text, kind="markdown", name=f"{_name(conversation)}.md")


@require_safe
async def export_text(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Return the answers of a conversation of the visitor's as plain text with citations; with ``?turn=`` only one."""
    conversation = await _own_asked_for(request, conversation_id)
    text = "\n".join(turn_text(turn, site=site_url(request)) for turn in conversation.turns)
    return _file(text, kind="plain", name=f"{_name(conversation)}.txt")


async def _own_asked_for(request: HttpRequest, conversation_id: UUID) -> StoredConversation:
    """Return the visitor's conversation, with the turn of ``?turn=`` alone if there is one; raises ``Http404``."""
    conversation = await in_one_hop(conversations.conversation, conversation_id, owner=await owner_for(request))
    turn = request.GET.get("turn", "").lower()
    turns = tuple(one for one in conversation.turns if turn in ("", str(one.head.turn_id))) if conversation else ()
    if conversation is None or not turns:
        raise Http404
    return replace(conversation, turns=turns)


def _file(text: str, *, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"text/{kind}; charset=utf-8", headers=headers)


def _name(conversation: StoredConversation) -> str:
    """Return what a file of it is called, without its ending: letters, digits and dashes that every system takes."""
    plain = unicodedata.normalize("NFKD", conversation.title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:NAME_LENGTH].strip("-") or "conversation"
