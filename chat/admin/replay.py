"""A kept question asked again, step by step, through the functions that a turn calls: what each tier holds, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from chat import conversations
from chat.admin.roles import turns_for
from chat.conversations import memory
from chat.events.turn import TurnHead
from chat.models import Turn as StoredRow
from chat.models import TurnQuerySet
from chat.prompts import Voice
from chat.retrieval import SearchQuery, SpaceMissing
from chat.retrieval.calibration import Calibration, calibration_for
from chat.retrieval.candidates import Scope, ScoredCandidate, scopes_for
from chat.retrieval.cascade import rank
from chat.retrieval.lexical import QueryTerms, query_terms
from chat.turns.answer import PASSAGES
from chat.turns.replies import heard_in, reply_to
from chat.turns.search import Found, search_for
from chat.turns.state import AskedCreator, Turn, TurnState
from chat.understanding import Heard, SearchPlan, plan_search
from chrysopedia.core.cache import Lock
from creators.admin.roles import creators_for, own_creators
from creators.embeddings import EmbeddingError
from creators.models import Chunk, Creator, Space

SHOWN = 10
"""Candidates of a tier."""


class ReplayForm(forms.Form):
    """Whom to ask this time, and how many passages to consult."""

    creator = forms.ModelChoiceField(Creator.objects.none(), required=False, empty_label="Everyone", label="Ask")
    limit = forms.IntegerField(min_value=1, max_value=20, initial=PASSAGES, label="Passages")


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


def replay_page(request: HttpRequest, desk_id: UUID) -> HttpResponse:
    """Ask a kept question again and show each step beside what was answered; synchronous, as the admin is."""
    if not request.user.has_perm("chat.view_turn"):
        raise PermissionDenied
    row = get_object_or_404(turns_for(request.user).select_related("conversation"), desk_id=desk_id)
    asked = Creator.objects.published().filter(slug=row.creator_slug).first()
    data = request.GET if "limit" in request.GET else None
    form = ReplayForm(data, initial={"creator": asked, "limit": PASSAGES})
    form.fields["creator"].queryset = creators_for(request.user).filter(is_published=True)  # type: ignore[attr-defined]  # of a choice of models
    form.fields["creator"].required = own_creators(request.user) is not None
    creator, limit = asked, PASSAGES
    if form.is_valid():
        creator, limit = form.cleaned_data["creator"], form.cleaned_data["limit"]
    context: dict[str, Any] = {"form": form, "turn": row, "stored": conversations.without_reader(row)}
    try:
        context["replay"] = replay(row, creator=creator, limit=limit, earlier=turns_for(request.user))
    except (EmbeddingError, SpaceMissing) as error:
        context["refusal"] = f"It can’t be searched at the moment: {error}"
    context |= {"title": "Step by step", "opts": StoredRow._meta, **admin.site.each_context(request)}
    return TemplateResponse(request, "admin/chat/turn/replay.html", context)


def replay(row: StoredRow, *, creator: Creator | None, limit: int, earlier: TurnQuerySet) -> Replay:
    """Ask a kept question again, of a creator or of everyone; nothing is kept of it. Raises what a search raises.

    ``earlier`` are the turns that may be read; of its conversation those before it are remembered.
    """
    turn = _turn(row, creator, earlier.filter(conversation=row.conversation, number__lt=row.number))
    heard, state = heard_in(turn), TurnState()
    if reply_to(turn, state, heard=heard):
        return Replay(heard, state)
    plan = plan_search(heard, today=timezone.localdate())
    found = search_for(plan, heard, limit=limit)
    terms = query_terms(found.query.text, context=found.query.context)
    return Replay(heard, state, plan, found, terms, tiers=_tiers(found.query, terms, creator))


def _turn(row: StoredRow, creator: Creator | None, earlier: TurnQuerySet) -> Turn:
    """Return a turn as it stood when it was accepted, with what was said before it."""
    rows = earlier.worth_remembering().order_by("-number").values_list("pk", "question", "answer")[: memory.MOST_TURNS]
    said = [memory.exchange(turn_id=pk, question=question, answer=answer) for pk, question, answer in rows]
    stored = conversations.without_reader(row).head
    head = TurnHead(row.pk, row.conversation.public_id, stored.owner, row.question, creator.slug if creator else "")
    asked = None
    if creator:
        asked = AskedCreator(creator.pk, (creator.name, *creator.aliases), Voice(name=creator.name))
    return Turn(head=head, asked=asked, history=tuple(reversed(said)), lock=Lock(key="", token=""), began=0.0)


def _tiers(query: SearchQuery, terms: QueryTerms, creator: Creator | None) -> tuple[TierStep, ...]:
    """Return what each tier holds for a query, searched alone, with the thresholds that the cascade goes by."""
    space = Space.objects.filter(name=query.space).first()
    if space is None:
        return ()
    calibration = calibration_for(space.name)
    calibration = calibration.for_follow_up() if query.context else calibration
    scopes = scopes_for(creator.pk if creator else None)
    ranked = [
        (scope, rank(query, terms, space=space, scope=scope, calibration=calibration)[:SHOWN]) for scope in scopes
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
