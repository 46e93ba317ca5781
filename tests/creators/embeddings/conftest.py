"""The embedded model; on one thread, as the others would only spin while they wait."""

from pathlib import Path

import pytest
from django.conf import settings

from creators.embeddings.minilm import MiniLM


@pytest.fixture(scope="session")
def models_dir() -> Path:
    return settings.DATA_DIR / "models"


@pytest.fixture(scope="session")
def minilm(models_dir: Path) -> MiniLM:
    return MiniLM(models_dir=models_dir, threads=1)


@pytest.fixture(scope="session")
def int8(models_dir: Path) -> MiniLM:
    return MiniLM(models_dir=models_dir, precision="int8", threads=1)
