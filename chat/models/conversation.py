"""Kept conversations: their turns, the links by which they are shared, and what readers think of answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower, Trim

from chat.events.events import Tier

TITLE = 200
"""Characters that a title may have."""
MOST_SOUGHT = 8
"""Words that a search among conversations goes by; it looks at each of the owner's for each of them."""


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Queries over conversations."""

    def of(self, owner: str) -> Self:
        """Only those of the owner with this key."""
        return self.filter(owner=owner)

    def named(self, public_id: UUID, *, owner: str) -> "Conversation | None":
        """Return the owner's conversation with this id; the same id of another owner is another conversation."""
        return self.of(owner).filter(public_id=public_id).first()

    def called(self, name: str) -> Self:
        """Only those with this id, whoever has them, or shared by this token."""
        try:
            return self.filter(public_id=UUID(name))
        except ValueError:
            return self.filter(share__token=name)

    def for_list(self) -> "models.QuerySet[Any, Any]":
        """What a list shows of each, as dictionaries, with the count of its ``turns`` and whether it ``is_shared``."""
        counted = self.annotate(turn_count=models.Count("turns"), is_shared=models.Q(share__isnull=False))
        return counted.values(
            "title", "created", "updated", "is_shared", "turn_count", conversation_id=models.F("public_id")
        )

    def newest_first(self) -> Self:
        """In the order of their last turns."""
        return self.order_by("-updated", "-pk")

    def older_than(self, conversation: "Conversation") -> Self:
        """Only those that follow this one in the order of ``newest_first``."""
        same = models.Q(updated=conversation.updated, pk__lt=conversation.pk)
        return self.filter(models.Q(updated__lt=conversation.updated) | same)

    def saying(self, words: str) -> Self:
        """Only those in which each of the words stands, whole or begun: in the title, a question or an answer."""
        found = self
        for word in words.split()[:MOST_SOUGHT]:
            turns = Turn.objects.filter(conversation=models.OuterRef("pk"))
            said = turns.filter(models.Q(question__icontains=word) | models.Q(answer__icontains=word))
            found = found.filter(models.Q(title__icontains=word) | models.Exists(said))
        return found

    def unused_since(self, moment: datetime) -> Self:
        """Only those whose last turn was before this moment, the oldest first."""
        return self.filter(updated__lt=moment).order_by("updated")

    def take(self, public_id: UUID, *, owner: str, title: str, now: datetime) -> "Conversation":
        """Return the owner's conversation with this id, made where there is none, its last turn being now.

        One statement, so that of two callers neither fails. A conversation that there was keeps its title.
        """
        conversation = Conversation(public_id=public_id, owner=owner, title=title, created=now, updated=now)
        unique, changed = ["owner", "public_id"], ["updated"]
        self.bulk_create([conversation], update_conflicts=True, unique_fields=unique, update_fields=changed)
        return conversation


class Conversation(models.Model):
    """Turns that follow one another under one id and one owner, as they are kept.

    ``owner`` is the key of a ``chat.conversations.owner.Owner``, ``title`` its first question or what its owner calls
    it, and ``updated`` the time of its last turn.
    """

    public_id = models.UUIDField()
    owner = models.CharField(max_length=100)
    title = models.CharField(max_length=TITLE)
    created = models.DateTimeField()
    updated = models.DateTimeField(db_index=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "public_id"), name="one_conversation_an_owner_and_id"),)
        indexes = (models.Index(fields=("owner", "-updated"), name="conversation_owner_updated"),)

    def __str__(self) -> str:
        return self.title


class ShareQuerySet(models.QuerySet["Share"]):
    """Queries over shares."""

    def opened_by(self, token: str) -> "Share | None":
        """Return the share with this token, with its conversation; None where there is none, or none any more."""
        if "\0" in token:  # which PostgreSQL can't even compare
            return None
        return self.select_related("conversation").filter(token=token).first()


class Share(models.Model):
    """The link to a conversation, read-only: it shows the turns that were asked before ``created``.

    A conversation has at most one. Deleting the row revokes the link.
    """

    token = models.CharField(max_length=64, unique=True)
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="share")
    created = models.DateTimeField()

    objects = ShareQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.conversation}, shared"


BETWEEN_WORDS = "[[:punct:][:space:]“”„‘’«»…–—¿¡？。，！]+"
"""What counts as one space where questions are compared; spelled out, as a database may know ASCII alone."""


class _Mode(models.Aggregate):
    """The value that occurs most often."""

    template = "mode() WITHIN GROUP (ORDER BY %(expressions)s)"


