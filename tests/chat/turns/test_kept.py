"""What a question needs of small tables is kept by their revision: it costs nothing again, and no change is missed."""

import time
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chat.curation import pinned_reply
from chat.events.turn import ANYONE, Question
from chat.models import PinnedAnswer
from chat.models.curation import packed
from chat.retrieval import build_query
from chat.turns.answer import _kept_vocabulary
from chat.turns.open import open_from_corpus
from chat.turns.replies import SMALL_TABLES, heard_in, reply_to
from chat.turns.state import Turn, TurnState
from chat.understanding import find_creators, plan_search
from chrysopedia.core.revision import revision_of
from creators.embeddings import Embedder
from creators.models import Creator, Domain, GlossaryEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
ASKED = "How much pre-delay should a vocal reverb have?"


def opened(query: str) -> Turn:
    began, now = time.monotonic(), timezone.now()
    question = Question(query=query)
    return open_from_corpus(question, owner=ANYONE, turn_id=uuid4(), began=began, now=now, process="p", tick=0)


def understood(turn: Turn, embedder: Embedder) -> None:
    heard = heard_in(turn)
    assert not reply_to(turn, TurnState(), heard=heard)
    plan = plan_search(heard, today=timezone.localdate())
    build_query(plan.text, creator_id=None, embedder=embedder, revision=heard.revision)
    _kept_vocabulary(frozenset({"mara-lindqvist"}), heard.revision)


# Which tables changed, and which titles stand in the question; two more where a word of it is not plain English.
@pytest.mark.parametrize(("query", "queries"), [("Why does the glass crack?", 2), (ASKED, 4)], ids=["plain", "jargon"])
def test_it_asks_little_before_it_searches(
    query: str, queries: int, embedder: Embedder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    turn = opened(query)
    understood(turn, embedder)
    with django_assert_num_queries(queries):
        understood(turn, embedder)


def test_a_new_name_is_known_at_once() -> None:
    assert not named("What does Zora Quill say about reverb?")
    creator = Creator.objects.create(slug="zora-quill", name="Zora Quill")
    assert named("What does Zora Quill say about reverb?") == [creator.pk]
    Creator.objects.filter(pk=creator.pk).update(is_published=False)
    assert not named("What does Zora Quill say about reverb?")


def named(question: str) -> list[int]:
    found = find_creators(question, revision=revision_of(SMALL_TABLES))
    return [one.id for one in found.creators]


def test_a_glossary_counts_at_once(embedder: Embedder) -> None:
    domain = Domain.objects.create(slug="d", name="D")
    assert searched("zeerum presets", embedder) == "zeerum presets"
    entry = GlossaryEntry.objects.create(domain=domain, term="Zerum", heard=["zeerum"], is_reviewed=True)
    assert searched("zeerum presets", embedder) == "Zerum presets"
    entry.delete()
    assert searched("zeerum presets", embedder) == "zeerum presets"


def searched(text: str, embedder: Embedder) -> str:
    return build_query(text, creator_id=None, embedder=embedder, revision=revision_of(SMALL_TABLES)).text


def test_words_of_a_domain_count_at_once() -> None:
    mara = Creator.objects.get(slug="mara-lindqvist")
    known = _kept_vocabulary(frozenset({mara.slug}), revision_of(SMALL_TABLES))
    assert "zorbing" not in known.lowering
    mara.domains.add(Domain.objects.create(slug="d", name="D", lowering=["zorbing"]))
    assert "zorbing" in _kept_vocabulary(frozenset({mara.slug}), revision_of(SMALL_TABLES)).lowering


def test_a_pin_answers_at_once_and_no_longer_when_it_is_switched_off(embedder: Embedder) -> None:
    assert not pinned(ASKED)
    space, vectors = embedder.space.name, packed(embedder.embed_sentences([ASKED]))
    pin = PinnedAnswer(questions=[ASKED], space=space, vectors=vectors, text="Twenty ms.", signed="Kim")
    pin.created = timezone.now()
    pin.save()
    assert pinned(ASKED)
    PinnedAnswer.objects.filter(pk=pin.pk).update(is_active=False)
    assert not pinned(ASKED)


def pinned(question: str) -> bool:
    today, revision = timezone.localdate(), revision_of(SMALL_TABLES)
    return pinned_reply(question, creator_id=None, today=today, revision=revision) is not None
