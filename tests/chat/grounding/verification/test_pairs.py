"""The hand-made pairs of claim and passage: what they hold, and how the verdicts do on them."""

from collections.abc import Sequence

import pytest

from bench.receipts.__main__ import FITTED
from bench.receipts.pairs import PAIRS, Pair, pairs_of, readings
from bench.receipts.unseen import unseen, verdicts_on
from chat.grounding.verification.classifier import classify
from creators.embeddings import Embedder

Judged = Sequence[tuple[Pair, str]]
ASIDE = ("kept-aside",)
TWINS = ("twins", "twins-unseen", "twins-third")
CHANGED = {"number_changed", "unit_changed"}
SETS = ("aside", pytest.param("fitted", marks=pytest.mark.soak))  # embedding the words of all takes half a minute
KINDS = {
    *("wrong_passage", "number_changed", "unit_changed", "swapped", "negation"),
    *("attribution", "causality", "order", "merged", "invented"),
}


def judged(names: Sequence[str], *, embedder: Embedder) -> Judged:
    pairs = pairs_of(*names)
    read = readings(pairs, embed=embedder.embed_passages)
    return [(pair, classify(one).verdict) for pair, one in zip(pairs, read, strict=True)]


@pytest.fixture(scope="module")
def fitted(embedder: Embedder) -> Judged:
    """The pairs that the weights were fitted to."""
    return judged(FITTED, embedder=embedder)


@pytest.fixture(scope="module")
def aside(embedder: Embedder) -> Judged:
    """The pairs that no weight was fitted to; one limit was chosen with them in view."""
    return judged(ASIDE, embedder=embedder)


def share(verdicts: Sequence[str]) -> float:
    """Return the share of verdicts that are ``unsupported``."""
    return verdicts.count("unsupported") / len(verdicts)


def test_it_has_many_pairs_most_of_them_as_people_talk() -> None:
    pairs = pairs_of(*FITTED, *ASIDE)
    assert len(pairs) >= 200
    assert sum(pair.form == "transcript" for pair in pairs) / len(pairs) >= 0.6


def test_it_has_each_pair_once() -> None:
    pairs = pairs_of(*FITTED, *ASIDE)
    assert len({pair.id for pair in pairs}) == len({(pair.claim, pair.passage) for pair in pairs}) == len(pairs)


def test_it_shares_no_passage_with_what_is_kept_aside() -> None:
    assert not {pair.passage for pair in pairs_of(*FITTED)} & {pair.passage for pair in pairs_of(*ASIDE)}


@pytest.mark.parametrize("name", TWINS)
def test_it_has_each_claim_of_twins_once_where_it_holds_and_once_where_it_does_not(name: str) -> None:
    places: dict[str, set[tuple[str, ...]]] = {"supported": set(), "unsupported": set()}
    for pair in unseen(PAIRS / f"{name}.jsonl"):
        places[pair.verdict].add((pair.claim, *pair.passage))
    assert not places["supported"] & places["unsupported"]
    claims = [sorted(claim for claim, *_ in held) for held in places.values()]
    assert claims[0] == claims[1]


def test_it_has_every_kind_of_what_a_passage_does_not_say() -> None:
    assert {pair.kind for pair in pairs_of(*FITTED) if pair.verdict == "unsupported"} == KINDS


@pytest.mark.parametrize("name", SETS)
def test_it_hardly_ever_calls_unsupported_what_is_supported(name: str, request: pytest.FixtureRequest) -> None:
    pairs: Judged = request.getfixturevalue(name)
    assert share([verdict for pair, verdict in pairs if pair.verdict == "supported"]) <= 0.05


@pytest.mark.parametrize("name", SETS)
def test_it_catches_changed_numbers_and_units(name: str, request: pytest.FixtureRequest) -> None:
    pairs: Judged = request.getfixturevalue(name)
    assert share([verdict for pair, verdict in pairs if pair.kind in CHANGED]) >= 0.97


def test_it_is_right_where_it_calls_unsupported_what_nothing_was_fitted_to(aside: Judged) -> None:
    called = [pair.verdict for pair, verdict in aside if verdict == "unsupported"]
    assert share(called) >= 0.9


@pytest.mark.soak
@pytest.mark.parametrize("name", ["frames-trial", "frames-aside", "frames-spent", "restated"])
def test_it_holds_what_was_reached_on_pairs_with_speakers_titles_and_dates(name: str, embedder: Embedder) -> None:
    pairs = verdicts_on(PAIRS / f"{name}.jsonl", embedder)
    assert share([verdict for pair, verdict in pairs if pair.verdict == "supported"]) <= 0.01
    assert share([verdict for pair, verdict in pairs if pair.verdict == "unsupported"]) >= 0.57
    assert share([pair.verdict for pair, verdict in pairs if verdict == "unsupported"]) >= 0.98


@pytest.mark.soak
@pytest.mark.parametrize("name", ["trades", "crafts", "crafts-unseen"])
def test_it_holds_what_was_reached_on_pairs_as_near_as_a_careless_model_writes(name: str, embedder: Embedder) -> None:
    pairs = verdicts_on(PAIRS / f"{name}.jsonl", embedder)
    assert share([verdict for pair, verdict in pairs if pair.verdict == "supported"]) <= 0.03
    assert share([verdict for pair, verdict in pairs if pair.verdict == "unsupported"]) >= 0.29
    assert share([pair.verdict for pair, verdict in pairs if verdict == "unsupported"]) >= 0.92


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "alarms", "recall"),
    [("balanced", 0.035, 0.26), ("twins", 0.015, 0.085), ("stone-snow", 0.045, 0.28), ("bees-bread", 0.02, 0.25)],
)
def test_it_holds_what_was_reached_on_claims_that_do_not_give_themselves_away(
    name: str, alarms: float, recall: float, embedder: Embedder
) -> None:
    pairs = verdicts_on(PAIRS / f"{name}.jsonl", embedder)
    assert share([verdict for pair, verdict in pairs if pair.verdict == "supported"]) <= alarms
    assert share([verdict for pair, verdict in pairs if pair.verdict == "unsupported"]) >= recall
    assert share([pair.verdict for pair, verdict in pairs if verdict == "unsupported"]) >= 0.86
