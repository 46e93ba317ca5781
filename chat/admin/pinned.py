"""Pinned answers: a list with what became of each, to edit, switch off, or delete."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from chat.models import PinnedAnswer
from creators.admin.roles import CuratedAdmin, OwnCreators


class PinState(admin.SimpleListFilter):
    """Whether a pinned answer is given."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("live", "Answers"), ("stale", "Expired, or its source is gone"), ("off", "Switched off")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the answers of the choice."""
        today = timezone.localdate()
        live = PinnedAnswer.objects.live(today).with_sources().filter(Q(("is_gone", False))).values("pk")
        match self.value():
            case "live":
                return queryset.filter(pk__in=live)
            case "stale":
                return queryset.filter(is_active=True).exclude(pk__in=live)
            case "off":
                return queryset.filter(is_active=False)
        return queryset


@admin.register(PinnedAnswer)
class PinnedAnswerAdmin(CuratedAdmin[PinnedAnswer]):
    """Pinned answers; each is made on the page of a group of questions, where it can be tried."""

    when_empty = "None yet: choose a group of “Questions without an answer”, write what answers it, and pin that."
    list_display = ("__str__", "creator", "state", "signed", "created", "expires")
    list_filter = (PinState, ("creator", OwnCreators))
    list_select_related = ("creator",)
    search_fields = ("text", "signed")
    fields = ("answers_to", "text", "rests_on", "threshold", "signed", "in_their_name", "expires", "is_active")
    readonly_fields = ("answers_to", "rests_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PinnedAnswer]:
        """Look up with the rows whether their sources still say it."""
        rows = super().get_queryset(request)
        return PinnedAnswer.objects.with_sources().select_related("work", "creator").filter(pk__in=rows.values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Answers are pinned on the page of a group: "Questions without an answer" leads there."""
        return False

    @admin.display
    def state(self, pin: PinnedAnswer) -> str:
        """Whether it is given, and else why not."""
        if not pin.is_active:
            return "Switched off"
        if pin.expires and pin.expires < timezone.localdate():
            return "Expired"
        return "Its source is gone" if getattr(pin, "is_gone", False) else "Answers"

    @admin.display(description="answers to")
    def answers_to(self, pin: PinnedAnswer) -> str:
        """The ways of asking that it knows."""
        return " · ".join(pin.questions)

    @admin.display(description="rests on")
    def rests_on(self, pin: PinnedAnswer) -> str:
        """The sentence and the work."""
        if not pin.quote:
            return "Nothing: it stands on the curator’s word."
        return f"“{pin.quote}” in {pin.work.title if pin.work else 'a work that was deleted'}"
