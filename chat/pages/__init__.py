"""The pages: the front with its questions and answers, a creator's own front, and the transcript of a work."""

from chat.pages import embed
from chat.pages.front import creator, home
from chat.pages.stream import ask, turn_events
from chat.pages.work import work

__all__ = ["ask", "creator", "embed", "home", "turn_events", "work"]
