"""The page around a conversation: who is here, what this browser asked before, the thread and the question box."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from chat import conversations as history
from chat.catalogue.people import Front, front
from chat.conversations.owner import Owner, begin_ownership
from chat.conversations.thread import Listed, Thread
from chat.events.messages import STOPS, WORDS
from chat.events.script_words import REASONS, SCRIPT_WORDS
from chat.rendering.html import Article
from chat.views.numbers import number_in
from chrysopedia.core.problems import Problem

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
