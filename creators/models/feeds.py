"""Subscribed feeds, and the episodes of each with the work that was made of it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now

from creators.models.creator import Creator

POLL_LEASE = timedelta(minutes=2)
"""How long a feed is one worker's: longer than any fetch takes."""


class FeedQuerySet(models.QuerySet["Feed"]):
    """Queries over feeds."""

    def due(self, *, now: datetime) -> Self:
        """Those that are to be polled."""
        return self.filter(is_active=True, next_poll__lte=now)

    def take(self, *, now: datetime) -> "Feed | None":
        """Return a feed that is due, which no other worker polls meanwhile; None where there is none."""
        with transaction.atomic():
            rows = self.select_for_update(skip_locked=True).due(now=now).order_by("next_poll")
            feed = rows.first()
            if feed is not None:
                self.filter(pk=feed.pk).update(next_poll=now + POLL_LEASE)
        return feed


class Feed(models.Model):
    """A podcast's feed that is looked at again and again; its episodes with a transcript become works."""

    class WhenGone(models.TextChoices):
        """What becomes of a work whose episode is no longer in the feed."""

        KEEP = "keep", "keep the work"
        WITHDRAW = "withdraw", "withdraw the work"

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField(max_length=1000, verbose_name="address")
    title = models.CharField(max_length=300, blank=True)
    when_gone = models.CharField(
        max_length=10,
        choices=WhenGone.choices,
        default=WhenGone.KEEP,
        verbose_name="when an episode disappears",
        help_text="Many feeds list their newest episodes only: there, keep.",
    )
    is_active = models.BooleanField(default=True, verbose_name="subscribed")
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    next_poll = models.DateTimeField(db_default=Now())
    checked = models.DateTimeField(null=True, verbose_name="last looked at")
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ("creator", "title")
        constraints = (models.UniqueConstraint(fields=("creator", "url"), name="one_feed_an_address"),)

    def __str__(self) -> str:
        return self.title or self.url


class EpisodeQuerySet(models.QuerySet["Episode"]):
    """Queries over episodes."""

    def wanted(self) -> Self:
        """Those in the feed of which no work was made yet, and that may be tried once more."""
        return self.filter(gone=None, is_ingested=False, is_moved=False, tries__lt=MOST_TRIES)

    def count_try(self) -> None:
        """Note that they were queued once more."""
        self.update(tries=F("tries") + 1)


MOST_TRIES = 6
"""Times that a transcript is queued until its address changes."""


class Episode(models.Model):
    """One episode that has a transcript, known by the feed's id for it."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="episodes")
    guid = models.TextField()
    source = models.TextField(help_text="The source of its work.")
    title = models.TextField()
    link = models.TextField(blank=True)
    published = models.DateField(null=True)
    info = models.BinaryField(default=b"")
    """What the feed says of it, in the form in which downloaders write it beside a file."""
    transcript = models.TextField()
    is_ingested = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    gone = models.DateTimeField(null=True)
    is_withdrawn = models.BooleanField(default=False, help_text="By the feed, when it disappeared.")
    is_moved = models.BooleanField(default=False, db_default=False)
    """Its work is another creator's now, and may be taken down there: it is not brought in again."""

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        ordering = ("-published", "pk")
        constraints = (models.UniqueConstraint(fields=("feed", "guid"), name="one_episode_a_guid"),)

    def __str__(self) -> str:
        return self.title
