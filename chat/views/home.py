"""The front, a creator's own, and a conversation: each a page that also takes questions where no script runs."""

from collections.abc import Mapping
from contextlib import aclosing
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from chat import conversations
from chat.conversations.owner import Owner, owner_for
from chat.conversations.thread import Thread
from chat.events.messages import WORDS
from chat.rendering.html import Article, Opening, article_from
from chat.turns import run as service
from chat.views.articles import articles_of
from chat.views.asking import question_from, typed_in
from chat.views.layout import Surroundings, look, page
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.problems import Problem

FRAGMENT = "X-Fragment"
"""The header by which the page's script asks for the thread of a conversation alone."""


@require_http_methods(["GET", "HEAD", "POST"])
async def home(request: HttpRequest) -> HttpResponse:
    """Show the front with nobody chosen, or answer a question."""
    get_token(request)
    around = await in_one_hop(partial(look, request))
    return await _answered(request, around) if request.method == "POST" else _front(request, around)


@require_http_methods(["GET", "HEAD", "POST"])
async def creator(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the front with one creator chosen, or answer a question."""
    get_token(request)
    around = await in_one_hop(partial(look, request, slug=slug))
    return await _answered(request, around) if request.method == "POST" else _front(request, around)


@require_http_methods(["GET", "HEAD", "POST"])
async def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show a conversation of this browser, or its thread alone, or answer a question in it."""
    if request.headers.get(FRAGMENT) == "thread":
        return await _thread(request, conversation_id)
    get_token(request)
    around = await in_one_hop(partial(look, request, conversation_id=conversation_id))
    if request.method == "POST":
        return await _answered(request, around)
    if around.thread is None:
        gone = Problem(status=404, title="Not found", detail=WORDS["conversation_gone"])
        return page(request, around, typed={}, asked="", problem=gone)
    articles = articles_of(around.thread)
    return page(
        request,
        around,
        typed={"personality_weight": str(articles[-1].heading.weight)} if articles else {},
        asked=articles[-1].heading.creator if articles else "",
        articles=articles,
        conversation_id=str(conversation_id),
    )


def _front(request: HttpRequest, around: Surroundings) -> HttpResponse:
    chosen = around.front.chosen
    return page(request, around, typed={"query": request.GET.get("query", "")}, asked=chosen.slug if chosen else "")


async def _answered(request: HttpRequest, around: Surroundings) -> HttpResponse:
    """Answer what the form asks: on the conversation's own page where it is kept, so that a reload asks nothing."""
    typed = typed_in(request.POST)
    try:
        article = await _article(around.owner, typed)
    except Problem as problem:
        kept = articles_of(around.thread) if around.thread else ()
        return page(request, around, typed=typed, asked=typed["creator"], articles=kept, problem=problem)
    opening = article.opening
    if settings.KEEP_CONVERSATIONS and not article.error:
        address = reverse("conversation", args=[opening.conversation_id])
        return HttpResponseRedirect(f"{address}#turn-{opening.turn_id}")
    typed = typed if article.error else {**typed, "query": ""}
    conversation_id = opening.conversation_id
    return page(
        request, around, typed=typed, asked=typed["creator"], articles=[article], conversation_id=conversation_id
    )


async def _article(owner: Owner, typed: Mapping[str, str]) -> Article:
    run = await service.ask(question_from(typed), owner=owner)
    opening = Opening(run.heading, str(run.turn.id), str(run.turn.conversation_id))
    async with aclosing(run.events()) as events:
        return await article_from(events, opening=opening)


async def _thread(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    owner = await owner_for(request)
    thread: Thread | None = await in_one_hop(partial(conversations.thread, conversation_id, owner=owner))
    if thread is None:
        raise Problem(status=404, title="Not found", detail=WORDS["conversation_gone"])
    context = {
        "articles": articles_of(thread),
        "running": thread.running_turn_id,
        "conversation_id": conversation_id,
        "words": WORDS,
    }
    response = render(request, "chat/thread.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response
