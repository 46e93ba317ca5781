"""Measuring retrieval on questions whose works and tier are known."""

from chat.evaluation.kept import CaseError, keep_case, keep_passage, kept_questions
from chat.evaluation.questions import EvaluationError, read_questions, resolve_names
from chat.evaluation.report import EvaluationReport, evaluate_question, report_of

__all__ = [
    "CaseError",
    "EvaluationError",
    "EvaluationReport",
    "evaluate_question",
    "keep_case",
    "keep_passage",
    "kept_questions",
    "read_questions",
    "report_of",
    "resolve_names",
]
