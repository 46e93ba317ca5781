"""Measuring retrieval on questions whose works and tier are known."""

from chat.evaluation.questions import EvaluationError, placed, read_questions
from chat.evaluation.report import Report, ask, report_of

__all__ = ["EvaluationError", "Report", "ask", "placed", "read_questions", "report_of"]
