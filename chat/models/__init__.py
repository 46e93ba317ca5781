"""What the conversation keeps in the database."""

from chat.models.calibration import Calibration, CalibrationQuerySet

__all__ = ["Calibration", "CalibrationQuerySet"]
