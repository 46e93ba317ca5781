"""The questions that the demo creators ship with, and what retrieval makes of them."""

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from chat.evaluation import ask, placed, read_questions, report_of
from chat.evaluation.report import read_figures, table, worse, write_report
from chat.events.events import Tier
from creators.management.commands.demo import FOLDER

FILES = sorted(FOLDER.glob("*/questions.jsonl"))
# To renew it after a change that is meant: RENEW_BASELINE=1 make test ARGS=tests/chat/evaluation/test_demo.py
BASELINE = Path(__file__).with_name("demo-baseline.json")
# Two or three of about a hundred questions; processors differ in the last digits of a vector.
MARGIN = 0.025


def test_it_holds_the_scores_of_the_demo(corpus: None) -> None:
    report = report_of([ask(asking, limit=10) for asking in placed(read_questions(FILES))])
    if os.environ.get("RENEW_BASELINE"):
        write_report(replace(report, outcomes=()), BASELINE)
    earlier = read_figures(BASELINE)
    assert report.overall.questions == earlier.questions, "the questions changed: renew the baseline"
    assert worse(report.overall, earlier=earlier, margin=MARGIN) == [], table(report)


def test_it_asks_enough_of_every_kind() -> None:
    askings = read_questions(FILES)
    kinds = Counter(asking.kind for asking in askings)
    least = {"plain": 30, "paraphrase": 12, "follow-up": 9, "misheard": 9, "unanswerable": 9, "elsewhere": 6}
    assert len(askings) >= 60
    assert kinds >= Counter(least)


def test_it_uses_each_kind_for_what_it_says() -> None:
    for asking in read_questions(FILES):
        assert (asking.kind == "unanswerable") == (asking.tier == Tier.NONE), asking.place
        assert (asking.kind == "follow-up") == bool(asking.history), asking.place
        is_elsewhere = asking.creator is not None and asking.tier in {Tier.DOMAIN, Tier.GLOBAL}
        assert (asking.kind == "elsewhere") == is_elsewhere, asking.place


def test_it_asks_nothing_twice() -> None:
    counts = Counter(asking.question for asking in read_questions(FILES))
    assert [question for question, count in counts.items() if count > 1] == []
