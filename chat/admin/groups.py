"""Questions in groups that mean the same, and one group, on whose page its answer is written, tried and pinned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from chat.admin.roles import turns_for
from chat.curation import (
    LATELY,
    QuestionGroup,
    Trial,
    Ways,
    asked_questions,
    embed_missing,
    group_questions,
    pin,
    place_in,
    propose,
    try_on,
    ways_near,
    ways_of,
)
from chat.events.messages import counted
from chat.models import PinnedAnswer, Turn, TurnQuerySet
from chat.models.curation import Vectors
from creators.embeddings import EmbeddingError, get_embedder
from creators.models import Creator, Work

SHOWN = 60
"""Groups on a page, and questions of a group."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A list of groups: its title, what there is to do, and which turns it is made of."""

    title: str
    todo: str
    of: Callable[[TurnQuerySet], TurnQuerySet]
    is_gap: bool = True
    """Whether a group leaves it once an answer is pinned to it."""


KINDS: Mapping[str, Kind] = {
    "unanswered": Kind(
        "Questions without an answer", "Nobody here has said anything about them.", TurnQuerySet.unanswered
    ),
    "weak": Kind(
        "Questions answered weakly", "Only the nearest was shown, or the sources don’t say it.", TurnQuerySet.weak
    ),
    "disliked": Kind("Thumbs down", "Answers that readers did not like.", TurnQuerySet.disliked),
    "asked": Kind("Most asked", "What people want to know.", TurnQuerySet.searched, is_gap=False),
}


@dataclass(frozen=True, slots=True)
class _Grouped:
    """The groups of a list, all that was asked in the same time, and how much of it is not embedded yet."""

    groups: list[QuestionGroup]
    asked: Any
    vectors: Vectors
    waiting: int


