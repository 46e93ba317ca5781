"""The life of a turn: opened, run, answered, and its state meanwhile; ``ask`` starts one for whoever reads it."""

from chat.turns.run import MESSAGES, SEARCH_ERRORS, ask, begin, stream

__all__ = ["MESSAGES", "SEARCH_ERRORS", "ask", "begin", "stream"]
