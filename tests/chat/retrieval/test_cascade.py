"""Which tier answers, told from what each scope's best passage is worth."""

from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Tier
from chat.retrieval.candidates import NO_OVERLAP, Scope, ScoredCandidate
from chat.retrieval.cascade import narrowest_relevant

THRESHOLDS = {Tier.CREATOR: 0.1, Tier.DOMAIN: 0.2, Tier.GLOBAL: 0.3}
SCOPES = (Scope(Tier.CREATOR, (1,)), Scope(Tier.DOMAIN, (1, 2)), Scope(Tier.GLOBAL, None))


def tried(
    best: dict[Tier, float], scopes: tuple[Scope, ...] = SCOPES, *, widest_first: bool = False
) -> tuple[Tier, list[Tier]]:
    """Return the tier that answers where each scope's best has this relevance, and the scopes searched, in order."""
    searched: list[Tier] = []

    def search(scope: Scope, min_relevance: float) -> list[ScoredCandidate]:
        searched.append(scope.tier)
        return (
            [ScoredCandidate(1, 1, cosine=0.0, overlap=NO_OVERLAP, relevance=best[scope.tier])]
            if best[scope.tier]
            else []
        )

    return narrowest_relevant(scopes, search=search, thresholds=THRESHOLDS, widest_first=widest_first)[1], searched


def test_it_searches_no_further_where_the_creator_is_enough() -> None:
    assert tried({Tier.CREATOR: 0.1, Tier.DOMAIN: 0.9, Tier.GLOBAL: 0.9}) == (Tier.CREATOR, [Tier.CREATOR])


def test_it_prefers_the_domain_to_everyone() -> None:
    assert tried({Tier.CREATOR: 0.05, Tier.DOMAIN: 0.4, Tier.GLOBAL: 0.9})[0] == Tier.DOMAIN


def test_it_goes_to_everyone_where_the_domain_is_not_enough() -> None:
    assert tried({Tier.CREATOR: 0.05, Tier.DOMAIN: 0.15, Tier.GLOBAL: 0.9})[0] == Tier.GLOBAL


def test_it_spares_the_domain_a_search_where_everyone_has_nothing() -> None:
    best = {Tier.CREATOR: 0.0, Tier.DOMAIN: 0.0, Tier.GLOBAL: 0.15}
    assert tried(best) == (Tier.NONE, [Tier.CREATOR, Tier.GLOBAL])


def test_it_searches_everyone_alone_where_a_large_creator_can_have_nothing() -> None:
    best = {Tier.CREATOR: 0.0, Tier.DOMAIN: 0.0, Tier.GLOBAL: 0.05}
    assert tried(best, widest_first=True) == (Tier.NONE, [Tier.GLOBAL])


def test_it_searches_once_where_nobody_is_asked() -> None:
    assert tried({Tier.GLOBAL: 0.25}, SCOPES[2:]) == (Tier.NONE, [Tier.GLOBAL])


def test_it_finds_nothing_in_an_empty_corpus() -> None:
    assert tried(dict.fromkeys(Tier, 0.0))[0] == Tier.NONE


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted), st.integers(1, 3), st.booleans())
def test_it_ends_where_trying_them_in_order_would(best: list[float], count: int, widest_first: bool) -> None:
    scopes = SCOPES[:count]
    found = dict(zip((Tier.CREATOR, Tier.DOMAIN, Tier.GLOBAL), best, strict=True))
    wanted = next((scope.tier for scope in scopes if found[scope.tier] >= THRESHOLDS[scope.tier]), Tier.NONE)
    assert tried(found, scopes, widest_first=widest_first)[0] == wanted
