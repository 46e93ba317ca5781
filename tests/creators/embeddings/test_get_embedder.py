"""The embedder that the settings choose."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from creators.embeddings import get_embedder
from creators.embeddings.minilm import MiniLM
from creators.embeddings.remote import OpenAICompatible

Choose = Callable[..., None]


@pytest.fixture
def choose(settings: Settings) -> Choose:
    def set_embedder(backend: str, **options: Any) -> None:
        settings.EMBEDDER = {"BACKEND": f"creators.embeddings.{backend}", "OPTIONS": options}

    return set_embedder


def test_it_makes_the_embedder_that_is_set(choose: Choose, tmp_path: Path) -> None:
    choose("minilm.MiniLM", models_dir=tmp_path, precision="int8")
    chosen = get_embedder()
    assert isinstance(chosen, MiniLM)
    assert chosen.space.name == "all-MiniLM-L6-v2/int8"


def test_it_makes_one_for_the_whole_process(choose: Choose, tmp_path: Path) -> None:
    choose("minilm.MiniLM", models_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: get_embedder(), range(16)))
    assert len({id(embedder) for embedder in made}) == 1


def test_it_follows_a_change_of_the_settings(choose: Choose, tmp_path: Path) -> None:
    choose("minilm.MiniLM", models_dir=tmp_path)
    before = get_embedder()
    choose("remote.OpenAICompatible", base_url="http://127.0.0.1:9/v1", model="some-model")
    assert isinstance(get_embedder(), OpenAICompatible)
    assert get_embedder() is not before
