"""The answer without a language model: the sentences of the passages that answer best, quoted and cited."""

from chat.grounding.quotes.runs import Quote
from chat.grounding.quotes.select import as_pieces, best_quotes, views

__all__ = ["Quote", "as_pieces", "best_quotes", "views"]
