"""The pages: the front with its questions and answers, a creator's own front, and the transcript of a work."""

from contextlib import aclosing
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from chat import service
from chat.owner import Owner, begin_ownership
from chat.renderers.html import Article, article_from
from chat.showcase import Front, front
from chat.transcript import transcript
from chat.values import Question
from chat.words import STOPS, WORDS
from creators.database import in_one_hop
from creators.links import web_address
from creators.problem import FieldError, Problem, invalid

LONGEST_QUERY = 1000


@require_http_methods(["GET", "HEAD", "POST"])
async def home(request: HttpRequest) -> HttpResponse:
    """Show the front with nobody chosen, or answer a question in place."""
    return await _front(request, slug=None)


@require_http_methods(["GET", "HEAD", "POST"])
async def creator(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the front with one creator chosen, or answer a question in place."""
    return await _front(request, slug=slug)


@require_safe
async def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that was said in a work; ``?at=72.5`` leads on to the piece said at that second."""
    found = await in_one_hop(transcript, slug)
    if found is None:
        raise Http404
    seconds = _number(request.GET.get("at", ""))
    if seconds is not None:
        anchor = found.anchor_at(seconds)
        return HttpResponseRedirect(f"{request.path}#{anchor}" if anchor else request.path)
    words = {key: text for key, text in WORDS.items() if key.startswith("play_")}
    context = {"transcript": found, "work": found.work, "original": web_address(found.work.url), "words": words}
    return render(request, "chat/work.html", context)


async def _front(request: HttpRequest, *, slug: str | None) -> HttpResponse:
    get_token(request)
    owner, shown = await in_one_hop(_look, request, slug)
    if shown is None:
        raise Http404
    if request.method != "POST":
        return _page(request, shown, typed={"query": request.GET.get("query", "")})
    typed = typed_in(request.POST)
    try:
        article = await _answer(owner, shown, typed=typed)
    except Problem as problem:
        page = _page(request, shown, typed=typed, problem=problem)
        for name, value in problem.headers.items():
            page.headers[name] = value
        return page
    return _page(request, shown, typed=typed, article=article)


def _look(request: HttpRequest, slug: str | None) -> tuple[Owner, Front | None]:
    """Return the visitor as owner of what they ask, and what the page shows: all its database work in one hop."""
    return begin_ownership(request), front(slug)


async def _answer(owner: Owner, shown: Front, *, typed: dict[str, str]) -> Article:
    question = question_from(typed)
    run = await service.ask(question, owner=owner)
    names = {person.slug: person.name for person in shown.people}
    asked = names.get(question.creator or "", question.creator or "")
    async with aclosing(run.events()) as events:
        return await article_from(events, query=question.query, asked=asked, weight=question.personality_weight)


def typed_in(form: QueryDict) -> dict[str, str]:
    """Return the fields of the form; the button of an example stands for its question and its creator."""
    typed = {key: form.get(key, "") for key in ("query", "creator", "personality_weight", "conversation_id")}
    slug, _, query = form.get("example", "").partition(" ")
    return typed | {"query": query, "creator": slug} if query else typed


def question_from(typed: dict[str, str]) -> Question:
    """Return the question that a form holds; raises the ``Problem`` that says in words what is wrong with it."""
    query = typed["query"].replace("\r\n", "\n").strip()
    weight = _number(typed["personality_weight"] or "0")
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


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None  # also refuses nan


def _uuid(text: str) -> UUID | None:
    """Return the id, or None for a mistyped one: the question then begins a conversation of its own."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    shown: Front,
    *,
    typed: dict[str, str],
    article: Article | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    weight = _number(typed.get("personality_weight", "")) or 0.0
    asked = typed.get("creator", "") if request.method == "POST" else (shown.chosen.slug if shown.chosen else "")
    person = next((person for person in shown.people if person.slug == asked), None)
    context = {
        "front": shown,
        "article": article,
        "notice": _notice(problem) if problem else "",
        "typed": typed["query"] if problem or request.method != "POST" else "",
        "conversation_id": article.conversation_id if article else typed.get("conversation_id", ""),
        "asked": asked,
        "weight": weight,
        "voice": person.voice if person else (),
        "voice_why": _why_silent(person.name if person else ""),
        "stop": round(min(max(weight, 0.0), 1.0) * (len(STOPS) - 1)),
        "stops": STOPS,
        "words": WORDS,
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