class TurnQuerySet(models.QuerySet["Turn"]):
    """Queries over turns."""

    def of(self, owner: str) -> Self:
        """Only those of the owner with this key."""
        return self.filter(conversation__owner=owner)

    def in_order(self) -> Self:
        """Oldest first."""
        return self.order_by("number")

    def answered(self) -> Self:
        """Only those that came to an answer, be it that nobody here knows one."""
        return self.filter(ending__isnull=False)

    def asked_of(self, slugs: "models.QuerySet[Any, Any] | Sequence[str]") -> Self:
        """Only those that were put to the creators with these slugs."""
        return self.filter(creator_slug__in=slugs)

    def since(self, moment: datetime) -> Self:
        """Only those asked from this moment on."""
        return self.filter(created__gte=moment)

    def searched(self) -> Self:
        """Only those that had to be searched for: no small talk, nothing about the collection."""
        return self.exclude(answered_by__in=("catalogue", "conversation"))

    def unanswered(self) -> Self:
        """Only those to which nobody here had anything to say, and those that failed."""
        nobody = models.Q(tier=Tier.NONE, ending__isnull=False) | models.Q(ending__coverage="none")
        return self.searched().filter(nobody | models.Q(ending__isnull=True, ended__isnull=False))

    def weak(self) -> Self:
        """Only those whose answer is only near, or cites a source for what it doesn't say."""
        return self.searched().filter(
            models.Q(ending__coverage="partly") | models.Q(ending__grounding__unsupported__gt=0)
        )

    def disliked(self) -> Self:
        """Only those whose reader turned the thumb down."""
        return self.filter(feedback__rating="down")

    def worth_remembering(self) -> Self:
        """Only those whose answer a model may be told of later.

        Of one that was stopped for saying the same again nothing is, unless the creators' own words followed it.
        """
        is_no_loop = ~models.Q(ending__reason="repetition")
        return self.answered().filter(is_no_loop | models.Q(ending__quoted_from__gte=0))

    def from_turn(self, turn_id: UUID, *, conversation: Conversation) -> Self:
        """The turn with this id and all after it, within its conversation; none where it isn't there."""
        first = self.filter(pk=turn_id, conversation=conversation).values("number")
        return self.filter(conversation=conversation, number__gte=models.Subquery(first))

    def next_number(self, conversation: Conversation) -> Combinable:
        """Return the number that the conversation's next turn gets, from 1, to be worked out where it is stored."""
        last = self.filter(conversation=conversation).order_by("-number").values("number")[:1]
        return Coalesce(models.Subquery(last), 0) + 1

    def most_asked(self, creator_slug: str, *, at_least: int = 3, limit: int = 5) -> Sequence[str]:
        """Return the questions that most owners have asked this creator, the most asked first.

        For the privacy of whoever asked, a question is shown only if at least so many different owners have asked it
        (k-anonymity), each at the beginning of a conversation, and the creator's own works answered it. Questions that
        differ in case, space and punctuation are one, shown as it was written most often. All callers
        without a session count as one owner.
        """
        folded = models.Func(Lower("question"), models.Value(BETWEEN_WORDS), models.Value(" "), models.Value("g"),
                             function="regexp_replace", output_field=models.TextField())  # fmt: skip
        asked = (
            self.filter(creator_slug=creator_slug, tier=Tier.CREATOR, number=1)
            .annotate(folded=Trim(folded))
            .exclude(folded="")
            .values("folded")
            .annotate(owners=models.Count("conversation__owner", distinct=True), written=_Mode("question"))
        )
        rows = asked.filter(owners__gte=at_least).order_by("-owners", "folded")
        return [row["written"] for row in rows[:limit]]


class Turn(models.Model):
    """One question of a kept conversation and all that came of it.

    Its row is made when the question is accepted and completed when the turn has ended. ``sources`` and ``ending`` are
    the members that the contract's events ``sources`` and ``done`` have. ``ending`` is None while the turn runs, and
    stays so where it failed (then ``ended`` is set) or its process died. ``creator_name`` is "" for everyone together.
    """

    id = models.UUIDField(primary_key=True)
    desk_id = models.UUIDField(db_default=RandomUUID(), editable=False)
    """Its name at the curator's desk: its own id is a right of whoever asked."""
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="turns", db_index=False)
    number = models.PositiveIntegerField()
    question = models.TextField()
    creator_slug = models.CharField(max_length=80, blank=True)
    creator_name = models.CharField(max_length=200, blank=True)
    weight = models.FloatField(default=0.0)
    answer = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    ending = models.JSONField(null=True)
    tier = models.CharField(max_length=20, blank=True)
    answered_by = models.CharField(max_length=20, blank=True)
    finish = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=200, blank=True, default="", db_default="")
    """The language model that was asked last, "" for none."""
    micros = models.BigIntegerField(null=True)
    """What models cost, in millionths of the prices' currency; None where no price was set, or no model was asked."""
    created = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conversation", "number"), name="one_turn_a_number"),)
        indexes = (
            models.Index(
                fields=("creator_slug",),
                name="turn_first_of_creator",
                condition=models.Q(tier=Tier.CREATOR.value, number=1),
            ),
            models.Index(fields=("desk_id",), name="turn_desk_id"),
            models.Index(fields=("-created",), name="turn_created"),
        )

    def __str__(self) -> str:
        return self.question


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
