"""What was said or written: a video, an episode, an article."""

from typing import Self

from django.apps import apps
from django.db import models

from creators.models.creator import Creator


class WorkQuerySet(models.QuerySet["Work"]):
    """Queries over works."""

    def published(self) -> Self:
        """Only those that visitors may read: not withdrawn, of a published creator."""
        return self.filter(is_withdrawn=False, creator__is_published=True)

    def with_lengths(self) -> Self:
        """Each with ``seconds``, where its last chunk ends; None in a text without times."""
        chunks = apps.get_model("creators", "Chunk").objects.filter(work=models.OuterRef("pk"))
        return self.annotate(seconds=models.Subquery(chunks.order_by("-position").values("end_seconds")[:1]))

    def newest_first(self) -> Self:
        """By date, those without one last."""
        return self.order_by(models.F("published").desc(nulls_last=True), "title", "pk")

    def hashes(self, creator: Creator) -> dict[str, str]:
        """Return the content hash of each of this creator's sources, by source."""
        return dict(self.filter(creator=creator).values_list("source", "content_hash"))


class Work(models.Model):
    """One work of a creator, read from one source."""

    class Kind(models.TextChoices):
        """What a work is, which decides how a link into it is written."""

        VIDEO = "video"
        AUDIO = "audio"
        ARTICLE = "article"
        TEXT = "text"

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="works")
    slug = models.SlugField(unique=True, max_length=120)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    url = models.URLField(max_length=1000, blank=True, help_text="Where the work can be seen or read, if anywhere.")
    published = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    is_withdrawn = models.BooleanField(default=False, help_text="Withdrawn works are never searched or shown.")
    source = models.CharField(max_length=500, help_text="The file it was read from, within the folder given to ingest.")
    content_hash = models.CharField(max_length=64, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        constraints = (models.UniqueConstraint(fields=("creator", "source"), name="one_work_a_source"),)

    def __str__(self) -> str:
        return self.title
