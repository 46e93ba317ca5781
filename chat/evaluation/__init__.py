"""Measuring retrieval on questions whose works and tier are known."""

from chat.evaluation.ask import ask
from chat.evaluation.corpus import placed
from chat.evaluation.problems import EvaluationError
from chat.evaluation.questions import read_questions
from chat.evaluation.report import Report, report_of

__all__ = ["EvaluationError", "Report", "ask", "placed", "read_questions", "report_of"]
