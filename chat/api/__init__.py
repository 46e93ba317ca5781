"""The HTTP API of the conversation."""

from chat.api.chat import router as chat_router
from chat.api.conversations import feedback_router
from chat.api.conversations import router as conversations_router

__all__ = ["chat_router", "conversations_router", "feedback_router"]
