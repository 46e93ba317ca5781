"""Drafts of a personality, drawn from a creator's own words; none holds before a curator has accepted it."""

from typing import Self

from django.db import models, transaction

from creators.models.creator import Creator, Described, Personality

PARTS = ("tone", "vocabulary", "habits", "phrases", "avoid")
"""The lists of a personality, in the order in which they are shown."""


class DecisionError(ValueError):
    """What can't be done with a draft in its state, in words."""


class PersonalityDraftQuerySet(models.QuerySet["PersonalityDraft"]):
    """Queries over drafts."""

    def proposed(self) -> Self:
        """Only those that nobody has decided about."""
        return self.filter(state=PersonalityDraft.State.PROPOSED)


class PersonalityDraft(Described):
    """How a creator may sound, with the words of theirs that show it.

    ``examples`` is a list of ``{part, trait, quotes}``; a quote is ``{quote, work, title, seconds}``, verbatim, with
    the slug and the title of its work, and None for seconds in a work without times. ``before`` is what the personality
    held when the draft was accepted, None where there was none.
    """

    class State(models.TextChoices):
        """What a curator has made of it."""

        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    class Maker(models.TextChoices):
        """What drew it from the words."""

        MODEL = "model", "Language model"
        STATISTICS = "statistics"

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="personality_drafts")
    examples = models.JSONField(default=list, editable=False)
    made_by = models.CharField(max_length=12, choices=Maker, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED, editable=False)
    before = models.JSONField(null=True, editable=False)

    objects = PersonalityDraftQuerySet.as_manager()

    class Meta:
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return f"How {self.creator.name} may sound"

    @transaction.atomic
    def accept(self) -> Personality:
        """Write the draft as the creator's personality and keep what stood there.

        Raises ``DecisionError`` for one that is accepted or refused already.
        """
        self._lock(self.State.PROPOSED)
        former = Personality.objects.select_for_update().filter(creator_id=self.creator_id).first()
        self.before = former.described() if former else None
        personality, _ = Personality.objects.update_or_create(creator_id=self.creator_id, defaults=self.described())
        self._decide(self.State.ACCEPTED)
        return personality

    @transaction.atomic
    def refuse(self) -> None:
        """Put the draft aside; raises ``DecisionError`` for one that is accepted or refused already."""
        self._lock(self.State.PROPOSED)
        self._decide(self.State.REFUSED)

    @transaction.atomic
    def undo(self) -> None:
        """Put the personality back to what it was before the draft was accepted.

        Raises ``DecisionError`` where it wasn't, or where the personality has been changed since.
        """
        self._lock(self.State.ACCEPTED)
        now = Personality.objects.select_for_update().filter(creator_id=self.creator_id).first()
        if now is None or now.described() != self.described():
            raise DecisionError("The personality has been changed since; put it back by hand.")
        if self.before is None:
            now.delete()
        else:
            Personality.objects.filter(pk=now.pk).update(**self.before)
        self.before = None
        self._decide(self.State.PROPOSED)

    def _lock(self, state: "PersonalityDraft.State") -> None:
        """Wait until nobody else decides about the draft, read it, and see that it is in this state."""
        self.refresh_from_db(from_queryset=PersonalityDraft.objects.select_for_update())
        if self.state != state:
            raise DecisionError(f"This draft is {self.state}, not {state.value}.")

    def _decide(self, state: "PersonalityDraft.State") -> None:
        self.state = state
        self.save(update_fields=["state", "before"])
