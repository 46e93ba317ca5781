"""The published weights, and what is said when they are not there."""

import re
from pathlib import Path

import pytest

from creators.embeddings import EmbeddingError, WeightsError
from creators.embeddings.weights import INSTALL, MODEL_DIGEST, TOKENIZER_DIGEST, check, find_weights


def test_it_finds_the_published_files() -> None:
    weights = find_weights()
    check(weights.model, digest=MODEL_DIGEST)
    check(weights.tokenizer, digest=TOKENIZER_DIGEST)


def test_it_refuses_altered_weights(tmp_path: Path) -> None:
    altered = tmp_path / "model.safetensors"
    altered.write_bytes(find_weights().model.read_bytes()[:-1] + b"x")
    with pytest.raises(WeightsError, match=r"not the published file.*requirements-weights\.txt --force-reinstall"):
        check(altered, digest=MODEL_DIGEST)


def test_it_says_what_to_run_when_a_file_is_absent(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=re.escape(INSTALL)):
        check(tmp_path / "model.safetensors", digest=MODEL_DIGEST)


def test_it_says_what_to_run_when_the_wheel_is_absent() -> None:
    with pytest.raises(WeightsError, match=re.escape(INSTALL)):
        find_weights(package="a_wheel_that_nobody_installed")


def test_it_is_an_embedding_error_that_time_does_not_mend() -> None:
    error = WeightsError("absent")
    assert isinstance(error, EmbeddingError)
    assert not error.retryable
