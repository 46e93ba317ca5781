"""Test cases that curators keep: a question, and what it ought to find."""

from typing import Self

from django.conf import settings
from django.db import models

from chat.events.events import Tier
from creators.models import Creator, Work


class EvaluationCaseQuerySet(models.QuerySet["EvaluationCase"]):
    """Queries over test cases."""

    def in_order(self) -> Self:
        """Oldest first, each with what it ought to find."""
        expected = ExpectedPassage.objects.select_related("work__creator").order_by("pk")
        found = self.select_related("creator").prefetch_related(models.Prefetch("expected", expected))
        return found.order_by("pk")


class EvaluationCase(models.Model):
    """A question that was asked, which ``manage.py evaluate`` asks again; its words stay when its turn is removed.

    ``desk_id`` is the name at the desk of the turn that it was made of, ``earlier`` what was said before: objects with
    ``question`` and ``answer``. ``creator`` is None for everyone. In tier ``none`` nothing ought to be found.
    """

    desk_id = models.UUIDField(unique=True, editable=False)
    creator = models.ForeignKey(Creator, models.CASCADE, null=True, blank=True, related_name="+")
    question = models.TextField()
    earlier = models.JSONField(default=list)
    tier = models.CharField(max_length=20, choices=[(tier.value, tier.value) for tier in Tier])
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    created = models.DateTimeField(editable=False)

    objects = EvaluationCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "test case"
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.question


class ExpectedPassage(models.Model):
    """A work that a question ought to find; with ``quote``, the passage in which that stands.

    A sentence and not a chunk, which an ingest makes anew.
    """

    case = models.ForeignKey(EvaluationCase, models.CASCADE, related_name="expected")
    work = models.ForeignKey(Work, models.CASCADE, related_name="+")
    quote = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.quote or str(self.work)
