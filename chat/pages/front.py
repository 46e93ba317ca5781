"""The front: who is here, the box for a question, and the answer in place where no script runs."""

from contextlib import aclosing
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from chat import service
from chat.owner import Owner, begin_ownership
from chat.pages.asking import question_from, typed_in
from chat.pages.numbers import number_in
from chat.renderers.html import Article, Opening, article_from
from chat.script_words import REASONS, SCRIPT_WORDS
from chat.showcase import Front, front
from chat.words import STOPS, WORDS
from creators.database import in_one_hop
from creators.problem import Problem


@require_http_methods(["GET", "HEAD", "POST"])
async def home(request: HttpRequest) -> HttpResponse:
    """Show the front with nobody chosen, or answer a question in place."""
    return await _front(request, slug=None)


@require_http_methods(["GET", "HEAD", "POST"])
async def creator(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the front with one creator chosen, or answer a question in place."""
    return await _front(request, slug=slug)


async def _front(request: HttpRequest, *, slug: str | None) -> HttpResponse:
    get_token(request)
    owner, shown = await in_one_hop(_look, request, slug)
    if shown is None:
        raise Http404
    if request.method != "POST":
        return _page(request, shown, typed={"query": request.GET.get("query", "")})
    typed = typed_in(request.POST)
    try:
        article = await _answer(owner, typed=typed)
    except Problem as problem:
        page = _page(request, shown, typed=typed, problem=problem)
        for name, value in problem.headers.items():
            page.headers[name] = value
        return page
    return _page(request, shown, typed=typed, article=article)


def _look(request: HttpRequest, slug: str | None) -> tuple[Owner, Front | None]:
    """Return the visitor as owner of what they ask, and what the page shows: all its database work in one hop."""
    return begin_ownership(request), front(slug)


async def _answer(owner: Owner, *, typed: dict[str, str]) -> Article:
    run = await service.ask(question_from(typed), owner=owner)
    opening = Opening(run.heading, str(run.turn.id), str(run.turn.conversation_id))
    async with aclosing(run.events()) as events:
        return await article_from(events, opening=opening)


def _page(
    request: HttpRequest,
    shown: Front,
    *,
    typed: dict[str, str],
    article: Article | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    weight = number_in(typed.get("personality_weight", "")) or 0.0
    asked = typed.get("creator", "") if request.method == "POST" else (shown.chosen.slug if shown.chosen else "")
    person = next((person for person in shown.people if person.slug == asked), None)
    context = {
        "front": shown,
        "articles": [article] if article else [],
        "notice": _notice(problem) if problem else "",
        "typed": typed["query"] if problem or request.method != "POST" else "",
        "conversation_id": article.opening.conversation_id if article else typed.get("conversation_id", ""),
        "asked": asked,
        "weight": weight,
        "voice": person.voice if person else (),
        "voice_why": _why_silent(person.name if person else ""),
        "stop": round(min(max(weight, 0.0), 1.0) * (len(STOPS) - 1)),
        "stops": STOPS,
        "words": WORDS,
        "script_words": SCRIPT_WORDS,
        "reasons": REASONS,
    }
    status = problem.status if problem else HTTPStatus.OK
    response = render(request, "chat/home.html", context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _notice(problem: Problem) -> str:
    reasons = " ".join(error.reason for error in problem.errors) or problem.detail
    seconds = problem.headers.get("Retry-After")
    return f"{reasons} {WORDS['retry'].format(seconds=seconds)}" if seconds else reasons


def _why_silent(name: str) -> str:
    return WORDS["voice_unknown"].format(creator=name) if name else WORDS["voice_choose"]
