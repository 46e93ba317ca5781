"""The curator's desk as far as it needs the conversation: voices, drafts of them, and what readers think of answers."""

from chat.admin.feedback import FeedbackAdmin
from chat.admin.personality_drafts import PersonalityDraftAdmin

__all__ = ["FeedbackAdmin", "PersonalityDraftAdmin"]
