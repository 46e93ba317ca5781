"""Drafts of a personality: accepted, refused, taken back."""

import pytest

from creators.models import Creator, Personality, PersonalityDraft
from creators.models.creator import DecisionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> PersonalityDraft:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    return PersonalityDraft.objects.create(creator=creator, summary="Brief.", tone=["dry"], made_by="model")


def described(creator: Creator) -> dict[str, object] | None:
    found = Personality.objects.filter(creator=creator).first()
    return found.described() if found else None


def test_it_becomes_the_personality_when_it_is_accepted(draft: PersonalityDraft) -> None:
    draft.accept()
    assert described(draft.creator) == draft.described()
    assert (draft.state, draft.before) == ("accepted", None)


def test_it_keeps_what_it_replaces(draft: PersonalityDraft) -> None:
    Personality.objects.create(creator=draft.creator, phrases=["as it was"])
    draft.accept()
    assert PersonalityDraft.objects.filter(before__phrases=["as it was"]).exists()
    assert Personality.objects.get(creator=draft.creator).tone == ["dry"]


def test_it_changes_nothing_once_it_is_decided_about(draft: PersonalityDraft) -> None:
    draft.accept()
    Personality.objects.filter(creator=draft.creator).update(tone=["warm"])
    for act in (draft.accept, draft.refuse):
        with pytest.raises(DecisionError, match="This draft is accepted"):
            act()
    assert Personality.objects.get(creator=draft.creator).tone == ["warm"]


def test_it_writes_nothing_when_it_is_refused(draft: PersonalityDraft) -> None:
    draft.refuse()
    assert (draft.state, described(draft.creator)) == ("refused", None)


@pytest.mark.parametrize("former", [None, {"phrases": ["as it was"]}])
def test_it_can_be_taken_back(draft: PersonalityDraft, former: dict[str, list[str]] | None) -> None:
    if former:
        Personality.objects.create(creator=draft.creator, **former)
    before = described(draft.creator)
    draft.accept()
    draft.undo()
    assert (described(draft.creator), draft.state) == (before, "proposed")


def test_it_is_not_taken_back_where_that_would_lose_later_work(draft: PersonalityDraft) -> None:
    draft.accept()
    Personality.objects.update(tone=["warm"])
    with pytest.raises(DecisionError, match="changed since"):
        draft.undo()
