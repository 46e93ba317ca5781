"""Ranking a scope, and questions that are none."""

from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from chat.evaluation import read_questions, resolve_names
from chat.evaluation.report import query_of
from chat.events.events import Tier
from chat.retrieval import SearchQuery, lexical, retrieve
from chat.retrieval.calibration import calibration_for
from chat.retrieval.candidates import scopes_for
from chat.retrieval.cascade import rank
from creators.embeddings import Embedder
from creators.management.commands.demo import FOLDER
from creators.models import Creator, Space
from tests.strength import examples

pytestmark = pytest.mark.usefixtures("corpus")

ODD = [
    "?",
    "the of and it",
    "🎛️🎚️🔥",
    "Wie stark wird die Stimme komprimiert?",
    "ボーカルのコンプレッサーはどう設定しますか",
    "'; DROP TABLE creators_chunk; --",
    "attack & !(vocal | <-> release):*",
    "\\ ' \" %s %(vector)s {0}",
    "compress " * 111,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 19,
    "\u200b\u202e\ufeff",
    "0.25 kHz −6 dB 3:1 20 ms 87 %",
]


def found(query: str, embedder: Embedder, *, creator: int | None = None, limit: int = 6) -> Tier:
    vector = embedder.embed_questions([query])[0]
    return retrieve(
        SearchQuery(text=query, vector=vector, space=embedder.space.name), creator_id=creator, limit=limit
    ).tier


@pytest.mark.parametrize("query", ODD)
def test_it_takes_any_question(embedder: Embedder, query: str) -> None:
    creator = Creator.objects.get(slug="mara-lindqvist")
    assert found(query[:1000], embedder) in set(Tier)
    assert found(query[:1000], embedder, creator=creator.pk, limit=100) in set(Tier)


@pytest.mark.parametrize("query", ["?", "🎛️🎚️🔥", "\u200b\u202e\ufeff", "qwxzv plonkert"])
def test_it_finds_nothing_for_what_says_nothing(embedder: Embedder, query: str) -> None:
    assert found(query, embedder) == Tier.NONE


def test_it_finds_a_sentence_within_a_thousand_characters(embedder: Embedder) -> None:
    asked = "I record at home. " * 40 + "Where does the de-esser go in the vocal chain, before or after compression?"
    assert found(asked[-1000:], embedder) == Tier.GLOBAL


def test_it_takes_eleven_statements(embedder: Embedder, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    asked = "Where does the de-esser go in the vocal chain?"
    query = SearchQuery(text=asked, vector=embedder.embed_questions([asked])[0], space=embedder.space.name)
    savepoint = 2
    with django_assert_num_queries(11 + savepoint):
        assert retrieve(query, creator_id=None, limit=6).passages


@settings(max_examples=examples(0.4), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=1000))
def test_it_never_raises(embedder: Embedder, query: str) -> None:
    assert found(query, embedder) in set(Tier)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*/questions.jsonl")), ids=lambda file: file.parent.name)
def test_it_ranks_almost_as_if_it_had_looked_at_every_chunk(embedder: Embedder, file: Path) -> None:
    space = Space.objects.get(name=embedder.space.name)
    calibration = calibration_for(space.name)
    (everyone,) = scopes_for(None)
    for question in resolve_names(read_questions([file])):
        query = query_of(question, creator=None, embedder=embedder)
        with transaction.atomic():
            terms = lexical.query_terms(query.text, context=query.context)
            few, all_ = (
                rank(query, terms, space=space, scope=everyone, calibration=calibration, depth=depth)
                for depth in (10, 10_000)
            )
        # Windows are read of what whole chunks propose: one that only a window would bring up may be missed.
        first, wanted = ([one.chunk_id for one in ranked[:10]] for ranked in (few, all_))
        assert first[0] == wanted[0], question.text
        assert len(set(first) & set(wanted)) >= 9, question.text
