"""Nothing of an unpublished creator or a withdrawn work is ever found: by any leg, in any tier."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.retrieval import SearchQuery, dense, lexical, retrieve
from chat.retrieval.candidates import scopes_for
from creators.embeddings import Embedder
from creators.models import Chunk, Creator, Space, Work
from tests.strength import examples

pytestmark = pytest.mark.usefixtures("corpus")

QUESTIONS = ("Where does the de-esser go?", "How much swing do hats get?", "What is a modulation index?", "reverb")
SLUGS = ("mara-lindqvist", "dez-okafor", "ilse-brandt")
MANY = settings(max_examples=examples(0.4), suppress_health_check=[HealthCheck.function_scoped_fixture])
HIDDEN = st.tuples(st.sets(st.sampled_from(SLUGS)), st.sets(st.integers(0, 11)))


def hide(creators: set[str], works: set[int]) -> set[int]:
    """Hide creators, and works by their place, and return the chunks that may not be found."""
    Creator.objects.filter(slug__in=creators).update(is_published=False)
    keys = list(Work.objects.order_by("pk").values_list("pk", flat=True))
    Work.objects.filter(pk__in=[keys[place] for place in works if place < len(keys)]).update(is_withdrawn=True)
    return set(Chunk.objects.exclude(pk__in=Chunk.objects.visible().values("pk")).values_list("pk", flat=True))


def query_of(query: str, embedder: Embedder) -> SearchQuery:
    return SearchQuery(text=query, vector=embedder.embed_questions([query])[0], space=embedder.space.name)


@MANY
@given(hidden=HIDDEN, query=st.sampled_from(QUESTIONS), asked=st.sampled_from([None, *SLUGS]))
def test_it_never_retrieves_what_is_hidden(
    embedder: Embedder, hidden: tuple[set[str], set[int]], query: str, asked: str | None
) -> None:
    with transaction.atomic():
        lost = hide(*hidden)
        creator = Creator.objects.get(slug=asked).pk if asked else None
        found = retrieve(query_of(query, embedder), creator_id=creator, limit=20)
        assert lost.isdisjoint(passage.chunk_id for passage in found.passages)
        assert not {one.creator_slug for one in found.suggestions} & hidden[0]
        transaction.set_rollback(True)


@MANY
@given(hidden=HIDDEN, query=st.sampled_from(QUESTIONS), asked=st.sampled_from([None, *SLUGS]), small=st.booleans())
def test_no_leg_proposes_what_is_hidden(
    embedder: Embedder, hidden: tuple[set[str], set[int]], query: str, asked: str | None, *, small: bool
) -> None:
    with transaction.atomic():
        lost, searched = hide(*hidden), query_of(query, embedder)
        space = Space.objects.get(name=searched.space)
        terms = lexical.query_terms(query)
        for scope in scopes_for(Creator.objects.get(slug=asked).pk if asked else None):
            near = dense.nearest(searched.vector, space=space, scope=scope, exact=small, limit=400)
            near += lexical.matching(
                terms, share=0.1, vector=searched.vector, space=space, scope=scope, size=400, limit=400
            )
            assert lost.isdisjoint(one.chunk_id for one in near)
        transaction.set_rollback(True)
