"""Drafts of a personality in the admin: making, reviewing, hearing them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from chat.admin.misheard import misheard_page, proposals_page
from chat.events.messages import clock, counted
from chat.llm import has_model, run_sync
from chat.persona import PreviewError, prepare_preview, preview_examples, preview_voice, previewable_voice
from chat.persona.drafts import draft_personality
from chat.retrieval import sources_of
from chrysopedia.core.links import link_to
from creators.admin.fields import list_field
from creators.admin.roles import CuratedAdmin, OwnCreators, creator_to_curate
from creators.models import Creator, PersonalityDraft
from creators.models.creator import TRAIT_LISTS, DecisionError
from creators.persona.utterances import DraftingError


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Words of a creator, the title of their work, and the address and time of the place, "" in a text."""

    text: str
    title: str
    url: str
    time: str


@dataclass(frozen=True, slots=True)
class ShownTrait:
    """An item with the words that show it."""

    name: str
    quotes: tuple[ShownQuote, ...]


def parts_of(examples: Iterable[dict[str, Any]]) -> Iterator[tuple[str, tuple[ShownTrait, ...]]]:
    """Yield the parts of a draft's stored examples with their traits, in the order in which they are stored."""
    for part, traits in groupby(examples, key=lambda one: str(one["part"])):
        yield part, tuple(ShownTrait(one["trait"], tuple(map(_shown, one["quotes"]))) for one in traits)


def _shown(quote: dict[str, Any]) -> ShownQuote:
    seconds = quote["seconds"]
    return ShownQuote(
        text=quote["quote"],
        title=quote["title"],
        url=link_to(url="", work=quote["work"], seconds=seconds),
        time="" if seconds is None else clock(seconds),
    )


SECONDS = 120.0
"""Seconds for a draft, or for three answers together: somebody waits before the page, and a proxy before that."""


