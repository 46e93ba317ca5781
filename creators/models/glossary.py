"""The glossary: terms of a creator or a domain, and what transcribers make of them."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from creators.models.creator import Creator, Domain


class GlossaryQuerySet(models.QuerySet["GlossaryEntry"]):
    """Queries over glossary entries."""

    def reviewed(self) -> Self:
        """Only those that a curator has accepted; no other is ever applied."""
        return self.filter(is_reviewed=True)

    def proposed(self) -> Self:
        """Only those that nobody has accepted or refused yet."""
        return self.filter(is_reviewed=False, is_refused=False)

    def applying_to(self, creator_id: int) -> Self:
        """Those of this creator and of the domains they work in."""
        domains = Creator.domains.through.objects.filter(creator_id=creator_id).values("domain_id")
        return self.filter(models.Q(creator_id=creator_id) | models.Q(domain_id__in=domains))

    def of_anyone(self) -> Self:
        """Those of all domains and of every creator whom visitors may ask."""
        return self.filter(models.Q(creator=None) | models.Q(creator__is_published=True))


class GlossaryEntry(models.Model):
    """A term of one creator or one domain, with the phrases that it is misheard as."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="glossary", null=True, blank=True)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="glossary", null=True, blank=True)
    term = models.CharField(max_length=200, help_text="As it is written, such as Serum.")
    heard = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="What transcribers make of it, separated by commas: seerum, sea rum.",
    )
    meaning = models.TextField(blank=True, help_text="What it is, in a sentence.")
    is_reviewed = models.BooleanField(default=False, help_text="Only reviewed entries are applied.")
    is_refused = models.BooleanField(default=False, db_default=False, editable=False)
    """A proposal that a curator did not want: it is kept so that it isn't made again."""

    objects = GlossaryQuerySet.as_manager()

    class Meta:
        ordering = ("term", "pk")
        verbose_name_plural = "glossary entries"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(creator=None) ^ models.Q(domain=None),
                name="glossary_of_creator_or_domain",
                violation_error_message="Choose a creator or a domain, one of the two.",
            ),
        )

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        """Refuse a phrase that would change half of what is said, and tidy the spaces."""
        self.term = " ".join(self.term.split())
        self.heard = [" ".join(phrase.split()) for phrase in self.heard or () if phrase.strip()]
        for phrase in self.heard:
            if sum(map(str.isalnum, phrase)) < 2 or not phrase[0].isalnum():
                raise ValidationError({"heard": f"“{phrase}” is no word or phrase of at least two letters."})
