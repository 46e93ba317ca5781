"""The questions that the demo creators ship with, and what retrieval makes of them."""

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from chat.evaluation import evaluate_question, read_questions, report_of, resolve_names
from chat.evaluation.report import metrics_table, read_metrics, regressions, write_report
from chat.events.events import Tier
from creators.management.commands.demo import FOLDER

FILES = sorted(FOLDER.glob("*/questions.jsonl"))
# To renew it after a change that is meant: RENEW_BASELINE=1 make test ARGS=tests/chat/evaluation/test_demo.py
BASELINE = Path(__file__).with_name("demo-baseline.json")
# Two or three of about a hundred questions; processors differ in the last digits of a vector.
MARGIN = 0.025


def test_it_holds_the_scores_of_the_demo(corpus: None) -> None:
    report = report_of([evaluate_question(question, limit=10) for question in resolve_names(read_questions(FILES))])
    if os.environ.get("RENEW_BASELINE"):
        write_report(replace(report, outcomes=()), BASELINE)
    earlier = read_metrics(BASELINE)
    assert report.overall.questions == earlier.questions, "the questions changed: renew the baseline"
    assert regressions(report.overall, earlier=earlier, margin=MARGIN) == [], metrics_table(report)


def test_it_asks_enough_of_every_kind() -> None:
    questions = read_questions(FILES)
    kinds = Counter(question.kind for question in questions)
    least = {"plain": 30, "paraphrase": 12, "follow-up": 9, "misheard": 9, "unanswerable": 9, "elsewhere": 6}
    assert len(questions) >= 60
    assert kinds >= Counter(least)


def test_it_uses_each_kind_for_what_it_says() -> None:
    for question in read_questions(FILES):
        assert (question.kind == "unanswerable") == (question.tier == Tier.NONE), question.location
        assert (question.kind == "follow-up") == bool(question.history), question.location
        is_elsewhere = question.creator is not None and question.tier in {Tier.DOMAIN, Tier.GLOBAL}
        assert (question.kind == "elsewhere") == is_elsewhere, question.location


def test_it_asks_nothing_twice() -> None:
    counts = Counter(question.text for question in read_questions(FILES))
    assert [question for question, count in counts.items() if count > 1] == []
