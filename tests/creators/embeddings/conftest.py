"""The embedded model, built once for all the tests of a process."""

from pathlib import Path

import pytest

from creators.embeddings.minilm import MiniLM


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def minilm(models_dir: Path) -> MiniLM:
    return MiniLM(models_dir=models_dir)


@pytest.fixture(scope="session")
def int8(models_dir: Path) -> MiniLM:
    return MiniLM(models_dir=models_dir, precision="int8")
