"""The pages: the front with its questions and answers, a creator's own front, and the transcript of a work."""

from chat.pages.front import creator, home
from chat.pages.picture import picture
from chat.pages.stream import ask, turn_events
from chat.pages.work import work
from chat.pages.works import works

__all__ = ["ask", "creator", "home", "picture", "turn_events", "work", "works"]
