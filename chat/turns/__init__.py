"""A second look at the doubtful receipts of an answer that has ended, by a language model where there is one."""

from chat.turns.second_opinion import review
from chat.turns.values import Reviewed, ReviewedCitation

__all__ = ["Reviewed", "ReviewedCitation", "review"]
