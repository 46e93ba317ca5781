"""Who may see and do what at the desk: every address of the admin, as every role and as nobody."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chat.models import PinnedAnswer
from creators.models import Creator, Work
from tests.chat.admin.roles import Belongings, account, belongings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

OPEN = {"login", "logout", "jsi18n"}


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            yield pattern


def admin_patterns() -> list[URLPattern]:
    (site,) = (one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin")
    return [one for one in names(site.url_patterns) if one.name and one.name not in OPEN]  # type: ignore[union-attr]


def address(pattern: URLPattern, own: Belongings) -> str:
    """Return the address of a page, about this creator's things where it is about any."""
    model = (pattern.name or "").partition("_")[2].rsplit("_", 1)[0]
    things = {
        "creator": own.creator.pk,
        "work": own.work.pk,
        "glossaryentry": own.entry.pk,
        "personalitydraft": own.draft.pk,
        "turn": own.desk_id,
        "feedback": own.feedback.pk,
        "pinnedanswer": own.pin.pk,
        "ingestjob": own.job.pk,
        "feed": own.feed.pk,
        "evaluationcase": own.case.pk,
    }
    known = {
        "creator_id": own.creator.pk,
        "pk": own.draft.pk,
        "kind": "asked",
        "act": "move",
        "desk_id": own.desk_id,
        "id": "1",
    }
    known |= {
        "work_id": own.work.pk,
        "chunk_id": 1,
        "act": "withdraw",
        "object_id": str(things.get(model, 1)),
        "app_label": "creators",
        "content_type_id": "1",
    }
    wanted = {"app_label"} if pattern.name == "app_list" else set(pattern.pattern.converters)
    return reverse(f"admin:{pattern.name}", kwargs={name: known[name] for name in wanted})


@pytest.fixture
def own() -> Belongings:
    return belongings("own")


@pytest.fixture
def theirs() -> Belongings:
    return belongings("theirs")


PATTERNS = [pytest.param(one, id=one.name) for one in admin_patterns() if "url" not in one.pattern.converters]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_shows_nothing_to_nobody_and_to_staff_without_a_role(own: Belongings, pattern: URLPattern) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(address(pattern, own))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))
    if pattern.name not in {"index", "password_change", "password_change_done", "autocomplete", "view_on_site"}:
        assert account("nobody").get(address(pattern, own)).status_code in {302, 403, 404, 405}


ABOUT_ONE = [
    pytest.param(one, id=one.name)
    for one in admin_patterns()
    if {"object_id", "creator_id", "pk", "desk_id", "work_id"} & set(one.pattern.converters)
    and not (one.name or "").startswith("auth_")
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("pattern", ABOUT_ONE)
def test_it_shows_a_curator_nothing_of_another_curators(
    own: Belongings, theirs: Belongings, pattern: URLPattern
) -> None:
    curator = account("curator", group="Curators", creators=(own.creator,))
    there = address(pattern, theirs)
    for response in (curator.get(there), curator.post(there)):
        assert response.status_code in {302, 403, 404, 405}
        assert "login" not in response.get("Location", "")
    assert Creator.objects.filter(pk=theirs.creator.pk).exists()
    assert PinnedAnswer.objects.filter(pk=theirs.pin.pk).exists()
    assert not Work.objects.filter(pk=theirs.work.pk, is_withdrawn=True).exists()


LISTS = ["creators_creator", "creators_work", "creators_glossaryentry", "creators_personalitydraft", "chat_turn"]
LISTS += ["chat_feedback", "chat_pinnedanswer", "creators_ingestjob", "creators_feed", "chat_evaluationcase"]


@pytest.mark.parametrize("name", LISTS)
def test_it_lists_for_a_curator_their_own_alone(own: Belongings, theirs: Belongings, name: str) -> None:
    curator = account("curator", group="Curators", creators=(own.creator,))
    listed = curator.get(reverse(f"admin:{name}_changelist"))
    editors = account("editor", group="Editors").get(reverse(f"admin:{name}_changelist"))
    assert (listed.status_code, editors.status_code) == (200, 200)
    shown = listed.content.decode()
    assert "own" in shown
    assert "theirs" not in shown.partition('id="content"')[2]
    assert "theirs" in editors.content.decode()


@pytest.mark.parametrize(
    ("group", "name", "status"),
    [
        ("Curators", "creators_creator_add", 403),
        ("Editors", "creators_creator_add", 200),
        ("Editors", "auth_user_changelist", 403),
        ("Operators", "auth_user_changelist", 200),
        ("Curators", "creators_domain_changelist", 403),
    ],
)
def test_it_lets_each_role_do_its_own(group: str, name: str, status: int) -> None:
    assert account("somebody", group=group).get(reverse(f"admin:{name}")).status_code == status


def test_it_offers_a_curator_their_own_creators_to_upload_for(own: Belongings, theirs: Belongings) -> None:
    curator = account("curator", group="Curators", creators=(own.creator,))
    page = curator.get(reverse("admin:creators_work_upload")).content.decode()
    assert "The own" in page
    assert "The theirs" not in page


def test_it_lets_no_operator_make_themselves_a_superuser() -> None:
    page = account("operator", group="Operators").get(reverse("admin:auth_user_add")).content.decode()
    assert 'name="is_superuser"' not in page


def test_it_makes_the_groups_with_the_tables() -> None:
    assert set(Group.objects.values_list("name", flat=True)) >= {"Curators", "Editors", "Operators"}
    assert not User.objects.filter(groups__name="Curators").exists()
