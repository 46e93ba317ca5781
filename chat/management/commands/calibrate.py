"""The command that fits relevance to the corpus and stores the result as a new version."""

import random
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from chat import models
from chat.evaluation import EvaluationError, kept_questions, read_questions, resolve_names
from chat.evaluation.fit import (
    CalibrationMetrics,
    TooFewQuestionsError,
    calibration_lines,
    calibration_metrics,
    fit,
    metric_lines,
)
from chat.evaluation.samples import Case, Sample, labelled_cases, samples_of, synthetic_cases
from chat.retrieval.calibration import SHIPPED, WORDS_RATIO, Calibration, calibration_for
from chat.retrieval.reranking import RerankError, get_reranker, judged_space
from chrysopedia.core import output
from creators.embeddings import Embedder, EmbeddingError, get_embedder
from creators.models import Space

SEED = 1
PATIENCE = 60.0
"""Seconds that a judge has for the passages of a question: a fit needs them all judged."""


class Command(output.Command):
    """Calibrate relevance for the configured embedder on the corpus as it is."""

    help = (
        "Fit relevance and the tiers' thresholds to the corpus and store them as a new version. An embedder that has "
        "no calibration, neither shipped nor stored, borrows that of all-MiniLM-L6-v2/fp32, which fits no other model: "
        "run this after a change of model."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the questions or how many to make, and whether to store the result."""
        parser.add_argument(
            "--questions",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="as evaluate reads them; made of the corpus if absent",
        )
        parser.add_argument("--sample", type=_count, default=1000, metavar="N", help="questions to make or use (1000)")
        parser.add_argument("--no-kept", action="store_true", help="leave out the test cases that are kept at the desk")
        parser.add_argument("--dry-run", action="store_true", help="print the figures and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fit on one half, measure on the other, then fit on all and store that."""
        embedder = get_embedder()
        space = Space.objects.filter(name=embedder.space.name).first()
        if space is None:
            raise CommandError(f"Nothing is embedded by {embedder.space.name} yet: run 'python manage.py embed'.")
        reranker = get_reranker(timeout=PATIENCE)
        chance = random.Random(SEED)  # noqa: S311 -- a sample, no secret
        try:
            cases = _cases(options["questions"], sample=options["sample"], embedder=embedder, chance=chance)
            kept = [] if options["no_kept"] else labelled_cases(kept_questions()[0], embedder=embedder)
            cases += kept
            shown = tqdm(cases, desc="question", unit="question", leave=False)
            samples = list(samples_of(shown, space=space, chance=chance, reranker=reranker))
            calibration, figures = _calibrated(
                samples,
                space=space.name,
                fitted_on=_source(options["questions"], len(cases) - len(kept), kept=len(kept)),
            )
        except (EvaluationError, EmbeddingError, RerankError, TooFewQuestionsError) as error:
            raise CommandError(str(error)) from error
        self._show(calibration, figures, in_force=calibration_metrics(samples[1::2], calibration_for(space.name)))
        if not options["dry_run"]:
            stored = models.Calibration.objects.add(
                space=judged_space(space.name, reranker) if reranker else space.name,
                values=calibration.as_values(),
                figures=figures.as_json(),
            )
            self.stdout.write(f"Stored: {stored}.")

    def _show(self, calibration: Calibration, figures: CalibrationMetrics, *, in_force: CalibrationMetrics) -> None:
        lines = [
            *calibration_lines(calibration),
            "",
            "Fitted on one half of the questions and measured on the other:",
            *metric_lines(figures),
            "",
            "The calibration in force, on the same half:",
            *list(metric_lines(in_force))[:3],
        ]
        self.stdout.write("\n".join(lines))


def _cases(files: list[Path] | None, *, sample: int, embedder: Embedder, chance: random.Random) -> list[Case]:
    if not files:
        return synthetic_cases(sample=sample, embedder=embedder, chance=chance)
    questions = resolve_names(read_questions(files))
    return labelled_cases(chance.sample(questions, min(sample, len(questions))), embedder=embedder)


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError("must be a whole number from 1")
    return int(text)


def _source(files: list[Path] | None, count: int, *, kept: int) -> str:
    made = f"of {', '.join(file.name for file in files)}" if files else "made of the corpus"
    return f"{count} questions {made}" + (f" and {kept} kept at the desk" if kept else "")


def _calibrated(samples: list[Sample], *, space: str, fitted_on: str) -> tuple[Calibration, CalibrationMetrics]:
    """Return the fit on all samples, and the figures of a fit on every other one over those left out of it."""
    ratio = WORDS_RATIO if space in SHIPPED else None
    today: date = timezone.localdate()
    half = fit(samples[::2], ratio=ratio, fitted_on=fitted_on, today=today)
    return fit(samples, ratio=ratio, fitted_on=fitted_on, today=today), calibration_metrics(samples[1::2], half)
