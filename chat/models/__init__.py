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
from chat.models.curation import PinnedAnswer, PinnedAnswerQuerySet, QuestionVector, QuestionVectorQuerySet
from chat.models.evaluation import EvaluationCase, EvaluationCaseQuerySet, ExpectedPassage
from chat.models.key import ApiKey, ApiKeyQuerySet, Kind, Scope
from chat.models.overview import DailyQuestions, RolledDay, WorkDay

__all__ = [
    "ApiKey",
    "ApiKeyQuerySet",
    "Calibration",
    "CalibrationQuerySet",
    "Conversation",
    "ConversationQuerySet",
    "DailyQuestions",
    "EvaluationCase",
    "EvaluationCaseQuerySet",
    "ExpectedPassage",
    "Feedback",
    "FeedbackQuerySet",
    "Kind",
    "PinnedAnswer",
    "PinnedAnswerQuerySet",
    "QuestionVector",
    "QuestionVectorQuerySet",
    "Rating",
    "Reason",
    "RolledDay",
    "Scope",
    "Share",
    "ShareQuerySet",
    "Turn",
    "TurnQuerySet",
    "WorkDay",
]
