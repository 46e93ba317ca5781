"""Creators, with their domains, pictures, personalities and the drafts of those."""

import re
from collections.abc import Collection, Iterable
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction

from chrysopedia.core.text import folded_name

HOST_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(\*\.{HOST_LABEL}\.)?({HOST_LABEL}\.)*{HOST_LABEL}")
LOOPBACK = re.compile(r"(.+\.)?localhost|127(\.\d{1,3}){3}")
EXAMPLE = "https://www.example.com"


def validate_origin(origin: str) -> None:
    """Raise ``ValidationError``, with a sentence, for what is not an origin that may be allowed.

    Allowed are https with a host and perhaps a port, ``https://*.example.com`` for all names under one, and http on
    this machine itself. What passes holds no space, semicolon or quote, so that it can stand in a header.
    """
    if problem := _problem(origin):
        raise ValidationError(f"“{origin}” {problem}", code="origin")


def _problem(origin: str) -> str:
    parts = _parts(origin)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        return f"is not the address of a site; write it like {EXAMPLE}."
    if parts.path or parts.query or parts.fragment or origin != f"{parts.scheme}://{parts.netloc}":
        return f"has more than scheme, host and port; leave the rest out, as in {EXAMPLE}."
    host = parts.netloc.rsplit(":", 1)[0] if parts.port is not None else parts.netloc
    if not HOST.fullmatch(host):
        return f"has a host that can't be used; write it in lower case, like {EXAMPLE} or https://*.example.com."
    if parts.scheme == "http" and not LOOPBACK.fullmatch(host):
        return "must begin with https; http is for localhost only."
    return ""


def _parts(origin: str) -> SplitResult | None:
    try:
        parts = urlsplit(origin)
        parts.port  # noqa: B018 - reading it is what validates it
    except ValueError:
        return None
    return parts


class DomainQuerySet(models.QuerySet["Domain"]):
    """Queries over domains."""

    def words_for(self, creators: Iterable[str]) -> list[dict[str, list[str]]]:
        """Return the word lists, by name, of each domain of the creators with these slugs."""
        return list(self.filter(creators__slug__in=set(creators)).distinct().values(*WORD_LISTS))


WORD_LISTS = ("opposites", "lowering", "ratio_names", "ratio_owners")
"""The lists by which a domain adds to the English that answers are checked with."""
validate_pair = RegexValidator(r"^[^/\s]+/[^/\s]+$", "Write two words with a stroke between them, like wet/dry.")


class Domain(models.Model):
    """A field that creators work in, with words of its own; those who share one can answer for each other."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    opposites = ArrayField(
        models.CharField(max_length=100, validators=[validate_pair]),
        default=list,
        blank=True,
        help_text="Pairs of words of which one says the contrary of the other, such as wet/dry.",
    )
    lowering = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name="words that lower",
        help_text="Words after which a number without a sign speaks of less, such as attenuate.",
    )
    ratio_names = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        help_text="Words that make a ratio of the two numbers before them, such as compression.",
    )
    ratio_owners = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name="what has ratios",
        help_text="Words of which 3:1 may be the setting, such as compressor.",
    )

    objects = DomainQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CreatorQuerySet(models.QuerySet["Creator"]):
    """Queries over creators."""

    def published(self) -> Self:
        """Only those whom visitors may ask."""
        return self.filter(is_published=True)

    def with_work_counts(self) -> Self:
        """Each with ``work_count``, how many of its works visitors may read."""
        visible = models.Q(works__is_withdrawn=False)
        return self.annotate(work_count=models.Count("works", filter=visible, distinct=True))

    def with_works(self) -> Self:
        """Only those of whom there is something to read, each with its ``work_count``, whoever has most first."""
        counted = self.with_work_counts().filter(models.Q(("work_count__gt", 0)))
        return counted.order_by(models.F("work_count").desc(), "name", "pk")

    def in_order_of(self, by: str) -> Self:
        """By ``name`` or the number of ``works``, with a minus the other way round; needs ``with_work_counts``."""
        key = "work_count" if by.endswith("works") else "name"
        return self.order_by(f"-{key}" if by.startswith("-") else key, "name", "pk")

    def named(self, text: str) -> "Creator | None":
        """Return the creator with this slug, else name, else alias, else former slug, whatever the case.

        None where nobody has it.
        """
        folded = folded_name(text)
        if "\0" in folded:  # which PostgreSQL can't even compare
            return None
        names = ({"slug": folded}, {"folded_name": folded}, {"folded_aliases__contains": [folded]})
        for lookup in (*names, {"former_slugs__slug": folded}):
            if found := self.filter(**lookup).order_by("pk").first():
                return found
        return None

    def sharing_domain_with(self, creator: "Creator") -> Self:
        """This creator and all who share a domain with them."""
        peers = Creator.domains.through.objects.filter(
            domain_id__in=Creator.domains.through.objects.filter(creator_id=creator.pk).values("domain_id")
        ).values("creator_id")
        return self.filter(models.Q(pk=creator.pk) | models.Q(pk__in=peers))


class Creator(models.Model):
    """A person, channel or publication whose words are searched."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True, help_text="Separated by commas.")
    domains = models.ManyToManyField(Domain, related_name="creators", blank=True)
    links = models.JSONField(default=list, blank=True, help_text='A list of {"label": …, "url": …}.')
    summary = models.TextField(blank=True, help_text="What they teach, in a sentence.")
    is_published = models.BooleanField(default=True, help_text="Unpublished creators are neither listed nor quoted.")
    embed_origins = ArrayField(
        models.CharField(max_length=300, validators=[validate_origin]),
        default=list,
        blank=True,
        verbose_name="sites that may embed",
        help_text="The sites that may show this creator's chat in a frame, such as https://www.example.com.",
    )
    curators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="curated_creators",
        blank=True,
        help_text="Who of the group Curators works on this creator; editors and operators work on all.",
    )
    folded_name = models.CharField(max_length=400, editable=False, db_index=True)
    folded_aliases = ArrayField(models.CharField(max_length=400), default=list, editable=False)

    objects = CreatorQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the case-folded names beside the written ones: PostgreSQL's lower() is not Unicode case folding."""
        self.folded_name = folded_name(self.name)
        self.folded_aliases = [folded_name(alias) for alias in self.aliases]
        super().save(*args, **kwargs)


