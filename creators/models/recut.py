"""Stretches of works that a curator cut into chunks otherwise than ingest did, as they were."""

from django.db import models

from creators.models.work import Work
from creators.transcripts.revision import ChunkText, chunk_text_from_json


class Recut(models.Model):
    """What ingest made of a stretch of a work: chunks that follow each other, under one heading.

    ``base`` is a list of ``{text, marks, corrections}``. The chunks into which a curator cut it point here.
    """

    # Without a constraint of the database's: the version before, which doesn't know of it, goes on deleting works.
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="recuts", db_constraint=False)
    base = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{len(self.base)} of {self.work_id}, cut otherwise"

    @property
    def as_ingested(self) -> tuple[ChunkText, ...]:
        """The chunks as values."""
        return tuple(chunk_text_from_json(one) for one in self.base)
