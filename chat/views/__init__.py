"""The pages: the home of everyone and of each creator, works, conversations, and the chat in a frame."""

from chat.views import embed, indexes, previews
from chat.views.conversations import conversation, export_markdown, export_shared, export_text, shared
from chat.views.home import creator, home, next_to_ask
from chat.views.stream import chat_stream, turn_stream
from chat.views.works import picture, sound, work, works

__all__ = [
    "chat_stream",
    "conversation",
    "creator",
    "embed",
    "export_markdown",
    "export_shared",
    "export_text",
    "home",
    "indexes",
    "next_to_ask",
    "picture",
    "previews",
    "shared",
    "sound",
    "turn_stream",
    "work",
    "works",
]
