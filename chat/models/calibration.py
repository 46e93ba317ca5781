"""What turns scores into relevance, as it was measured."""

from typing import Any

from django.db import models, transaction

NEWEST_SQL = """
    SELECT * FROM chat_calibration
    WHERE space = %(space)s AND values ?& ARRAY['words', 'near', 'windows'] ORDER BY version DESC LIMIT 1
"""
"""Those of before the windows of sentences had a share, or were there at all, are fitted to other scores."""


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    """Queries over calibrations."""

    def newest(self, space: str) -> "Calibration | None":
        """Return the one that holds in this space, the last that was stored; None where none was."""
        return next(iter(self.raw(NEWEST_SQL, {"space": space})), None)

    @transaction.atomic
    def add(self, *, space: str, values: dict[str, Any], figures: dict[str, Any]) -> "Calibration":
        """Store these as the next version of the space, so that they hold from now on."""
        newest = self.select_for_update().filter(space=space).order_by("-version").first()
        version = newest.version + 1 if newest else 1
        return self.create(space=space, version=version, values=values, figures=figures)


class Calibration(models.Model):
    """What turns scores in one vector space into relevance, and what was measured when it was fitted.

    ``values`` is what ``chat.retrieval.calibration.Calibration`` is read from. A stored version is never changed;
    deleting the newest goes back to the one before.
    """

    space = models.CharField(max_length=200, help_text="The name of the vector space it belongs to.")
    version = models.PositiveIntegerField()
    values = models.JSONField()
    figures = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ("space", "-version")
        constraints = (models.UniqueConstraint(fields=("space", "version"), name="one_calibration_a_version"),)

    def __str__(self) -> str:
        return f"{self.space}, version {self.version}"
