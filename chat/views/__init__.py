"""The pages: the home of everyone and of each creator, works, conversations, and the chat in a frame."""

from chat.views import embed
from chat.views.conversations import conversation, export_markdown, export_shared, export_text, shared
from chat.views.home import creator, home
from chat.views.stream import ask, turn_events
from chat.views.works import picture, work, works

__all__ = [
    "ask",
    "conversation",
    "creator",
    "embed",
    "export_markdown",
    "export_shared",
    "export_text",
    "home",
    "picture",
    "shared",
    "turn_events",
    "work",
    "works",
]
