"""The command that measures retrieval on questions whose works and tier are known."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandError
from django.db import DatabaseError

from chat.evaluation import (
    EvaluationError,
    EvaluationReport,
    evaluate_question,
    kept_questions,
    read_questions,
    report_of,
    resolve_names,
)
from chat.evaluation.questions import LabelledQuestion, RankingMetrics
from chat.evaluation.report import comparison_lines, metrics_table, miss_lines, read_metrics, regressions, write_report
from chat.retrieval import SpaceMissing
from chrysopedia.core import output
from creators.embeddings import EmbeddingError
from creators.models import Creator

WRONG_INPUT = 2
"""The exit status where something is to be put right first; 1 says that retrieval got worse."""


class Command(output.Command):
    """Ask every question of the files and print what retrieval made of them."""

    help = "Measure retrieval on files of questions (JSON lines) with the works and the tier they ought to find."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files, what to ask of them, and where the report goes."""
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="questions, a JSON object in each line")
        parser.add_argument("--no-kept", action="store_true", help="leave out the test cases that are kept at the desk")
        parser.add_argument("--creator", metavar="SLUG", help="only the questions put to this creator")
        parser.add_argument("--limit", type=_between(1, 100), default=10, help="passages for each question (10)")
        parser.add_argument("--misses", action="store_true", help="list the questions that missed")
        parser.add_argument("--json", type=Path, metavar="OUT", help="write the report to this file")
        parser.add_argument("--compare", type=Path, metavar="EARLIER", help="a report that --json wrote earlier")
        parser.add_argument("--margin", type=_share, default=0.01, help="what a figure may lose against it (0.01)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate; ends with 1 where a figure lost more than the margin, with 2 where something is to be put right."""
        try:
            earlier = read_metrics(options["compare"]) if options["compare"] else None
            questions = self._questions(options["files"], named=options["creator"], with_kept=not options["no_kept"])
            report = report_of([evaluate_question(one, limit=options["limit"]) for one in questions])
            if options["json"]:
                write_report(report, options["json"])
        except (EvaluationError, EmbeddingError, SpaceMissing) as error:
            _refuse(str(error), cause=error)
        except DatabaseError as error:
            _refuse(f"The database failed: {error}", cause=error)
        self._show(report, with_misses=options["misses"])
        if earlier:
            self._compare(report.overall, earlier=earlier, margin=options["margin"])

    def _questions(self, files: Sequence[Path], *, named: str | None, with_kept: bool) -> Sequence[LabelledQuestion]:
        """Return the questions of the files, and the test cases that are kept."""
        questions = resolve_names(read_questions(files)) if files else []
        if with_kept:
            kept, hidden = kept_questions()
            questions += kept
            if hidden:
                self.stderr.write(f"{hidden} of the test cases are left out: who or what they name is hidden.")
        if not questions:
            raise EvaluationError(["there is no question: name a file, or keep a test case at the desk"])
        return _put_to(named, questions)

    def _show(self, report: EvaluationReport, *, with_misses: bool) -> None:
        self.stdout.write(metrics_table(report))
        if with_misses:
            for miss in miss_lines(report):
                self.stdout.write("\n" + miss)

    def _compare(self, now: RankingMetrics, *, earlier: RankingMetrics, margin: float) -> None:
        self.stdout.write("")
        for line in comparison_lines(now, earlier=earlier):
            self.stdout.write(line)
        if names := regressions(now, earlier=earlier, margin=margin):
            raise CommandError(f"Worse by more than {margin:g}: {', '.join(names)}.")


def _put_to(named: str | None, questions: Sequence[LabelledQuestion]) -> Sequence[LabelledQuestion]:
    if named is None:
        return questions
    creator = Creator.objects.published().named(named)
    kept = [question for question in questions if creator and question.creator == creator.slug]
    if not kept:
        raise EvaluationError([f'no question is put to a creator "{named}"'])
    return kept


def _refuse(reason: str, *, cause: Exception) -> NoReturn:
    raise CommandError(reason, returncode=WRONG_INPUT) from cause


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"must be a whole number from {least} to {most}")
        return int(text)

    return number


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ArgumentTypeError("must be a number from 0 to 1")
    return share