def draft_page(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Say what a draft is, or make one and lead to it; synchronous, as the admin is."""
    creator = creator_to_curate(request, creator_id, permission="creators.add_personalitydraft")
    if request.method == "POST":
        try:
            return _made(request, creator)
        except DraftingError as error:
            messages.error(request, str(error))
    context = {
        **admin.site.each_context(request),
        "title": f"Draft how {creator.name} sounds",
        "creator": creator,
        "has_model": has_model(),
        "waiting": PersonalityDraft.objects.proposed().filter(creator=creator),
        "opts": Creator._meta,
    }
    return TemplateResponse(request, "admin/creators/draft.html", context)


def _made(request: HttpRequest, creator: Creator) -> HttpResponse:
    drafted = draft_personality(creator, seconds=SECONDS, use_model="count" not in request.POST)
    kept = drafted.store(creator)
    messages.success(request, f"Drafted from {creator.name}'s own words. Nothing changes until you accept it.")
    if drafted.dropped:
        dropped = counted(drafted.dropped, "item", "items")
        messages.warning(request, f"{dropped} left out: the examples stand in no work.")
    return HttpResponseRedirect(reverse("admin:creators_personalitydraft_change", args=[kept.pk]))


class PreviewForm(forms.Form):
    """What to ask at each weight."""

    question = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "cols": 60, "class": "vLargeTextField"})
    )


def voice_page(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Show the form, and the answers to what was asked; synchronous, as the admin is."""
    creator = creator_to_curate(request, creator_id, permission="creators.change_personality")
    form = PreviewForm(request.POST or None)
    shown: dict[str, Any] = {}
    try:
        previewable_voice(creator)
        if request.method == "POST" and form.is_valid():
            shown = _heard(creator, form.cleaned_data["question"])
        else:
            shown = {"examples": preview_examples(creator)}
    except PreviewError as error:
        shown = {"refusal": str(error)}
    context = {**admin.site.each_context(request), **shown, "form": form, "creator": creator}
    context |= {"title": f"Hear {creator.name}", "opts": Creator._meta}
    return TemplateResponse(request, "admin/creators/voice.html", context)


def _heard(creator: Creator, question: str) -> dict[str, Any]:
    consulted = prepare_preview(creator, query=question)
    return {"preview": run_sync(preview_voice(consulted, seconds=SECONDS)), "sources": sources_of(consulted.passages)}


WRITES_PERSONALITIES = "creators.change_personality"


@admin.register(PersonalityDraft)
class PersonalityDraftAdmin(CuratedAdmin[PersonalityDraft]):
    """Drafts, of which only proposed ones may be edited; none is typed in by hand."""

    when_empty = "None yet: on a creator’s page, “Draft the personality” makes one."
    list_display = ("__str__", "state", "made_by", "created")
    list_filter = ("state", "made_by", ("creator", OwnCreators))
    list_select_related = ("creator",)
    fields = ("creator", "state", "made_by", "created", "summary", *TRAIT_LISTS, "words")
    readonly_fields = ("creator", "state", "made_by", "created", "words")
    actions = ("accept", "refuse")
    change_form_template = "admin/creators/personalitydraft/change_form.html"

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Give lists a line for each item."""
        return list_field(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafts come from the creator's words: the creator's page has a button for one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: PersonalityDraft | None = None) -> bool:
        """Leave what was decided about as it is."""
        is_open = obj is None or obj.state == PersonalityDraft.State.PROPOSED
        return is_open and super().has_change_permission(request, obj)

    def has_accept_permission(self, request: HttpRequest) -> bool:
        """Say whether somebody may write personalities, and so accept a draft."""
        return super().has_change_permission(request) and request.user.has_perm(WRITES_PERSONALITIES)

    @admin.display(description="their words")
    def words(self, draft: PersonalityDraft) -> str:
        """Show each trait with its verbatim examples and the places where they stand."""
        return render_to_string("admin/creators/personalitydraft/words.html", {"parts": parts_of(draft.examples)})

    @admin.action(description="Accept: make them the personality of their creators", permissions=["accept"])
    def accept(self, request: HttpRequest, drafts: QuerySet[PersonalityDraft]) -> None:
        """Accept the chosen drafts, of several of one creator the newest last."""
        for one in drafts.select_related("creator").order_by("created", "pk"):
            self._decide(request, one, "accept")

    @admin.action(description="Refuse", permissions=["change"])
    def refuse(self, request: HttpRequest, drafts: QuerySet[PersonalityDraft]) -> None:
        """Put the chosen drafts aside."""
        for one in drafts.select_related("creator"):
            self._decide(request, one, "refuse")

    def save_model(self, request: HttpRequest, obj: PersonalityDraft, form: Any, change: bool) -> None:
        """Write what was edited, and not the state: somebody may have decided about the draft meanwhile."""
        PersonalityDraft.objects.proposed().filter(pk=obj.pk).update(**obj.described())

    def response_change(self, request: HttpRequest, obj: PersonalityDraft) -> HttpResponse:
        """Accept or refuse what was just saved, where one of these buttons was pressed."""
        if "_accept" in request.POST:
            if not self.has_accept_permission(request):
                raise PermissionDenied
            return self._decide(request, obj, "accept")
        if "_refuse" in request.POST:
            return self._decide(request, obj, "refuse")
        return super().response_change(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of a creator's voice, of what was misheard of them, and taking a draft back."""
        wrap = self.admin_site.admin_view
        return [
            path("voice/<int:creator_id>/", wrap(voice_page), name="creators_voice"),
            path("misheard/", wrap(proposals_page), name="creators_proposals"),
            path("misheard/<int:creator_id>/", wrap(misheard_page), name="creators_misheard"),
            path("draft/<int:creator_id>/", wrap(draft_page), name="creators_draft"),
            path("<int:pk>/undo/", wrap(require_POST(self.undo)), name="creators_personalitydraft_undo"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Tell the page whether its reader may accept."""
        context = {"may_accept": self.has_accept_permission(request), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the personality back to what it was before an accepted draft."""
        if not self.has_accept_permission(request):
            raise PermissionDenied
        return self._decide(request, get_object_or_404(self.get_queryset(request), pk=pk), "undo")

    def _decide(self, request: HttpRequest, draft: PersonalityDraft, act: str) -> HttpResponse:
        """Do it and say what became of it; leads back to the draft."""
        name = draft.creator.name
        done = {
            "accept": f"{name} sounds as this draft says from the next question on.",
            "refuse": f"The draft for {name} was put aside.",
            "undo": f"{name} sounds as before the draft.",
        }
        try:
            getattr(draft, act)()
            self.log_change(request, draft, f"{act}: {draft.state}")
            messages.success(request, done[act])
        except DecisionError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:creators_personalitydraft_change", args=[draft.pk]))
