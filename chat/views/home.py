"""The home page, of everyone or of one creator, and the question that its form sends where no script runs."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chat import conversations, turns
from chat.catalogue.people import Home, home_of
from chat.catalogue.questions import next_questions
from chat.conversations.owner import address_of, allowance_for, begin_ownership
from chat.conversations.sharing import site_url
from chat.conversations.stored import Listed, StoredConversation
from chat.events.messages import MESSAGES, REASONS, SCRIPT_MESSAGES, VOICE_STOPS
from chat.events.turn import MAX_QUERY, Owner, Question
from chat.llm import has_judge
from chat.rendering.article import Article, article_from, articles_of
from chat.views.former import following
from chat.views.previews import Preview, creator_preview, site_preview
from chrysopedia.core.database import ANSWERS, in_one_hop
from chrysopedia.core.errors import FieldError, Problem, invalid
from chrysopedia.core.text import is_blank

CONVERSATIONS_LISTED = 30
_NO_NULLS = {"null_characters_not_allowed": MESSAGES["unexpected"]}


class QueryField(forms.CharField):
    """Text whose line breaks are counted as one character each, as the browser's own script counts them."""

    def to_python(self, value: Any) -> str:
        """Return the text, trimmed, with bare line feeds; "" for one that nobody sees."""
        text = super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""
        return "" if is_blank(text) else text


class QuestionForm(forms.Form):
    """The form in which a question is typed; its errors are sentences for whoever typed it."""

    MAX_TYPED = 2 * MAX_QUERY
    """The box's ``maxlength``, which browsers count in UTF-16 units: an emoji has two."""

    query = QueryField(
        max_length=MAX_QUERY,
        error_messages={"required": MESSAGES["empty_query"], "max_length": MESSAGES["long_query"], **_NO_NULLS},
    )
    creator = forms.CharField(required=False, error_messages=_NO_NULLS)
    conversation_id = forms.CharField(required=False, error_messages=_NO_NULLS)
    personality_weight = forms.FloatField(
        min_value=0,
        max_value=1,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), MESSAGES["unexpected"]),
    )

    @classmethod
    def sent(cls, data: QueryDict) -> "QuestionForm":
        """Return the form as it was sent; the button of an example stands for its question and its creator."""
        slug, _, query = data.get("example", "").partition(" ")
        return cls({**data.dict(), "query": query, "creator": slug} if query else data)

    def clean_conversation_id(self) -> UUID | None:
        """Return the id, or None for a mistyped one: the question then begins a conversation of its own."""
        try:
            return UUID(self.cleaned_data["conversation_id"])
        except ValueError:
            return None

    def text(self, name: str) -> str:
        """Return what stands in a field as it was typed, "" for nothing."""
        value = self[name].value()
        return "" if value is None else str(value)

    @property
    def weight(self) -> float:
        """The weight of the voice, from 0 to 1; 0 where none that counts was chosen."""
        self.full_clean()
        values = self.cleaned_data if self.is_bound else self.initial
        return float(values.get("personality_weight") or 0)

    def question(self) -> Question:
        """Return the question; raises ``Problem`` 422, which says the first thing that is wrong with it."""
        if not self.is_valid():
            field, reasons = next(iter(self.errors.items()))
            raise invalid(FieldError(field, str(reasons[0])))
        typed = self.cleaned_data
        return Question(
            query=typed["query"],
            creator=typed["creator"] or None,
            conversation_id=typed["conversation_id"],
            personality_weight=self.weight,
        )


@dataclass(frozen=True, slots=True)
class PageContext:
    """Whose page it is and what stands on it besides an answer; ``conversation`` is the one that is open, if any."""

    owner: Owner
    home: Home
    conversations: Sequence[Listed]
    conversation: StoredConversation | None = None


