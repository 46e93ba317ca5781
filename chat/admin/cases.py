"""Test cases: a list of what is kept, to look at and to delete; each is made on the page of a question's steps."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chat.admin.labels import tier_label
from chat.admin.questions import WhoseWords
from chat.models import EvaluationCase
from creators.admin.roles import CuratedAdmin, OwnCreators


@admin.register(EvaluationCase)
class EvaluationCaseAdmin(CuratedAdmin[EvaluationCase]):
    """Test cases, the newest first."""

    when_empty = "None yet: open a question that was asked, then “Step by step”, then “Keep as a test case”."
    list_display = ("question", "asked_of", "whose_words", "finds", "created")
    list_filter = (("creator", OwnCreators), WhoseWords)
    list_select_related = ("creator",)
    search_fields = ("question",)
    fields = ("question", "asked_of", "said_before", "whose_words", "finds", "curator", "created")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[EvaluationCase]:
        """Look up with the rows what they ought to find."""
        return super().get_queryset(request).prefetch_related("expected__work")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made of what was asked: "What was asked", a question, "Step by step"."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: EvaluationCase | None = None) -> bool:
        """Leave what was asked as it is; what it ought to find is said on the page of its steps."""
        return False

    @admin.display(description="asked of", ordering="creator__name")
    def asked_of(self, case: EvaluationCase) -> str:
        """Who was asked."""
        return case.creator.name if case.creator else "Everyone"

    @admin.display(description="whose words", ordering="tier")
    def whose_words(self, case: EvaluationCase) -> str:
        """Whose words ought to answer."""
        return tier_label(case.tier)

    @admin.display(description="said before")
    def said_before(self, case: EvaluationCase) -> str:
        """The questions before it."""
        return " · ".join(one["question"] for one in case.earlier) or "Nothing"

    @admin.display(description="ought to find")
    def finds(self, case: EvaluationCase) -> str:
        """The works, with the sentence where a passage was named."""
        found = (f"{one.work.title}: “{one.quote}”" if one.quote else one.work.title for one in case.expected.all())
        return " · ".join(found) or "Nothing"
