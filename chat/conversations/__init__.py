"""What is kept of conversations in the database: written as turns come and go, read, shared, rated and removed."""

from chat.conversations.repository import (
    Removed,
    begin,
    delete,
    delete_all,
    end_expired_sessions,
    expire,
    forget,
    rename,
    settle,
    turns_from,
    withdraw,
)
from chat.conversations.sharing import rate, share, unshare
from chat.conversations.stored import (
    conversation,
    conversations,
    is_shared_id,
    most_asked,
    open_turns,
    remembered,
    shared,
    turn,
    without_reader,
)

__all__ = [
    "Removed",
    "begin",
    "conversation",
    "conversations",
    "delete",
    "delete_all",
    "end_expired_sessions",
    "expire",
    "forget",
    "is_shared_id",
    "most_asked",
    "open_turns",
    "rate",
    "remembered",
    "rename",
    "settle",
    "share",
    "shared",
    "turn",
    "turns_from",
    "unshare",
    "withdraw",
    "without_reader",
]
