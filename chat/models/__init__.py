"""What the conversation keeps in the database."""

from chat.models.calibration import Calibration, CalibrationQuerySet
from chat.models.conversation import (
    Conversation,
    ConversationQuerySet,
    Feedback,
    FeedbackQuerySet,
    Rating,
    Reason,
    Share,
    ShareQuerySet,
    Turn,
    TurnQuerySet,
)

__all__ = [
    "Calibration",
    "CalibrationQuerySet",
    "Conversation",
    "ConversationQuerySet",
    "Feedback",
    "FeedbackQuerySet",
    "Rating",
    "Reason",
    "Share",
    "ShareQuerySet",
    "Turn",
    "TurnQuerySet",
]
