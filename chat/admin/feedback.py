"""What readers think of answers, in the admin: to read, with the question and the answer, and without who it was."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from chat.admin.labels import TIERS, answerer_label, tier_label
from chat.admin.questions import AskedOf, WhoseWords
from chat.models import Feedback
from creators.admin.roles import own_creators


class RatedOf(AskedOf):
    """Who was asked what was rated."""

    path = "turn__creator_slug"


class RatedTier(WhoseWords):
    """Whose words were rated."""

    conditions: ClassVar[Mapping[str, tuple[str, Q]]] = {
        tier: (label, Q(turn__tier=tier)) for tier, label in TIERS.items()
    }


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin[Feedback]):
    """Feedback, the newest first; nobody writes any here, and nothing shows whose it is."""

    when_empty = "None yet: readers rate an answer with the thumbs below it."
    list_display = ("question", "rating", "reason", "creator", "tier", "updated")
    list_filter = ("rating", "reason", RatedTier, RatedOf)
    list_select_related = ("turn",)
    search_fields = ("turn__question", "comment")
    fields = ("question", "rating", "reason", "comment", "creator", "tier", "answered_by", "answer", "updated")
    readonly_fields = fields
    date_hierarchy = "updated"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        """Leave out what was asked of another curator's creators; no list needs the sources and endings of turns."""
        rows = super().get_queryset(request).defer("turn__sources", "turn__ending")
        own = own_creators(request.user)
        return rows if own is None else rows.filter(turn__creator_slug__in=own.values("slug"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers give feedback, and nobody for them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Feedback | None = None) -> bool:
        """Leave what was said as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Feedback | None = None) -> bool:
        """Leave its removal to its owner, and to the commands."""
        return False

    @admin.display(ordering="turn__question")
    def question(self, feedback: Feedback) -> str:
        """Return what was asked."""
        return feedback.turn.question

    @admin.display(description="asked of", ordering="turn__creator_name")
    def creator(self, feedback: Feedback) -> str:
        """Return who was asked."""
        return feedback.turn.creator_name or "Everyone"

    @admin.display(description="whose words", ordering="turn__tier")
    def tier(self, feedback: Feedback) -> str:
        """Return whose words the answer rested on."""
        return tier_label(feedback.turn.tier)

    @admin.display(description="answered by")
    def answered_by(self, feedback: Feedback) -> str:
        """Return what wrote the answer."""
        return answerer_label(feedback.turn.answered_by)

    @admin.display
    def answer(self, feedback: Feedback) -> str:
        """Return the answer as it was."""
        return feedback.turn.answer
