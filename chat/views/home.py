"""The page: the home of everyone and of each creator, and a conversation on it."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from chat import conversations
from chat import conversations as history
from chat.catalogue.people import Front, front
from chat.conversations.owner import Owner, begin_ownership, owner_for
from chat.conversations.stored import Listed, PastTurn, State, Thread
from chat.events.events import Heading, Question
from chat.events.messages import REASONS, SCRIPT_WORDS, STOPS, WORDS
from chat.rendering.article import Article, Opening, article_from, article_of
from chat.turns import run as service
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import FieldError, Problem, invalid


def number_in(text: str) -> float | None:
    """Return the number, or None where there is none that can be used."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None  # also refuses nan


LONGEST_QUERY = 1000


def typed_in(form: QueryDict) -> dict[str, str]:
    """Return the fields of the form; the button of an example stands for its question and its creator."""
    typed = {key: form.get(key, "") for key in ("query", "creator", "personality_weight", "conversation_id")}
    slug, _, query = form.get("example", "").partition(" ")
    return typed | {"query": query, "creator": slug} if query else typed


def question_from(typed: Mapping[str, str]) -> Question:
    """Return the question that a form holds; raises the ``Problem`` that says in words what is wrong with it."""
    query = typed["query"].replace("\r\n", "\n").strip()
    weight = number_in(typed["personality_weight"] or "0")
    if not query:
        raise invalid(FieldError("query", WORDS["empty_query"]))
    if len(query) > LONGEST_QUERY:
        raise invalid(FieldError("query", WORDS["long_query"].format(count=len(query))))
    if "\0" in query or weight is None or not 0 <= weight <= 1:
        raise invalid(FieldError("query", WORDS["unexpected"]))
    return Question(
        query=query,
        creator=typed["creator"].strip() or None,
        conversation_id=_uuid(typed["conversation_id"]),
        personality_weight=weight,
    )


def _uuid(text: str) -> UUID | None:
    """Return the id, or None for a mistyped one: the question then begins a conversation of its own."""
    try:
        return UUID(text)
    except ValueError:
        return None


LISTED = 30
"""Conversations that stand in the list."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Whose page it is and what stands on it besides an answer; ``thread`` is a conversation, if one is open."""

    owner: Owner
    front: Front
    conversations: Sequence[Listed]
    thread: Thread | None = None


def look(request: HttpRequest, *, slug: str | None = None, conversation_id: UUID | None = None) -> Surroundings:
    """Return what the page shows: all its database work, for one hop. Raises 404 where there is no such creator."""
    owner = begin_ownership(request)
    shown = front(slug)
    if shown is None:
        raise Http404
    return Surroundings(
        owner=owner,
        front=shown,
        conversations=history.conversations(owner, limit=LISTED) or (),
        thread=history.thread(conversation_id, owner=owner) if conversation_id else None,
    )


def page(
    request: HttpRequest,
    around: Surroundings,
    *,
    typed: dict[str, str],
    asked: str,
    articles: Sequence[Article] = (),
    conversation_id: str = "",
    problem: Problem | None = None,
) -> HttpResponse:
    """Return the page; ``typed`` are the fields of the form, ``asked`` is the slug of who the next question goes to."""
    weight = number_in(typed.get("personality_weight", "")) or 0.0
    person = next((person for person in around.front.people if person.slug == asked), None)
    thread = around.thread
    context = {
        "front": around.front,
        "articles": articles,
        "running": thread.running_turn_id if thread else None,
        "conversations": around.conversations,
        "keeps": settings.KEEP_CONVERSATIONS,
        "notice": notice_of(problem) if problem else "",
        "typed": typed.get("query", ""),
        "conversation_id": conversation_id or typed.get("conversation_id", ""),
        "asked": person.slug if person else "",
        "weight": weight,
        "voice": person.voice if person else (),
        "voice_why": _why_silent(person.name if person else ""),
        "stop": round(min(max(weight, 0.0), 1.0) * (len(STOPS) - 1)),
        "stops": STOPS,
        "words": WORDS,
        "script_words": SCRIPT_WORDS,
        "reasons": REASONS,
    }
    response = render(request, "chat/home.html", context, status=problem.status if problem else HTTPStatus.OK)
    for name, value in (problem.headers if problem else {}).items():
        response.headers[name] = value
    patch_cache_control(response, private=True, no_cache=True)
    return response


def notice_of(problem: Problem) -> str:
    """Return in words what a refusal says, and how long to wait."""
    reasons = " ".join(error.reason for error in problem.errors) or problem.detail
    seconds = problem.headers.get("Retry-After")
    return f"{reasons} {WORDS['retry'].format(seconds=seconds)}" if seconds else reasons


def _why_silent(name: str) -> str:
    return WORDS["voice_unknown"].format(creator=name) if name else WORDS["voice_choose"]


logger = logging.getLogger(__name__)


def articles_of(thread: Thread) -> tuple[Article, ...]:
    """Return the turns of a conversation as articles, oldest first."""
    return tuple(article_of_turn(turn, conversation_id=thread.conversation_id) for turn in thread.turns)


def article_of_turn(turn: PastTurn, *, conversation_id: UUID) -> Article:
    """Return a kept turn as an article; one that never came to an end says so."""
    opening = Opening(
        heading=Heading(turn.question, creator=turn.creator_slug, name=turn.creator_name, weight=turn.weight),
        turn_id=str(turn.id),
        conversation_id=str(conversation_id),
        rating=turn.feedback.rating if turn.feedback else "",
    )
    error = WORDS[f"turn_{turn.state}"] if turn.state in {State.FAILED, State.LOST} else ""
    return article_of(opening, sources=turn.sources, text=turn.answer, end=turn.done, error=error)


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
