"""The curator's desk as far as it needs the conversation: hearing a voice, drafting one, deciding about drafts."""

from chat.admin.drafts import PersonalityDraftAdmin

__all__ = ["PersonalityDraftAdmin"]
