"""Understanding a question before anything is searched: what needs no search, and what the search should know."""

from chat.understanding.conversation import LastAnswer
from chat.understanding.reply import Reply
from chat.understanding.small_talk import small_talk_in
from chat.understanding.understand import Heard, known_reply

__all__ = ["Heard", "LastAnswer", "Reply", "known_reply", "small_talk_in"]
