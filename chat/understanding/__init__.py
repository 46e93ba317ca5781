"""Understanding a question before anything is searched: what needs no search, and what the search should know."""

from chat.understanding.conversation import LastAnswer, invented_in
from chat.understanding.names import find_creators
from chat.understanding.narrowing import Narrowing
from chat.understanding.reply import Reply
from chat.understanding.small_talk import says_trade_words, small_talk_like
from chat.understanding.understand import Heard, PlannedPart, SearchPlan, known_reply, plan_search

__all__ = [
    "Heard",
    "LastAnswer",
    "Narrowing",
    "PlannedPart",
    "Reply",
    "SearchPlan",
    "find_creators",
    "invented_in",
    "known_reply",
    "plan_search",
    "says_trade_words",
    "small_talk_like",
]
