"""What was asked: every kept turn, found by its words and by what came of it, as its reader saw it."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator

from chat import conversations
from chat.admin.bulk import bulk_page
from chat.admin.groups import group_list, group_page
from chat.admin.labels import ANSWERERS, COVERAGES, TIERS, answerer_label, coverage_label
from chat.admin.merging import merge_page
from chat.admin.overview import overview_page
from chat.admin.replay import keep_page, replay_page
from chat.admin.roles import turns_for
from chat.admin.shape import passage_page, shape_page
from chat.admin.takedown import takedown_page
from chat.events.messages import MESSAGES
from chat.models import Turn
from chat.rendering.article import article_of_turn
from creators.admin.roles import creators_for, own_creators

SLOW = 10_000
"""Milliseconds from which on an answer was slow."""
TITLE = 110
"""Characters of a question in the list."""


class Choices(admin.SimpleListFilter):
    """A filter with a few fixed choices, each with its condition."""

    conditions: ClassVar[Mapping[str, tuple[str, Q]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the choice."""
        chosen = self.conditions.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class Coverage(Choices):
    """Filter by whether the question was answered."""

    title, parameter_name = "answered", "coverage"
    conditions: ClassVar[Mapping[str, tuple[str, Q]]] = {
        **{name: (label, Q(ending__coverage=name)) for name, label in COVERAGES.items()},
        "failed": ("It failed", Q(ending__isnull=True, ended__isnull=False)),
    }


class Thumb(Choices):
    """Filter by the reader's rating."""

    title, parameter_name = "feedback", "thumb"
    conditions: ClassVar[Mapping[str, tuple[str, Q]]] = {
        "down": ("Thumb down", Q(feedback__rating="down")),
        "up": ("Thumb up", Q(feedback__rating="up")),
        "none": ("None given", Q(feedback=None)),
    }


class Trouble(Choices):
    """Filter by what was wrong with the answer itself."""

    title, parameter_name = "trouble", "trouble"
    conditions: ClassVar[Mapping[str, tuple[str, Q]]] = {
        "weak": ("Not in its sources", Q(ending__grounding__unsupported__gt=0)),
        "bare": ("Sentences without a source", Q(ending__grounding__uncited__gt=0)),
        "slow": (f"Slower than {SLOW // 1000} s", Q(ending__timings_ms__total__gt=SLOW)),
        "cut": ("Broke off or stopped", Q(finish__in=("cut", "stopped", "length"))),
    }


class WhoseWords(Choices):
    """Filter by tier."""

    title, parameter_name = "whose words", "tier"
    conditions: ClassVar[Mapping[str, tuple[str, Q]]] = {tier: (label, Q(tier=tier)) for tier, label in TIERS.items()}


class AnsweredBy(Choices):
    """Filter by what wrote the answer."""

    title, parameter_name = "answered by", "by"
    conditions: ClassVar[Mapping[str, tuple[str, Q]]] = {
        name: (label, Q(answered_by=name)) for name, label in ANSWERERS.items()
    }


