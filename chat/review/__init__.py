"""A second look at the doubtful receipts of an answer that has ended, by a language model where there is one."""

from chat.review.reviewing import review
from chat.review.values import Reviewed, ReviewedCitation

__all__ = ["Reviewed", "ReviewedCitation", "review"]