def group_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the groups of a list; synchronous, as the admin is."""
    if not request.user.has_perm("chat.view_turn"):
        raise PermissionDenied
    context = {**_frame(request, kind), "title": _kind(kind).title}
    try:
        found = _grouped(request, kind, now=timezone.now())
        page = Paginator(found.groups, SHOWN).get_page(request.GET.get("page"))
        context |= {"groups": page, "count": len(found.groups), "waiting": found.waiting}
    except EmbeddingError as error:
        context["refusal"] = f"Questions can’t be grouped at the moment: {error.reason}"
    return TemplateResponse(request, "admin/chat/turn/groups.html", context)


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _frame(request: HttpRequest, kind: str) -> dict[str, Any]:
    lists = [(name, one.title, name == kind) for name, one in KINDS.items()]
    return {**admin.site.each_context(request), "opts": Turn._meta, "kind": kind, "lists": lists, "one": _kind(kind)}


def _grouped(request: HttpRequest, kind: str, *, now: datetime) -> _Grouped:
    """Embed what has no vector yet, as far as a page may wait for it, and group what stands in the list."""
    embedder, chosen = get_embedder(), _kind(kind)
    lately = turns_for(request.user).since(now - LATELY)
    listed = chosen.of(lately)
    waiting = embed_missing(listed, embedder=embedder)
    if not waiting:
        waiting = embed_missing(lately.searched(), embedder=embedder)
    asked, vectors = asked_questions(listed, embedder=embedder)
    live = PinnedAnswer.objects.live(now.date()).with_sources().select_related("creator")
    fitting = live.filter(Q(("is_gone", False)), space=embedder.space.name) if chosen.is_gap else ()
    groups = group_questions(asked, vectors, now=now, pins=fitting)
    everything = asked_questions(lately.searched(), embedder=embedder)
    return _Grouped(groups, *everything, waiting=waiting)


class PinForm(forms.ModelForm[PinnedAnswer]):
    """An answer in a curator's words, or a place in a work, or both."""

    place = forms.CharField(
        required=False,
        max_length=300,
        label="Where in it",
        help_text="A time like 12:34, or the first words of the sentence.",
    )

    ways = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What it answers",
        help_text="Untick what means something else. With nothing ticked it answers all of these.",
    )
    near = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Asked nearly so",
        help_text="From other groups: tick what means the same.",
    )

    class Meta:
        model = PinnedAnswer
        fields = ("text", "work", "place", "in_their_name", "signed", "expires", "threshold")
        labels = {"text": "The answer", "work": "The work it rests on", "threshold": "How alike questions have to be"}  # noqa: RUF012
        help_texts = {"text": "A few lines. Left empty, the creator’s own words at the place below are the answer."}  # noqa: RUF012
        widgets = {  # noqa: RUF012 -- Django's own way of writing it
            "text": forms.Textarea(attrs={"rows": 5}),
            "expires": forms.DateInput(attrs={"type": "date"}),
            "threshold": forms.NumberInput(attrs={"step": "0.01", "min": "0.6", "max": "1"}),
        }

    field_order = ("text", "work", "place", "ways", "near", "threshold", "signed", "expires", "in_their_name")

    def __init__(self, *args: Any, creator: Creator | None, ways: Ways, near: Ways, **kwargs: Any) -> None:
        """Offer ways of asking, and the works of whoever was asked, of everyone where nobody was."""
        super().__init__(*args, **kwargs)
        self._own, self._near = ways, near
        for name, offered in (("ways", ways), ("near", near)):
            choices = [(str(one.desk_id), one.text[:200]) for one in offered.questions]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # of a choice
        self.initial["ways"] = [str(one.desk_id) for one in ways.questions]
        if not near.questions:
            del self.fields["near"]
        works = Work.objects.published().select_related("creator").order_by("creator__name", "title")
        self.fields["text"].required = False
        self.fields["work"].queryset = works.filter(creator=creator) if creator else works  # type: ignore[attr-defined]  # of a choice of models
        if creator is None:
            del self.fields["in_their_name"]

    @property
    def chosen(self) -> Ways:
        """The ways of asking that were ticked; those of the group where none of them was, or nothing was sent."""
        told = self.cleaned_data if self.is_bound else {}
        return (self._own.only(told.get("ways") or self.initial["ways"])) + self._near.only(told.get("near") or ())

    def clean(self) -> dict[str, Any]:
        """Find the sentence at the place; refuse an answer of nothing."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        work, where = told.get("work"), told.pop("place", "")
        place = place_in(work, where) if work and where else None
        if work and not place:
            self.add_error(
                "place", "Nothing is said there: give a time within the work, or the first words of a sentence."
            )
        elif where and not work:
            self.add_error("work", "Choose the work in which that is.")
        elif not told.get("text") and not place:
            self.add_error("text", "Write an answer, or point to a place in a work.")
        if place:
            told["quote"] = place.quote
            told["text"] = told.get("text") or f"“{place.words}”"
        return told


def group_page(request: HttpRequest, kind: str, desk_id: UUID) -> HttpResponse:
    """Show a group with the form for its answer; try that on what was asked, or pin it."""
    if not request.user.has_perm("chat.view_turn"):
        raise PermissionDenied
    may_pin = request.user.has_perm("chat.add_pinnedanswer")
    if request.method == "POST" and not may_pin:
        raise PermissionDenied
    try:
        found = _grouped(request, kind, now=timezone.now())
    except EmbeddingError as error:
        messages.error(request, f"Questions can’t be grouped at the moment: {error.reason}")
        return HttpResponseRedirect(reverse("admin:chat_groups", args=[kind]))
    group = next((one for one in found.groups if any(asked.desk_id == desk_id for asked in one.questions)), None)
    if group is None:
        messages.info(request, "That group is not in this list any more.")
        return HttpResponseRedirect(reverse("admin:chat_groups", args=[kind]))
    return _answered(request, kind, found, group, may_pin=may_pin)


def _answered(request: HttpRequest, kind: str, found: _Grouped, group: QuestionGroup, *, may_pin: bool) -> HttpResponse:
    """Pin what was sent, where it is fit and the button says so; else show the group and what a pin would answer."""
    asked_of = group.questions[0]
    creator = Creator.objects.filter(slug=asked_of.creator).first()
    if request.method == "POST" and asked_of.creator and not creator:
        messages.error(request, f"{asked_of.creator_name or asked_of.creator} is gone: nobody asks them this any more.")
        return HttpResponseRedirect(reverse("admin:chat_groups", args=[kind]))
    full_name = "" if isinstance(request.user, AnonymousUser) else request.user.get_full_name()
    ways, near = ways_of(group), ways_near(group, asked=found.asked, vectors=found.vectors)
    proposed = propose(ways, asked=found.asked, vectors=found.vectors)
    initial = {"signed": full_name or request.user.get_username(), "threshold": proposed}
    form = PinForm(request.POST or None, creator=creator, ways=ways, near=near, initial=initial)
    is_fit = form.is_valid()
    threshold = (form.cleaned_data.get("threshold") if form.is_bound else None) or proposed
    trial = try_on(form.chosen, asked=found.asked, vectors=found.vectors, threshold=threshold)
    told = _told(trial)
    if trial.others:
        told += f" From {propose(form.chosen, asked=found.asked, vectors=found.vectors)} on it answers nothing else."
    if is_fit and "_pin" in request.POST:
        said = {name: value for name, value in form.cleaned_data.items() if name not in ("ways", "near")}
        curator, now = request.user.pk, timezone.now()
        made = pin(form.chosen, creator=creator, curator_id=curator, embedder=get_embedder(), now=now, **said)
        LogEntry.objects.log_actions(
            curator or 0, PinnedAnswer.objects.filter(pk=made.pk), ADDITION, "Pinned.", single_object=True
        )
        messages.success(request, f"Pinned. {told}")
        return HttpResponseRedirect(reverse("admin:chat_groups", args=[kind]))
    shown = {"title": group.title, "group": group, "form": form, "trial": trial, "told": told}
    shown |= {"may_pin": may_pin, "questions": group.questions[:SHOWN]}
    return TemplateResponse(request, "admin/chat/turn/group.html", {**_frame(request, kind), **shown})


def _told(trial: Trial) -> str:
    """Return in words what an answer would have answered."""
    others = len(trial.others)
    more = counted(others, "other question", "other questions") if others else "nothing else"
    anew = f" Of {trial.ways} ways of asking, {trial.anew} had it known the others alone." if trial.ways > 1 else ""
    these = "this question" if trial.own == trial.of == 1 else f"{trial.own} of these {trial.of}"
    return f"It would have answered {these}, and {more}.{anew}"
