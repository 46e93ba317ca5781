"""A sample of a creator's words."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.persona.drafts import EXCERPT_TOKENS, sample_excerpts, stratified_sample
from chrysopedia.core.text import estimated_tokens
from tests.creators.persona.works import add_work, creator_who_said

CHUNKS = st.dictionaries(st.integers(0, 99), st.integers(1, 40), max_size=30)


@given(CHUNKS, st.integers(1, 60))
def test_it_takes_as_many_of_each_work_as_of_the_others(lengths: dict[int, int], most: int) -> None:
    chunks = {work: [work * 100 + at for at in range(length)] for work, length in lengths.items()}
    chosen = list(stratified_sample(chunks, most=most, chance=random.Random(1)))
    shares = Counter(pk // 100 for pk in chosen)
    assert len(chosen) == len(set(chosen)) == min(most, sum(lengths.values()))
    open_ = [shares[work] for work, length in lengths.items() if shares[work] < length]
    assert not open_ or max(shares.values()) - min(open_) <= 1


def test_it_spreads_over_the_length_of_a_work() -> None:
    chosen = list(stratified_sample({1: list(range(100))}, most=10, chance=random.Random(1)))
    assert [pk // 10 for pk in chosen] == list(range(10))


@pytest.mark.django_db
def test_it_is_the_same_for_the_same_words() -> None:
    creator = creator_who_said("own")
    work = add_work(creator, "own-1", *(f"Word number {number} is here." for number in range(200)))
    first = sample_excerpts(creator)
    assert first == sample_excerpts(creator)
    work.chunks.filter(position=0).update(text_hash="another")
    assert first != sample_excerpts(creator)


@pytest.mark.django_db
def test_it_takes_whole_sentences_and_not_too_many() -> None:
    creator = creator_who_said("own", "One sentence of a few words. " * 60, "word " * 500)
    texts = [excerpt.text for excerpt in sample_excerpts(creator)]
    assert texts[0].endswith("words.")
    assert all(0 < estimated_tokens(text) <= EXCERPT_TOKENS * 1.5 for text in texts)
