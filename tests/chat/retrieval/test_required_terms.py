"""Which words a chunk must hold to be worth looking at."""

from itertools import chain
from itertools import combinations as choices

from hypothesis import given
from hypothesis import strategies as st

from chat.retrieval.lexical import MAX_SETS, estimated_postings, estimated_rows, required_term_sets

WEIGHTS = st.dictionaries(st.sampled_from("abcdefghijklmnopqrst"), st.floats(0.1, 12), min_size=1, max_size=16)
SHARES = st.floats(0.01, 1)


@given(WEIGHTS, SHARES, st.randoms(use_true_random=False))
def test_it_misses_no_chunk_that_reaches_the_share(weights: dict[str, float], share: float, chance) -> None:  # type: ignore[no-untyped-def]  # hypothesis gives no type
    sets = required_term_sets(weights, share=share)
    held = {term for term in weights if chance.random() < 0.7}
    if sets is not None and sum(weights[term] for term in held) >= share * sum(weights.values()):
        assert any(held.issuperset(one) for one in sets)


@given(WEIGHTS, SHARES)
def test_it_asks_for_no_more_than_it_says(weights: dict[str, float], share: float) -> None:
    sets = required_term_sets(weights, share=share) or ()
    assert len(sets) <= MAX_SETS
    assert len(set(sets)) == len(sets)


@given(st.dictionaries(st.sampled_from("abcde"), st.floats(0.1, 12), min_size=1), SHARES)
def test_it_holds_no_set_within_another(weights: dict[str, float], share: float) -> None:
    sets = required_term_sets(weights, share=share) or ()
    assert not any(set(one) < set(other) for one, other in choices(chain(sets, reversed(list(sets))), 2))


def test_it_asks_for_all_words_where_all_weigh() -> None:
    assert required_term_sets({"attack": 3.0, "vocal": 2.0}, share=1.0) == [("attack", "vocal")]


def test_it_asks_for_the_rare_word_or_several_common_ones() -> None:
    assert required_term_sets({"ott": 4.0, "mix": 1.0, "loud": 1.0}, share=0.6) == [("ott",)]
    assert required_term_sets({"ott": 2.0, "loud": 1.0, "mix": 1.0}, share=0.5) == [("ott",), ("loud", "mix")]


def test_it_says_where_any_chunk_may_do() -> None:
    assert required_term_sets({"ott": 2.0}, share=0.0) is None


def test_it_foresees_fewer_rows_with_each_further_word() -> None:
    frequencies = {"ott": 10, "mix": 500}
    assert estimated_rows([("mix", "ott")], frequencies, chunks=1000) < estimated_rows(
        [("ott",)], frequencies, chunks=1000
    )


def test_it_reads_the_entries_of_each_sets_rarest_word_once() -> None:
    assert estimated_postings([("mix", "ott"), ("loud", "ott"), ("mix",)], {"ott": 10, "loud": 200, "mix": 500}) == 510
