"""The files that works were read from, kept to be read again when the glossary or the readers have become better."""

import zlib
from typing import Any, Self

from django.db import models

from creators.models.creator import Creator
from creators.models.work import Work


class WorkFileQuerySet(models.QuerySet["WorkFile"]):
    """Queries over kept files."""

    def keep(self, work: Work, content: bytes, *, sidecar: bytes, info: bytes, facts: dict[str, Any]) -> None:
        """Keep the file of a work in place of the one before."""
        told = {"content": zlib.compress(content), "sidecar": sidecar, "info": info, "facts": facts}
        self.update_or_create(work=work, defaults=told)

    def of(self, creator: Creator, source: str) -> Self:
        """The file of a creator's work, by its source."""
        return self.filter(work__creator=creator, work__source=source)


class WorkFile(models.Model):
    """What a work was last read from: its bytes, packed, what stood beside them, and what was said of it by hand."""

    # Without a constraint of the database's: the version before, which doesn't know of it, goes on deleting works.
    work = models.OneToOneField(Work, models.CASCADE, primary_key=True, related_name="file", db_constraint=False)
    content = models.BinaryField()
    sidecar = models.BinaryField(default=b"")
    info = models.BinaryField(default=b"")
    facts = models.JSONField(default=dict)
    """Fields of ``Facts``, as ``IngestJob.facts`` has them."""

    objects = WorkFileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"The file of {self.work}"

    @property
    def unpacked(self) -> bytes:
        """The bytes of the file."""
        return zlib.decompress(bytes(self.content))
