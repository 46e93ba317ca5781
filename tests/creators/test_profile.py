"""A creator described by a file."""

from pathlib import Path

import pytest

from creators.ingest.sources import CreatorFileError, creator_from_file
from creators.models import Creator, Domain, Personality

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).resolve().parents[2] / "creators" / "demo"
FULL = """
slug = "una"
name = "Una Straße"
aliases = ["Una", "Die Straße"]
summary = "Teaches mixing."
links = [{label = "Site", url = "https://una.example"}]

[[domains]]
slug = "test-mixing"
name = "Mixing"

[[domains]]
slug = "test-mastering"
name = "Mastering"

[personality]
summary = "Dry."
tone = ["dry"]
phrases = ["less is less"]
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "creator.toml"
    path.write_text(FULL, encoding="utf-8")
    return path


def test_it_makes_the_creator_that_the_file_describes(profile: Path) -> None:
    creator = creator_from_file(profile)
    assert (creator.slug, creator.name, creator.summary) == ("una", "Una Straße", "Teaches mixing.")
    assert creator.aliases == ["Una", "Die Straße"]
    assert creator.links == [{"label": "Site", "url": "https://una.example"}]
    assert Creator.objects.named("DIE STRASSE") == creator


def test_it_gives_the_creator_domains_and_a_voice(profile: Path) -> None:
    creator = creator_from_file(profile)
    assert {domain.slug for domain in creator.domains.all()} == {"test-mixing", "test-mastering"}
    voice = creator.personality
    assert (voice.summary, voice.tone, voice.phrases, voice.avoid) == ("Dry.", ["dry"], ["less is less"], [])


def with_words(profile: Path, words: str) -> Path:
    """Give the first domain of a profile a vocabulary."""
    named = 'slug = "test-mixing"\nname = "Mixing"\n'
    profile.write_text(FULL.replace(named, f"{named}\n[domains.vocabulary]\n{words}\n"), encoding="utf-8")
    return profile


def test_it_gives_a_domain_words(profile: Path) -> None:
    creator_from_file(with_words(profile, 'opposites = ["greenware/bisque"]\nlowering = ["slumps"]'))
    words = {"opposites": ["greenware/bisque"], "lowering": ["slumps"], "ratio_names": [], "ratio_owners": []}
    assert words in Domain.objects.words_for(["una"])
    assert Domain.objects.words_for(["nobody"]) == []


def test_it_leaves_the_words_of_a_domain_that_has_some(profile: Path) -> None:
    Domain.objects.create(slug="test-mixing", name="Mixing", lowering=["sinks"])
    creator_from_file(with_words(profile, 'opposites = ["greenware/bisque"]\nlowering = ["slumps"]'))
    domain = Domain.objects.get(slug="test-mixing")
    assert (domain.opposites, domain.lowering) == (["greenware/bisque"], ["sinks"])


@pytest.mark.parametrize("words", ['opposites = ["greenware"]', 'lowering = "slumps"', 'opposites = ["a / b"]'])
def test_it_refuses_words_of_a_domain_that_cannot_be_used(profile: Path, words: str) -> None:
    with pytest.raises(CreatorFileError, match="domain test-mixing"):
        creator_from_file(with_words(profile, words))


def test_it_shares_a_domain_that_exists(profile: Path) -> None:
    domain = Domain.objects.create(slug="test-mixing", name="Mixing and more")
    assert domain in creator_from_file(profile).domains.all()
    assert Domain.objects.get(slug="test-mixing").name == "Mixing and more"


def test_it_leaves_a_creator_alone_that_exists(profile: Path) -> None:
    existing = Creator.objects.create(slug="una", name="Edited")
    assert creator_from_file(profile) == existing
    existing.refresh_from_db()
    assert (existing.name, existing.domains.count()) == ("Edited", 0)
    assert not Personality.objects.filter(creator=existing).exists()


def test_it_makes_a_creator_of_slug_and_name_alone(profile: Path) -> None:
    profile.write_text('slug = "una"\nname = "Una"\n')
    creator = creator_from_file(profile)
    assert (creator.name, creator.aliases, creator.links, creator.is_published) == ("Una", [], [], True)


@pytest.mark.parametrize("content", [b'name = "Una"', b'slug = "una"', b"slug = una", b'slug = "caf\xe9"', b""])
def test_it_names_a_file_that_describes_nobody(profile: Path, content: bytes) -> None:
    profile.write_bytes(content)
    with pytest.raises(CreatorFileError, match=r"^creator\.toml: "):
        creator_from_file(profile)


HURTFUL = {
    "deep": "a = " + "[" * 5000,
    "a number of many digits": "a = " + "9" * 5000,
    "a key of many parts": "a" + ".a" * 20_000 + " = 1",
    "long": "a = '" + "b" * 300_000 + "'",
    "a list of nothing": "aliases = 5",
    "no domain": "domains = 5",
    "no voice": "personality = 3",
    "no links": "links = [1979-05-27]",
    "a name of many letters": "aliases = ['" + "a" * 500 + "']",
    "NUL": 'summary = "\\u0000"',
    "a tone of many letters": "personality = {tone = ['" + "a" * 500 + "']}",
}


@pytest.mark.parametrize("line", HURTFUL.values(), ids=HURTFUL)
def test_it_refuses_a_file_that_hurts_in_words(profile: Path, line: str) -> None:
    profile.write_text(f'slug = "una"\nname = "Una"\n{line}\n')
    with pytest.raises(CreatorFileError, match=r"^creator\.toml: "):
        creator_from_file(profile)
    assert not Creator.objects.filter(slug="una").exists()


@pytest.mark.parametrize("slug", ["dez-okafor", "ilse-brandt", "mara-lindqvist"])
def test_it_finds_the_words_of_its_field_in_the_demo(slug: str) -> None:
    creator_from_file(DEMO / slug / "creator.toml")
    assert any("wet/dry" in words["opposites"] for words in Domain.objects.words_for([slug]))
