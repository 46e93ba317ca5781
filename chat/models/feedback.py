"""What a reader thinks of an answer."""

from django.db import models

from chat.models.turn import Turn

COMMENT = 500
"""Characters that a comment may have."""


class Rating(models.TextChoices):
    """Whether an answer helped."""

    UP = "up"
    DOWN = "down"


class Reason(models.TextChoices):
    """What is wrong with an answer."""

    NONE = "", "no reason given"
    WRONG = "wrong", "it is wrong"
    NOT_IN_SOURCE = "not_in_source", "the source doesn't say that"
    NOT_ASKED = "not_asked", "it answers something else"
    TOO_LONG = "too_long", "it is too long"
    OUTDATED = "outdated", "it is outdated"
    OTHER = "other", "something else"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Queries over feedback."""


class Feedback(models.Model):
    """The rating of one answer by the owner of its conversation."""

    turn = models.OneToOneField(Turn, models.CASCADE, related_name="feedback")
    rating = models.CharField(max_length=4, choices=Rating.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    comment = models.CharField(max_length=COMMENT, blank=True)
    created = models.DateTimeField()
    updated = models.DateTimeField(db_index=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ("-updated",)

    def __str__(self) -> str:
        return f"{self.get_rating_display()}: {self.turn}"
