"""Closing gaps: questions that mean the same, in groups, and the answers that a curator pins to them."""

from chat.curation.groups import (
    LATELY,
    AskedQuestion,
    QuestionGroup,
    asked_questions,
    embed_lately,
    embed_missing,
    group_questions,
)
from chat.curation.overview import roll_up, roll_up_some
from chat.curation.pinned import Trial, Ways, pin, pinned_reply, place_in, propose, try_on, ways_near, ways_of

__all__ = [
    "LATELY",
    "AskedQuestion",
    "QuestionGroup",
    "Trial",
    "Ways",
    "asked_questions",
    "embed_lately",
    "embed_missing",
    "group_questions",
    "pin",
    "pinned_reply",
    "place_in",
    "propose",
    "roll_up",
    "roll_up_some",
    "try_on",
    "ways_near",
    "ways_of",
]
