"""Measuring retrieval on questions whose works and tier are known."""

from chat.evaluation.questions import EvaluationError, read_questions, resolve_names
from chat.evaluation.report import EvaluationReport, evaluate_question, report_of

__all__ = ["EvaluationError", "EvaluationReport", "evaluate_question", "read_questions", "report_of", "resolve_names"]
