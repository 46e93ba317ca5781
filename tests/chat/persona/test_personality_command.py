"""manage.py personality: a draft from a creator's own words."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from creators.models import Personality, PersonalityDraft
from tests.creators.persona.works import creator_who_said, unpublish_all

pytestmark = pytest.mark.django_db
TEXT = "It is obviously the marmalade. " * 40


def personality(*arguments: str) -> str:
    out = StringIO()
    call_command("personality", "own", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def own() -> None:
    creator_who_said("other", "Something else. " * 300)
    creator_who_said("own", TEXT, TEXT)


def test_it_prints_and_keeps_a_draft_and_touches_no_personality(own: None) -> None:
    shown = personality()
    assert "Vocabulary\n  obviously: “It is obviously the marmalade.” (OWN-1)" in shown
    assert PersonalityDraft.objects.get().vocabulary[0] == "obviously"
    assert not Personality.objects.filter(creator__slug="own").exists()


def test_it_keeps_nothing_on_a_dry_run(own: None) -> None:
    assert "Kept" not in personality("--dry-run")
    assert not PersonalityDraft.objects.exists()


def test_it_ends_with_2_where_something_is_to_be_put_right() -> None:
    unpublish_all()
    creator_who_said("own", TEXT)
    with pytest.raises(CommandError, match="only creator") as raised:
        personality()
    assert raised.value.returncode == 2


def test_it_ends_with_2_for_an_unknown_creator() -> None:
    with pytest.raises(CommandError, match='no creator "own"') as raised:
        personality()
    assert raised.value.returncode == 2