def page_context(request: HttpRequest, *, slug: str | None = None, conversation_id: UUID | None = None) -> PageContext:
    """Return what the page shows: all its database work, for one hop. Raises 404 where there is no such creator."""
    owner = begin_ownership(request)
    found = home_of(slug)
    if found is None:
        raise Http404
    return PageContext(
        owner=owner,
        home=found,
        conversations=conversations.conversations(owner, limit=CONVERSATIONS_LISTED) or (),
        conversation=conversations.conversation(conversation_id, owner=owner) if conversation_id else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
async def home(request: HttpRequest) -> HttpResponse:
    """Show the page with nobody chosen, or answer a question."""
    return await _home(request, slug=None)


@following("creator-detail")
@require_http_methods(["GET", "HEAD", "POST"])
async def creator(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the page with one creator chosen, or answer a question."""
    return await _home(request, slug=slug)


async def _home(request: HttpRequest, *, slug: str | None) -> HttpResponse:
    get_token(request)
    context = await in_one_hop(partial(page_context, request, slug=slug))
    if request.method == "POST":
        return await answer(request, context)
    chosen = context.home.chosen
    typed = {"query": request.GET.get("query", ""), "creator": chosen.slug if chosen else ""}
    return render_page(request, context, form=QuestionForm(initial=typed))


async def answer(request: HttpRequest, context: PageContext) -> HttpResponse:
    """Answer what the form asks: on the conversation's own page where it is kept, so that a reload asks nothing."""
    form = QuestionForm.sent(request.POST)
    try:
        article = await _article(request, form.question(), context.owner)
    except Problem as problem:
        kept = articles_of(context.conversation) if context.conversation else ()
        return render_page(request, context, form=form, articles=kept, problem=problem)
    head = article.head
    if settings.KEEP_CONVERSATIONS and not article.error:
        address = reverse("conversation-detail", args=[head.conversation_id])
        return HttpResponseRedirect(f"{address}#turn-{head.turn_id}")
    following = {
        "query": form.text("query") if article.error else "",
        "creator": form.text("creator"),
        "conversation_id": head.conversation_id,
        "personality_weight": form.weight,
    }
    return render_page(request, context, form=QuestionForm(initial=following), articles=[article])


async def _article(request: HttpRequest, question: Question, owner: Owner) -> Article:
    """Have the question answered to its end, and return the turn as an article."""
    allowance = allowance_for(request, "questions", owner=owner)
    with ANSWERS.seat(address_of(request) or ""):
        run = await turns.ask(question, owner=owner, allowance=allowance)
        async with aclosing(run.events()) as events:
            return await article_from(events, head=run.head)


def with_next(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles, the last with questions to go on with; for one hop."""
    if not articles or not articles[-1].finish:
        return tuple(articles)
    last = articles[-1]
    asked = [article.head.query for article in articles]
    found = next_questions(creator=last.head.creator, works=last.works, asked=asked)
    return (*articles[:-1], replace(last, next=found))


NEXT_SENT = 6
"""Questions to go on with that the page's script gets, to leave out those that its conversation has asked."""


@require_safe
async def next_to_ask(request: HttpRequest) -> HttpResponse:
    """Return questions to go on with after ``?creator=`` was asked and each ``&work=`` consulted, as HTML or 204."""
    creator, works = request.GET.get("creator", ""), request.GET.getlist("work")[:MOST_WORKS]
    if any("\0" in name for name in (creator, *works)):
        raise Http404
    found = await in_one_hop(partial(next_questions, creator=creator, works=works, limit=NEXT_SENT))
    if not found:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "chat/next.html", {"questions": found})


MOST_WORKS = 12


def render_page(
    request: HttpRequest,
    context: PageContext,
    *,
    form: QuestionForm,
    articles: Sequence[Article] = (),
    problem: Problem | None = None,
) -> HttpResponse:
    """Return the page with the form for the next question; ``problem`` says why the one before was refused."""
    is_home = not (articles or problem or context.conversation or form.text("conversation_id"))
    values = {
        **composer_context(context.home, form),
        "preview": _preview(context.home, site=site_url(request)) if is_home else None,
        "articles": articles,
        "running": context.conversation.running_turn_id if context.conversation else None,
        "conversations": context.conversations,
        "conversation_id": form.text("conversation_id"),
        "notice": notice_of(problem) if problem else "",
    }
    response = render(request, "chat/home.html", values, status=problem.status if problem else HTTPStatus.OK)
    for name, value in (problem.headers if problem else {}).items():
        response.headers[name] = value
    return response


def _preview(home: Home, *, site: str) -> Preview:
    """Return what other sites are told of a home; conversations are nobody else's."""
    one = home.chosen
    return creator_preview(slug=one.slug, name=one.name, summary=one.summary, site=site) if one else site_preview(site)


def composer_context(home: Home, form: QuestionForm) -> Mapping[str, Any]:
    """Return what templates need to show a home and the form below it, on the site's own page or in a frame."""
    person = next((person for person in home.people if person.slug == form.text("creator")), None)
    unknown = MESSAGES["voice_unknown"].format(creator=person.name) if person else MESSAGES["voice_choose"]
    return {
        "home": home,
        "form": form,
        "asked": person.slug if person else "",
        "voice": person.voice if person else (),
        "voice_why": unknown,
        "stop": round(form.weight * (len(VOICE_STOPS) - 1)),
        "stops": VOICE_STOPS,
        "words": MESSAGES,
        "script_words": SCRIPT_MESSAGES,
        "reasons": REASONS,
        "keeps": settings.KEEP_CONVERSATIONS,
        "looks": has_judge(),
    }


def notice_of(problem: Problem) -> str:
    """Return in words what a refusal says, and how long to wait."""
    reasons = " ".join(error.reason for error in problem.errors) or problem.detail
    seconds = problem.headers.get("Retry-After")
    return f"{reasons} {MESSAGES['retry'].format(seconds=seconds)}" if seconds else reasons
