"""The picture of a creator, small enough to stand in the database."""

from typing import Self

from django.db import models

from creators.models.creator import Creator


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
