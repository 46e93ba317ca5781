"""What is kept of conversations in the database: written as turns come and go, read, shared, rated and removed."""

from chat.history.feedback import rate
from chat.history.keeping import begin, settle, turns_from, withdraw
from chat.history.reading import conversations, most_asked, open_turns, past_turn, shared, thread
from chat.history.removal import Removed, delete, delete_all, end_expired_sessions, expire, forget
from chat.history.sharing import share, unshare

__all__ = [
    "Removed",
    "begin",
    "conversations",
    "delete",
    "delete_all",
    "end_expired_sessions",
    "expire",
    "forget",
    "most_asked",
    "open_turns",
    "past_turn",
    "rate",
    "settle",
    "share",
    "shared",
    "thread",
    "turns_from",
    "unshare",
    "withdraw",
]
