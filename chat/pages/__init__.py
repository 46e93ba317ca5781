"""The pages: the front with its questions and answers, a creator's own front, and the transcript of a work."""

from chat.pages.front import conversation, creator, home
from chat.pages.shared import shared
from chat.pages.stream import ask, turn_events
from chat.pages.work import work

__all__ = ["ask", "conversation", "creator", "home", "shared", "turn_events", "work"]
