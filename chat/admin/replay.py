"""A kept question asked again, step by step and beside what was answered, through the functions that a turn calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from chat import conversations
from chat.admin.labels import answerer_label, coverage_label, line_of, tier_label
from chat.admin.roles import turns_for
from chat.evaluation import CaseError, keep_case, keep_passage
from chat.events.messages import MESSAGES
from chat.llm import MODEL_NAMES, run_sync
from chat.models import EvaluationCase
from chat.models import Turn as StoredRow
from chat.rendering.article import article_of_turn
from chat.retrieval import SearchQuery, SpaceMissing
from chat.retrieval.calibration import Calibration, calibration_for
from chat.retrieval.candidates import Scope, ScoredCandidate, scopes_for
from chat.retrieval.cascade import rank
from chat.retrieval.lexical import QueryTerms, query_terms
from chat.turns.replay import answer_again, turn_again
from chat.turns.replies import heard_in, reply_to
from chat.turns.run import SEARCH_ERRORS
from chat.turns.search import Found, search_for
from chat.turns.state import PASSAGES, Turn, TurnOptions, TurnState
from chat.understanding import Heard, SearchPlan, plan_search
from creators.admin.roles import creators_for, own_creators
from creators.embeddings import EmbeddingError
from creators.models import Chunk, Creator, Space

SHOWN = 10
"""Candidates of a tier."""
MODELS = {"primary": "The language model", "fallback": "The other model"}


class ReplayForm(forms.Form):
    """Whom to ask this time, in how much of their voice, and how the answer is found and written."""

    creator = forms.ModelChoiceField(Creator.objects.none(), required=False, empty_label="Everyone", label="Ask")
    weight = forms.FloatField(
        min_value=0, max_value=1, label="Voice", widget=forms.NumberInput(attrs={"step": "0.1", "min": 0, "max": 1})
    )
    threshold = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1,
        label="Relevance that answers",
        widget=forms.NumberInput(attrs={"step": "any", "min": 0, "max": 1, "placeholder": "as calibrated"}),
    )
    limit = forms.IntegerField(min_value=1, max_value=20, label="Passages")
    model = forms.ChoiceField(required=False, label="Written by")

    def __init__(self, data: Any = None, *, request: HttpRequest, row: StoredRow) -> None:
        """Offer whom the curator may curate, and the models that are configured; begin as it was asked."""
        creators = creators_for(request.user).filter(is_published=True).select_related("personality")
        asked = creators.filter(slug=row.creator_slug).first()
        super().__init__(data, initial={"creator": asked, "weight": row.weight, "limit": PASSAGES})
        self.fields["creator"].queryset = creators  # type: ignore[attr-defined]  # of a choice of models
        self.fields["creator"].required = own_creators(request.user) is not None
        models = [(name, MODELS[name]) for name in MODEL_NAMES if name in settings.CHAT_MODELS]
        usual = [("", "Whoever answers as a rule"), *models, ("quotes", "Quotations alone")]
        self.fields["model"].choices = usual  # type: ignore[attr-defined]  # of a choice

    @property
    def chosen(self) -> dict[str, Any]:
        """What was sent, or else how it was asked."""
        return self.cleaned_data if self.is_bound and self.is_valid() else dict(self.initial)

    @property
    def options(self) -> TurnOptions:
        """How the question is to be answered."""
        model = self.chosen.get("model")
        models = tuple(name for name in MODEL_NAMES if model in {"", None, name})
        return TurnOptions(self.chosen["limit"], self.chosen.get("threshold"), models)


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate as it is shown: its numbers, and where it stands."""

    scored: ScoredCandidate
    chunk: Chunk
    is_enough: bool


@dataclass(frozen=True, slots=True)
class TierStep:
    """What the search of a tier found: the best candidates, and whether the best one meets the tier's threshold."""

    tier: str
    threshold: float
    near: float
    candidates: tuple[ShownCandidate, ...]

    @property
    def label(self) -> str:
        """Whose words it holds."""
        return tier_label(self.tier)

    @property
    def verdict(self) -> str:
        """Why the cascade stops here, or goes on."""
        if not self.candidates:
            return "Nothing was found, so it goes on."
        best = max(one.scored.relevance for one in self.candidates)
        if best >= self.threshold:
            return f"It stops here: the best relevance, {best:.3f}, reaches {self.threshold:.3f}."
        cosine = max(one.scored.cosine for one in self.candidates)
        is_near = (
            f"the best cosine, {cosine:.2f}, {'reaches' if cosine >= self.near else 'stays below'} {self.near:.2f}"
        )
        return f"It goes on: {best:.3f} stays below {self.threshold:.3f}. To be shown as the nearest: {is_near}."


@dataclass(frozen=True, slots=True)
class Replay:
    """The steps of a question asked again; ``found`` is None where it was answered before any search."""

    heard: Heard
    state: TurnState
    plan: SearchPlan | None = None
    found: Found | None = None
    terms: QueryTerms | None = None
    tiers: tuple[TierStep, ...] = ()

    @property
    def came(self) -> str:
        """What the search came to."""
        return f"{coverage_label(self.found.coverage)} · {tier_label(self.found.tier)}" if self.found else ""

    @property
    def answerer(self) -> str:
        """What answered before any search."""
        return answerer_label(self.state.answered_by)


