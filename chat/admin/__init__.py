"""The curator's desk as far as it needs the conversation: needs, what was asked, voices, feedback, keys of the API."""

from chat.admin.cases import EvaluationCaseAdmin
from chat.admin.desk import desk
from chat.admin.feedback import FeedbackAdmin
from chat.admin.keys import ApiKeyAdmin
from chat.admin.personality_drafts import PersonalityDraftAdmin
from chat.admin.pinned import PinnedAnswerAdmin
from chat.admin.questions import TurnAdmin

__all__ = [
    "ApiKeyAdmin",
    "EvaluationCaseAdmin",
    "FeedbackAdmin",
    "PersonalityDraftAdmin",
    "PinnedAnswerAdmin",
    "TurnAdmin",
    "desk",
]