class AskedOf(admin.SimpleListFilter):
    """Filter by who was asked; a curator chooses among their own creators."""

    title, parameter_name = "asked of", "creator"
    path = "creator_slug"
    """From a row to the slug of who was asked, as a queryset's filter writes it."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the creators."""
        everyone = [("-", "Everyone together")] if own_creators(request.user) is None else []
        return [*everyone, *creators_for(request.user).values_list("slug", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the turns of the choice."""
        slug = self.value()
        return queryset if slug is None else queryset.filter(**{self.path: "" if slug == "-" else slug})


class Questions(ChangeList):
    """The list, whose rows lead to the names that turns have at the desk."""

    def url_for_result(self, result: Any) -> str:
        """Return the address of a turn's page."""
        return reverse("admin:chat_turn_change", args=[result.desk_id])


@admin.register(Turn)
class TurnAdmin(admin.ModelAdmin[Turn]):
    """Turns, the newest first: to read, and never with who asked."""

    when_empty = "Nothing was asked yet, or nothing is kept (KEEP_CONVERSATIONS)."
    list_display = ("asked", "asked_of", "came_of_it", "by", "thumb", "took", "created")
    list_filter = (AskedOf, Coverage, WhoseWords, AnsweredBy, Thumb, Trouble)
    search_fields = ("question", "answer")
    list_select_related = ("feedback",)
    date_hierarchy = "created"
    ordering = ("-created",)
    show_full_result_count = False
    list_per_page = 50
    actions = None
    change_list_template = "admin/chat/turn/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        """Leave out what was asked of another curator's creators, and read only what a list shows."""
        shown = turns_for(request.user).defer("answer", "sources", "ending")
        total = Cast(KT("ending__timings_ms__total"), FloatField())
        return shown.annotate(coverage=KT("ending__coverage"), total_ms=total)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list with addresses of its own."""
        return Questions

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list under its own title."""
        return super().changelist_view(request, {"title": "What was asked", **(extra_context or {})})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Turn | None:
        """Return the turn with this name at the desk."""
        try:
            name = UUID(object_id)
        except ValueError:
            return None
        return turns_for(request.user).select_related("conversation").filter(desk_id=name).first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a turn with its answer, sources and receipts as its reader saw them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        turn = self.get_object(request, object_id)
        if turn is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]  # Django's own
            return gone
        stored = conversations.without_reader(turn)
        context = {
            **self.admin_site.each_context(request),
            "title": "As its reader saw it",
            "opts": self.opts,
            "turn": turn,
            "done": stored.done,
            "answerer": stored.done and answerer_label(stored.done.answered_by),
            "coverage": stored.done and coverage_label(stored.done.coverage),
            "article": article_of_turn(stored),
            "feedback": getattr(turn, "feedback", None),
            "words": MESSAGES,
        }
        return TemplateResponse(request, "admin/chat/turn/asked.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers ask, and nobody for them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Turn | None = None) -> bool:
        """Leave what was answered as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Turn | None = None) -> bool:
        """Leave its removal to its owner, and to the commands."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the groups beside Django's own addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:desk_id>/replay/", wrap(replay_page), name="chat_replay"),
            path("<uuid:desk_id>/keep/", wrap(keep_page), name="chat_keep"),
            path("takedown/<int:work_id>/", wrap(takedown_page), name="chat_takedown"),
            path("shape/<int:work_id>/", wrap(shape_page), name="chat_shape"),
            path("shape/<int:work_id>/<int:chunk_id>/", wrap(passage_page), name="chat_passage"),
            path("works/<slug:act>/", wrap(bulk_page), name="chat_bulk"),
            path("merge/<int:creator_id>/", wrap(merge_page), name="chat_merge"),
            path("overview/", wrap(overview_page), name="chat_overview"),
            path("groups/<slug:kind>/", wrap(group_list), name="chat_groups"),
            path("groups/<slug:kind>/<uuid:desk_id>/", wrap(group_page), name="chat_group"),
            *super().get_urls(),
        ]

    @admin.display(description="question")
    def asked(self, turn: Turn) -> str:
        """What was asked, in a line."""
        return Truncator(turn.question).chars(TITLE)

    @admin.display(description="asked of", ordering="creator_name")
    def asked_of(self, turn: Turn) -> str:
        """Who was asked."""
        return turn.creator_name or "Everyone"

    @admin.display(description="answered")
    def came_of_it(self, turn: Turn) -> str:
        """Whether it was answered."""
        coverage = getattr(turn, "coverage", None)
        if turn.ended is None:
            return "Not yet"
        known = {name: label for name, (label, _) in Coverage.conditions.items()}
        return known.get(coverage or "failed", "")

    @admin.display(description="by", ordering="answered_by")
    def by(self, turn: Turn) -> str:
        """What wrote the answer."""
        label, _ = AnsweredBy.conditions.get(turn.answered_by, ("", F))
        return label

    @admin.display(description="feedback")
    def thumb(self, turn: Turn) -> str:
        """What the reader thought."""
        given = getattr(turn, "feedback", None)
        return {"up": "Up", "down": "Down"}[given.rating] if given else ""

    @admin.display(description="took", ordering="total_ms")
    def took(self, turn: Turn) -> str:
        """How long the answer took."""
        total = getattr(turn, "total_ms", None)
        return "" if total is None else f"{total / 1000:.1f} s"