def replay_page(request: HttpRequest, desk_id: UUID) -> HttpResponse:
    """Show each step of a kept question beside what was answered; answer it again where the form was sent.

    Synchronous, as the admin is. Only what is sent asks a model: a link may not cost anything.
    """
    row = _row(request, desk_id)
    form = ReplayForm(request.POST if request.method == "POST" else None, request=request, row=row)
    stored = conversations.without_reader(row)
    context: dict[str, Any] = {"form": form, "turn": row, "stored": stored, "then": article_of_turn(stored)}
    context["came_then"] = stored.done and line_of(stored.done)
    context["case"] = EvaluationCase.objects.filter(desk_id=desk_id).prefetch_related("expected__work").first()
    turn = turn_again(
        row,
        creator=form.chosen["creator"],
        weight=form.chosen["weight"],
        options=form.options,
        earlier=turns_for(request.user),
    )
    try:
        context["replay"] = replay(turn)
        if form.is_bound and form.is_valid():
            again = run_sync(answer_again(turn, now=timezone.now()))
            context |= {"again": again, "now": article_of_turn(again.stored), "raw": "".join(again.state.raw)}
            context["came_now"] = again.stored.done and line_of(again.stored.done)
    except SEARCH_ERRORS as error:
        told = (
            error if isinstance(error, EmbeddingError | SpaceMissing) else "the database or the cache did not answer."
        )
        context["refusal"] = f"It can’t be searched at the moment: {told}"
    context |= {"title": "Step by step", "opts": StoredRow._meta, "words": MESSAGES, **admin.site.each_context(request)}
    return TemplateResponse(request, "admin/chat/turn/replay.html", context)


@require_POST
def keep_page(request: HttpRequest, desk_id: UUID) -> HttpResponse:
    """Keep a turn as a test case, or that the passage which was sent should have won; then show its steps again."""
    row = _row(request, desk_id)
    if not request.user.has_perm("chat.add_evaluationcase"):
        raise PermissionDenied
    known: dict[str, Any] = {"earlier": turns_for(request.user), "curator_id": request.user.pk, "now": timezone.now()}
    sent = request.POST.get("chunk", "")
    try:
        if sent:
            chunk = get_object_or_404(Chunk.objects.visible(), pk=int(sent) if sent.isdecimal() else 0)
            keep_passage(row, chunk, **known)
            messages.success(
                request, "Noted: that passage should win. “evaluate” and “calibrate” go by it from now on."
            )
        else:
            keep_case(row, **known)
            messages.success(request, "Kept as a test case: “evaluate” asks it from now on.")
    except CaseError as error:
        messages.error(request, f"It can’t be kept. {error}")
    return HttpResponseRedirect(reverse("admin:chat_replay", args=[desk_id]))


def _row(request: HttpRequest, desk_id: UUID) -> StoredRow:
    if not request.user.has_perm("chat.view_turn"):
        raise PermissionDenied
    return get_object_or_404(turns_for(request.user).select_related("conversation"), desk_id=desk_id)


def replay(turn: Turn) -> Replay:
    """Search once more for the question of a turn, with what each tier holds. Raises what a search raises."""
    heard, state, options = heard_in(turn), TurnState(), turn.options
    if reply_to(turn, state, heard=heard):
        return Replay(heard, state)
    plan = plan_search(heard, today=timezone.localdate())
    found = search_for(plan, heard, limit=options.passages, threshold=options.threshold)
    terms = query_terms(found.query.text, context=found.query.context)
    creator_id = turn.asked.id if turn.asked else None
    return Replay(heard, state, plan, found, terms, _tiers(found.query, terms, creator_id, options.threshold))


def _tiers(
    query: SearchQuery, terms: QueryTerms, creator_id: int | None, threshold: float | None
) -> tuple[TierStep, ...]:
    """Return what each tier holds for a query, searched alone, with the thresholds that the cascade goes by."""
    space = Space.objects.filter(name=query.space).first()
    if space is None:
        return ()
    calibration = calibration_for(space.name)
    calibration = calibration.for_follow_up() if query.context else calibration
    calibration = calibration if threshold is None else calibration.answering_from(threshold)
    ranked = [
        (scope, rank(query, terms, space=space, scope=scope, calibration=calibration)[:SHOWN])
        for scope in scopes_for(creator_id)
    ]
    chunks = Chunk.objects.select_related("work__creator").defer("search")
    known = chunks.in_bulk({one.chunk_id for _, found in ranked for one in found})
    return tuple(_step(scope, found, known, calibration) for scope, found in ranked)


def _step(
    scope: Scope, found: Sequence[ScoredCandidate], chunks: dict[int, Chunk], calibration: Calibration
) -> TierStep:
    threshold = calibration.thresholds[scope.tier]
    shown = (ShownCandidate(one, chunks[one.chunk_id], one.relevance >= threshold) for one in found)
    return TierStep(scope.tier.value, threshold, calibration.near, tuple(shown))
