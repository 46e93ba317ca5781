"""The terms of a question, read as they are meant."""

import pytest

from chat.api.chat import search_corpus
from chat.retrieval.query import glossary_rules, normalised
from creators.models import Creator, Domain, GlossaryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    GlossaryEntry.objects.create(creator=creator, term="Zerum", heard=["zeerum"], is_reviewed=True)
    domain = Domain.objects.create(slug="test-synths", name="Test synths")
    creator.domains.add(domain)
    GlossaryEntry.objects.create(domain=domain, term="OTX", heard=["o t x"], is_reviewed=True)
    return creator


@pytest.mark.parametrize("heard", ["How much OTX on Zerum?", "how much otx on zeerum?", "How much O T X on ZERUM?"])
def test_it_reads_what_is_misheard_as_the_term(creator: Creator, heard: str) -> None:
    assert normalised(heard, glossary_rules(creator.pk)).casefold() == "how much otx on zerum?"
    assert "OTX on Zerum" in normalised(heard, glossary_rules(creator.pk))


def test_it_reads_it_also_where_nobody_is_asked(creator: Creator) -> None:
    assert normalised("o t x on zeerum", glossary_rules(None)) == "OTX on Zerum"


def test_it_asks_another_creators_glossary_only_where_nobody_is_asked(creator: Creator) -> None:
    other = Creator.objects.create(slug="else", name="Else")
    assert normalised("o t x on zeerum", glossary_rules(other.pk)) == "o t x on zeerum"


def test_it_takes_nothing_of_an_unpublished_creator_where_nobody_is_asked(creator: Creator) -> None:
    Creator.objects.filter(pk=creator.pk).update(is_published=False)
    assert normalised("o t x on zeerum", glossary_rules(None)) == "OTX on zeerum"


def test_it_leaves_what_two_creators_read_differently(creator: Creator) -> None:
    other = Creator.objects.create(slug="else", name="Else")
    GlossaryEntry.objects.create(creator=other, term="Xerum", heard=["zeerum"], is_reviewed=True)
    assert normalised("zeerum", glossary_rules(None)) == "zeerum"


def test_it_prefers_a_domain_where_nobody_is_asked(creator: Creator) -> None:
    other = Creator.objects.create(slug="else", name="Else")
    GlossaryEntry.objects.create(creator=other, term="Other", heard=["o t x"], is_reviewed=True)
    assert normalised("o t x", glossary_rules(None)) == "OTX"


@pytest.mark.parametrize("creator_slug", ["dez-okafor", None])
@pytest.mark.parametrize("written", ["Serum", "seerum", "SEERUM's"])
def test_it_finds_the_same_passage_however_a_term_is_written(
    corpus: None, creator_slug: str | None, written: str
) -> None:
    found = search_corpus(f"Which waveform goes in {written} for the sub layer?", creator=creator_slug, limit=1)
    assert found.passages[0].work.startswith("kick-and-808")
    assert "I open up Serum" in found.passages[0].text
