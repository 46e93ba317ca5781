"""Closing gaps: questions that mean the same, in groups, and the answers that a curator pins to them."""

from chat.curation.groups import AskedQuestion, QuestionGroup, asked_questions, embed_missing, group_questions
from chat.curation.overview import roll_up, roll_up_some
from chat.curation.pinned import Trial, pin, pinned_reply, place_in, try_on

__all__ = [
    "AskedQuestion",
    "QuestionGroup",
    "Trial",
    "asked_questions",
    "embed_missing",
    "group_questions",
    "pin",
    "pinned_reply",
    "place_in",
    "roll_up",
    "roll_up_some",
    "try_on",
]