class FormerSlug(models.Model):
    """The address of a creator who was merged into another, whom it leads to unless somebody new has it."""

    slug = models.SlugField(primary_key=True, max_length=80)
    # Without a constraint of the database's: the version before, which doesn't know of it, goes on deleting creators.
    creator = models.ForeignKey(Creator, models.CASCADE, related_name="former_slugs", db_constraint=False)

    def __str__(self) -> str:
        return f"{self.slug}, now {self.creator}"


class PersonalityFields(models.Model):
    """How somebody sounds, in a sentence or two and in lists, what matters most first."""

    summary = models.TextField(blank=True)
    tone = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    vocabulary = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    phrases = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    habits = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    avoid = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        abstract = True

    def described(self) -> dict[str, Any]:
        """Return the sentence and the lists by their names, to be kept or written elsewhere."""
        return {field.name: getattr(self, field.name) for field in PersonalityFields._meta.local_fields}


class Personality(PersonalityFields):
    """How a creator sounds; the prompt takes from it as much as the weight allows."""

    creator = models.OneToOneField(Creator, on_delete=models.CASCADE, related_name="personality")

    class Meta:
        verbose_name_plural = "personalities"

    def __str__(self) -> str:
        return f"How {self.creator.name} sounds"


class PictureQuerySet(models.QuerySet["Picture"]):
    """Queries over pictures."""

    def published(self) -> Self:
        """Only those of creators whom visitors may ask."""
        return self.filter(creator__is_published=True)

    def digests(self) -> dict[str, str]:
        """Return the digest of each picture, by the slug of its creator."""
        return dict(self.values_list("creator__slug", "digest"))


class Picture(models.Model):
    """A square WebP, as ``creators.admin.pictures`` makes it. In a table of its own: a creator is read without it."""

    creator = models.OneToOneField(Creator, on_delete=models.CASCADE, related_name="picture")
    content = models.BinaryField()
    digest = models.CharField(max_length=16, help_text="Changes with the picture, so that browsers may keep it.")

    objects = PictureQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Picture of {self.creator}"


TRAIT_LISTS = ("tone", "vocabulary", "habits", "phrases", "avoid")
"""The lists of a personality, in the order in which they are shown."""


class DecisionError(ValueError):
    """What can't be done with a draft in its state, in words."""


class PersonalityDraftQuerySet(models.QuerySet["PersonalityDraft"]):
    """Queries over drafts."""

    def proposed(self) -> Self:
        """Only those that nobody has decided about."""
        return self.filter(state=PersonalityDraft.State.PROPOSED)

    def forget_works(self, slugs: Collection[str]) -> None:
        """Take the quotes from these works out of them."""
        for draft in self:
            examples = [
                {**example, "quotes": [quote for quote in example["quotes"] if quote["work"] not in slugs]}
                for example in draft.examples
            ]
            if examples != draft.examples:
                PersonalityDraft.objects.filter(pk=draft.pk).update(examples=examples)


class PersonalityDraft(PersonalityFields):
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
