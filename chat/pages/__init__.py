"""The pages: the front with its questions and answers, a creator's own front, and the transcript of a work."""

from chat.pages.front import creator, home
from chat.pages.picture import picture
from chat.pages.work import work

__all__ = ["creator", "home", "picture", "work"]
