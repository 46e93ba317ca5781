"""The pages: the front and a creator's own, the transcript of a work, and conversations to take away."""

from chat.pages.export import export_markdown, export_shared, export_text
from chat.pages.front import conversation, creator, home
from chat.pages.picture import picture
from chat.pages.shared import shared
from chat.pages.stream import ask, turn_events
from chat.pages.work import work
from chat.pages.works import works

__all__ = [
    "ask",
    "conversation",
    "creator",
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
