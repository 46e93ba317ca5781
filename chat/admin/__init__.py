"""The curator's desk as far as it needs the conversation: voices, drafts of them, feedback, and keys of the API."""

from chat.admin.feedback import FeedbackAdmin
from chat.admin.keys import ApiKeyAdmin
from chat.admin.personality_drafts import PersonalityDraftAdmin

__all__ = ["ApiKeyAdmin", "FeedbackAdmin", "PersonalityDraftAdmin"]
