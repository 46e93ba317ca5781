"""The pages: the front and a creator's own, the transcript of a work, and conversations to take away."""

from chat.views import embed
from chat.views.conversations import export_markdown, export_shared, export_text, shared
from chat.views.home import conversation, creator, home
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
