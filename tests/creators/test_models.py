"""Who is found by which name, who is listed, and who can answer for whom."""

import pytest

from creators.models import Creator, Domain, Work
from creators.models.creator import CreatorQuerySet

pytestmark = pytest.mark.django_db


def make_creator(slug: str, *, name: str = "", aliases: tuple[str, ...] = (), is_published: bool = True) -> Creator:
    return Creator.objects.create(slug=slug, name=name or slug, aliases=list(aliases), is_published=is_published)


def make_work(creator: Creator, slug: str, *, is_withdrawn: bool = False) -> Work:
    return Work.objects.create(creator=creator, slug=slug, title=slug, source=slug, is_withdrawn=is_withdrawn)


def counts(rows: CreatorQuerySet) -> dict[str, int]:
    """Return the number of works that creators are listed with, by slug."""
    return {creator.slug: getattr(creator, "work_count", -1) for creator in rows.with_work_counts()}


@pytest.mark.parametrize(
    "asked",
    ["una-street", "UNA-Street", "Una Straße", "UNA STRASSE", " una strasse ", "Gasse", "DIE GROẞE", "die grosse"],
)
def test_it_finds_a_creator_by_slug_name_and_alias_whatever_the_case(asked: str) -> None:
    creator = make_creator("una-street", name="Una Straße", aliases=("gasse", "Die Große"))
    assert Creator.objects.named(asked) == creator


@pytest.mark.parametrize("asked", ["", "una", "una stra", "gass", "%"])
def test_it_finds_nobody_by_part_of_a_name(asked: str) -> None:
    make_creator("una-street", name="Una Straße", aliases=("gasse",))
    assert Creator.objects.named(asked) is None


def test_it_prefers_a_slug_to_a_name_and_a_name_to_an_alias() -> None:
    by_alias = make_creator("first", aliases=("Kofi",))
    assert Creator.objects.named("kofi") == by_alias
    by_name = make_creator("second", name="KOFI")
    assert Creator.objects.named("kofi") == by_name
    by_slug = make_creator("kofi", name="Somebody")
    assert Creator.objects.named("kofi") == by_slug


def test_it_finds_a_creator_by_a_changed_name() -> None:
    creator = make_creator("una", name="Una Alt", aliases=("Alt",))
    creator.name, creator.aliases = "Una Neu", ["Neu"]
    creator.save()
    assert [Creator.objects.named(asked) for asked in ("una neu", "neu", "una alt", "alt")] == [
        creator,
        creator,
        None,
        None,
    ]


def test_it_lists_no_unpublished_creator() -> None:
    shown, hidden = make_creator("shown"), make_creator("hidden", is_published=False)
    listed = Creator.objects.published()
    assert shown in listed
    assert hidden not in listed
    assert listed.named("hidden") is None


def test_it_knows_who_shares_a_domain() -> None:
    mixing, synthesis = (Domain.objects.create(slug=f"test-{name}", name=name) for name in ("mixing", "synthesis"))
    one, peer, both, stranger = (make_creator(slug) for slug in ("one", "peer", "both", "stranger"))
    for creator, domains in ((one, [mixing]), (peer, [mixing]), (both, [mixing, synthesis]), (stranger, [synthesis])):
        creator.domains.set(domains)
    assert set(Creator.objects.sharing_domain_with(one)) == {one, peer, both}
    assert set(Creator.objects.sharing_domain_with(both)) == {one, peer, both, stranger}


def test_it_leaves_a_creator_without_domains_alone() -> None:
    one = make_creator("one")
    make_creator("other")
    assert list(Creator.objects.sharing_domain_with(one)) == [one]


def test_it_counts_no_withdrawn_work() -> None:
    creator, idle = make_creator("busy"), make_creator("idle")
    for slug in ("test-a", "test-b"):
        make_work(creator, slug)
    make_work(creator, "test-c", is_withdrawn=True)
    make_work(idle, "test-d", is_withdrawn=True)
    assert counts(Creator.objects.filter(pk__in=[creator.pk, idle.pk])) == {"busy": 2, "idle": 0}


def test_it_counts_each_work_once_though_domains_are_joined() -> None:
    creator = make_creator("busy")
    creator.domains.set(Domain.objects.create(slug=f"test-{n}", name=str(n)) for n in range(3))
    make_work(creator, "test-a")
    assert counts(Creator.objects.filter(domains__slug__startswith="test-")) == {"busy": 1}


def test_it_shows_no_work_that_is_withdrawn_or_of_an_unpublished_creator() -> None:
    shown, hidden = make_creator("shown"), make_creator("hidden", is_published=False)
    work = make_work(shown, "test-a")
    make_work(shown, "test-b", is_withdrawn=True)
    make_work(hidden, "test-c")
    assert list(Work.objects.published().filter(slug__startswith="test-")) == [work]
    assert list(shown.works.published()) == [work]


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("Mara Lindqvist", "Mara Lindqvist"),
        ("mara", "Mara Lindqvist"),
        ("ML", "Mara Lindqvist"),
        ("Theo Park", "Theo Park"),
        ("SPEAKER_00", ""),
        ("Speaker 2", ""),
        ("Host", ""),
        ("", ""),
    ],
)
def test_it_knows_who_speaks_under_a_label(label: str, speaker: str) -> None:
    work = Work(creator=Creator(name="Mara Lindqvist", aliases=["ML"]))
    assert work.speaker_named(label) == speaker


def test_it_believes_the_curator_on_which_label_is_the_creators() -> None:
    work = Work(creator=Creator(name="Mara Lindqvist"), creator_label="SPEAKER_01")
    assert [work.speaker_named(label) for label in ("SPEAKER_01", "Mara")] == ["Mara Lindqvist", "Mara"]
