"""The command, on the demo creators."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chat import models
from chat.retrieval.calibration import calibration_for
from creators.embeddings import Embedder
from creators.management.commands.demo import FOLDER

pytestmark = pytest.mark.usefixtures("corpus")
FEW = "50"
"""Questions to make, each of which costs the embedding of what is left of its passage; fewer are too few."""
FILES = sorted(map(str, FOLDER.glob("*/questions.jsonl")))


def calibrate(*arguments: str) -> str:
    out = StringIO()
    call_command("calibrate", *arguments, stdout=out)
    return out.getvalue()


def test_it_stores_what_then_holds(embedder: Embedder) -> None:
    said = calibrate("--questions", *FILES)
    held = calibration_for(embedder.space.name)
    assert held.version == 1
    assert held.fitted_on.endswith("questions.jsonl")
    assert "version 1" in said
    stored = models.Calibration.objects.newest(embedder.space.name)
    assert stored is not None
    assert set(stored.figures["kept"]) == {"creator", "global"}
    assert len(stored.figures["bins"]) == 10


def test_it_stores_nothing_in_a_dry_run(embedder: Embedder) -> None:
    assert "AUC" in calibrate("--sample", FEW, "--dry-run")
    assert models.Calibration.objects.newest(embedder.space.name) is None


def test_it_refuses_too_few_questions() -> None:
    with pytest.raises(CommandError, match="at least 20"):
        calibrate("--sample", "10")


def test_it_refuses_a_file_that_names_no_work_here(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Which?", "creator": "dez-okafor", "works": ["nowhere"], "tier": "creator"}')
    with pytest.raises(CommandError, match="nowhere"):
        calibrate("--questions", str(file))
