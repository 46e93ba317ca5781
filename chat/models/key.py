"""Keys by which programs ask: what each may do, and the hash by which its secret is known again."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now

NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use of a key is known: a row written for each question would cost more than it tells."""


class Scope(models.TextChoices):
    """What a key is good for."""

    CHAT = "chat", "ask questions, and read what was asked by it"
    SEARCH = "search", "search passages"
    CURATE = "curate", "reserved: nothing can be done by it yet"


class Kind(models.TextChoices):
    """Who answers what is asked with a key."""

    LIVE = "live", "the corpus"
    SANDBOX = "sandbox", "scripts, free of charge, and nothing is stored"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Queries over keys."""

    def in_force(self, now: datetime) -> Self:
        """Only those that are neither revoked nor past their time."""
        return self.filter(models.Q(expires=None) | models.Q(expires__gt=now), revoked=None)

    def called(self, name: str) -> "ApiKey | None":
        """Return the key with this name, id or visible beginning, the newest of them; None where there is none."""
        named = models.Q(name=name) | models.Q(beginning=name)
        with suppress(ValueError):
            named |= models.Q(pk=UUID(name))
        return self.filter(named).order_by(models.F("revoked").desc(nulls_first=True), "-created").first()

    def rename_creator(self, slug: str, *, to: str) -> None:
        """Have keys that may ask one creator ask another instead."""
        keys = list(self.filter(creators__contains=[slug]))
        for key in keys:
            key.creators = list(dict.fromkeys(to if one == slug else one for one in key.creators))
        self.bulk_update(keys, ["creators"])

    def note_use(self, key: "ApiKey", *, now: datetime) -> None:
        """Remember that a key was used, at most once in a minute."""
        if key.last_used is None or now - key.last_used >= NOTED_EVERY:
            self.filter(pk=key.pk).update(last_used=now)


class ApiKey(models.Model):
    """A key: its secret is shown once, when it is made, and stored as its SHA-256.

    A fast hash is enough for 240 random bits. ``creators`` are slugs and ``origins`` web origins, empty for all; a
    limit that is null is the site's.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, db_default=Kind.LIVE, default=Kind.LIVE)
    beginning = models.CharField(max_length=12, help_text="The first characters of the secret, to tell keys apart.")
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    creators = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    origins = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    questions_per_minute = models.PositiveIntegerField(null=True, blank=True)
    searches_per_minute = models.PositiveIntegerField(null=True, blank=True)
    tokens_per_day = models.PositiveBigIntegerField(
        db_default=0, default=0, help_text="Of language models; 0 for no cap."
    )
    money_per_day = models.DecimalField(
        max_digits=12,
        decimal_places=4,
        db_default=0,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="What language models may cost, in the currency of the prices; 0 for no cap.",
    )
    created = models.DateTimeField(db_default=Now())
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ("-created",)

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"
