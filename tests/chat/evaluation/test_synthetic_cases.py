"""Questions made of the corpus."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.evaluation.samples import Case, is_content_word, perturbed, synthetic_cases
from creators.embeddings import Embedder
from creators.models import Chunk

WORD = st.text("abcdefgh4", min_size=1, max_size=9)


@given(st.lists(WORD), st.integers())
def test_it_only_leaves_out_and_replaces_words(words: list[str], seed: int) -> None:
    made = list(perturbed(words, near=["nearby"], far=["faraway"], chance=random.Random(seed)))
    assert len(made) <= len(words)
    assert set(made) <= {*words, "nearby", "faraway"}
    assert [word for word in made if not is_content_word(word)] == [word for word in words if not is_content_word(word)]


def test_it_keeps_words_where_there_is_nothing_to_replace_them_by() -> None:
    assert set(perturbed(["reverb"] * 50, near=[], far=[], chance=random.Random(1))) == {"reverb"}


@pytest.mark.usefixtures("corpus")
def test_it_makes_a_case_of_each_chunk_that_is_drawn(embedder: Embedder) -> None:
    cases = synthetic_cases(sample=20, embedder=embedder, chance=random.Random(1))
    assert 15 <= len(cases) <= 20
    for case in cases:
        assert {chunk.work_id for chunk in Chunk.objects.filter(pk__in=case.chunks)} == case.works


@pytest.mark.usefixtures("corpus")
def test_it_makes_the_same_cases_again(embedder: Embedder) -> None:
    one, other = ([case.query.text for case in _made(embedder)] for _ in range(2))
    assert one == other


def _made(embedder: Embedder) -> list[Case]:
    return synthetic_cases(sample=5, embedder=embedder, chance=random.Random(1))
