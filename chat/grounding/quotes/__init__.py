"""The answer without a language model: the sentences of the passages that answer best, quoted and cited."""

from chat.grounding.quotes.choosing import best_quotes
from chat.grounding.quotes.values import Quote
from chat.grounding.quotes.wording import as_pieces, views

__all__ = ["Quote", "as_pieces", "best_quotes", "views"]
