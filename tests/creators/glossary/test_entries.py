"""Which entries apply to whom, which wins, and what a curator may write."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from creators.glossary import Rule, rules_of
from creators.ingest.sources import CreatorFileError, creator_from_file
from creators.models import Creator, Domain, GlossaryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    creator.domains.add(Domain.objects.create(slug="test-synths", name="Test synths"))
    return creator


def entry(owner: Creator | Domain, term: str, *heard: str, is_reviewed: bool = True) -> GlossaryEntry:
    whose = {"creator": owner} if isinstance(owner, Creator) else {"domain": owner}
    return GlossaryEntry.objects.create(term=term, heard=list(heard), is_reviewed=is_reviewed, **whose)


def rules(creator: Creator) -> tuple[Rule, ...]:
    return rules_of(GlossaryEntry.objects.applying_to(creator.pk).reviewed())


def test_it_applies_the_entries_of_a_creator_and_their_domains(creator: Creator) -> None:
    entry(creator, "Serum", "seerum")
    entry(creator.domains.get(), "OTT", "o t t")
    entry(Domain.objects.create(slug="test-else", name="Else"), "Moog", "mogue")
    entry(Creator.objects.create(slug="else", name="Else"), "Bessel", "vessel")
    assert rules(creator) == (Rule("o t t", "OTT"), Rule("seerum", "Serum"))


def test_it_applies_nothing_unreviewed(creator: Creator) -> None:
    entry(creator, "Serum", "seerum", is_reviewed=False)
    assert rules(creator) == ()


def test_it_prefers_a_creators_own_entry(creator: Creator) -> None:
    entry(creator.domains.get(), "Serum", "seerum")
    entry(creator, "Sea Room", "Seerum")
    assert rules(creator) == (Rule("seerum", "Sea Room"),)


def test_it_has_no_rule_where_two_entries_disagree(creator: Creator) -> None:
    entry(creator, "Serum", "seerum", "sea rum")
    entry(creator, "Sea Room", "seerum")
    assert rules(creator) == (Rule("sea rum", "Serum"),)


def test_it_has_no_rule_for_what_is_itself_a_term(creator: Creator) -> None:
    entry(creator, "Bessel", "vessel")
    entry(creator, "Vessel", "wessel")
    assert rules(creator) == (Rule("wessel", "Vessel"),)


def test_it_is_of_a_creator_or_of_a_domain_and_never_both(creator: Creator) -> None:
    for whose in ({}, {"creator": creator, "domain": creator.domains.get()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GlossaryEntry.objects.create(term="Serum", **whose)


@pytest.mark.parametrize("heard", ["t", "!", "'cause", "- t"])
def test_it_refuses_what_is_no_phrase(creator: Creator, heard: str) -> None:
    with pytest.raises(ValidationError, match="at least two letters"):
        GlossaryEntry(creator=creator, term="T", heard=[heard]).full_clean()


def test_it_reads_the_glossary_of_a_profile(tmp_path: Path) -> None:
    rows = '[[glossary]]\nterm = "Serum"\nheard = [" seerum "]\nmeaning = "A synth."\n'
    (tmp_path / "creator.toml").write_text('slug = "una"\nname = "Una"\n' + rows)
    assert rules(creator_from_file(tmp_path / "creator.toml")) == (Rule("seerum", "Serum"),)


@pytest.mark.parametrize(
    "row", ['heard = ["seerum"]', 'term = "A"\nheard = "seerum"', 'term = "A"\nheard = ["x"]', "term = 1\nheard = [2]"]
)
def test_it_says_what_is_wrong_with_the_glossary_of_a_profile(tmp_path: Path, row: str) -> None:
    (tmp_path / "creator.toml").write_text(f'slug = "una"\nname = "Una"\n[[glossary]]\n{row}')
    with pytest.raises(CreatorFileError, match=r"creator\.toml: "):
        creator_from_file(tmp_path / "creator.toml")
    assert not Creator.objects.filter(slug="una").exists()


def test_it_is_reviewed_by_an_action_of_the_admin(admin_client: Client, creator: Creator) -> None:
    proposed = entry(creator, "Serum", "seerum", is_reviewed=False)
    url = reverse("admin:creators_glossaryentry_changelist")
    assert "seerum" in admin_client.get(url).content.decode()
    admin_client.post(url, {"action": "mark_as_reviewed", "_selected_action": [proposed.pk]})
    assert rules(creator) == (Rule("seerum", "Serum"),)


def test_it_is_edited_with_its_creator(admin_client: Client, creator: Creator) -> None:
    entry(creator, "Serum", "seerum")
    page = admin_client.get(reverse("admin:creators_creator_change", args=[creator.pk]))
    assert 'value="seerum"' in page.content.decode()
