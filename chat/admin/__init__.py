"""The curator's desk as far as it needs the conversation: voices, drafts of them, and what readers think of answers."""

from chat.admin.drafts import PersonalityDraftAdmin
from chat.admin.feedback import FeedbackAdmin

__all__ = ["FeedbackAdmin", "PersonalityDraftAdmin"]
