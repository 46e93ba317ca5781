"""Drafts of personalities at the curator's desk."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from creators.models import Creator, Personality, PersonalityDraft

pytestmark = pytest.mark.django_db

EXAMPLES = [
    {
        "part": "tone",
        "trait": "dry",
        "quotes": [{"quote": "I would <b>not</b>.", "work": "some-work", "title": "Some work", "seconds": 72.5}],
    }
]


@pytest.fixture
def draft() -> PersonalityDraft:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    return PersonalityDraft.objects.create(
        creator=creator, summary="Brief.", tone=["dry"], examples=EXAMPLES, made_by="model"
    )


def address(draft: PersonalityDraft, what: str = "change") -> str:
    return reverse(f"admin:creators_personalitydraft_{what}", args=[draft.pk])


def press(client: Client, draft: PersonalityDraft, button: str, **edited: str) -> str:
    fields: dict[str, Any] = {"summary": "Brief.", "tone": "dry", button: "yes", **edited}
    return unescape(client.post(address(draft), fields, follow=True).content.decode())


def clerk(*codenames: str) -> Client:
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_it_lists_drafts_with_their_state(admin_client: Client, draft: PersonalityDraft) -> None:
    page = admin_client.get(reverse("admin:creators_personalitydraft_changelist")).content.decode()
    assert all(shown in page for shown in ("How Somebody may sound", "Proposed", "Language model"))


def test_it_shows_each_trait_with_its_words_and_their_place(admin_client: Client, draft: PersonalityDraft) -> None:
    page = admin_client.get(address(draft)).content.decode()
    assert '“I would &lt;b&gt;not&lt;/b&gt;.” <a href="/w/some-work?at=72.500">Some work, 1:12</a>' in page


def test_it_accepts_a_draft_as_it_was_edited(admin_client: Client, draft: PersonalityDraft) -> None:
    page = press(admin_client, draft, "_accept", tone="dry\r\n\r\n calm \r\n", phrases="measure, then move")
    kept = Personality.objects.get(creator=draft.creator)
    assert (kept.tone, kept.phrases) == (["dry", "calm"], ["measure, then move"])
    assert "Somebody sounds as this draft says" in page


def test_it_only_saves_a_draft(admin_client: Client, draft: PersonalityDraft) -> None:
    press(admin_client, draft, "_save", tone="calm")
    draft.refresh_from_db()
    assert (draft.tone, draft.state, draft.examples) == (["calm"], "proposed", EXAMPLES)
    assert not Personality.objects.filter(creator=draft.creator).exists()


def test_it_says_which_item_is_too_long(admin_client: Client, draft: PersonalityDraft) -> None:
    page = press(admin_client, draft, "_accept", tone=f"calm\r\n{'x' * 201}")
    assert "Item 2 in the array did not validate" in page
    assert PersonalityDraft.objects.get().state == "proposed"


def test_it_refuses_a_draft(admin_client: Client, draft: PersonalityDraft) -> None:
    assert "was put aside" in press(admin_client, draft, "_refuse")
    assert PersonalityDraft.objects.get().state == "refused"


def test_it_leaves_an_accepted_draft_alone(admin_client: Client, draft: PersonalityDraft) -> None:
    draft.accept()
    assert admin_client.post(address(draft), {"tone": "calm", "_accept": "yes"}).status_code == 403
    assert Personality.objects.get(creator=draft.creator).tone == ["dry"]


def test_it_takes_a_draft_back(admin_client: Client, draft: PersonalityDraft) -> None:
    draft.accept()
    assert address(draft, "undo") in admin_client.get(address(draft)).content.decode()
    admin_client.post(address(draft, "undo"))
    assert not Personality.objects.filter(creator=draft.creator).exists()


@pytest.mark.parametrize(("action", "state"), [("accept", "accepted"), ("refuse", "refused")])
def test_it_decides_about_several_at_once(
    admin_client: Client, draft: PersonalityDraft, action: str, state: str
) -> None:
    fields = {"action": action, "_selected_action": [draft.pk]}
    admin_client.post(reverse("admin:creators_personalitydraft_changelist"), fields)
    assert PersonalityDraft.objects.get().state == state


def test_it_lets_nobody_accept_who_may_not_write_personalities(draft: PersonalityDraft) -> None:
    client = clerk("view_personalitydraft", "change_personalitydraft")
    assert 'name="_accept"' not in client.get(address(draft)).content.decode()
    assert client.post(address(draft), {"tone": "dry", "_accept": "yes"}).status_code == 403
    assert not Personality.objects.filter(creator=draft.creator).exists()


def test_it_takes_nothing_back_for_them_or_by_a_link(admin_client: Client, draft: PersonalityDraft) -> None:
    draft.accept()
    assert clerk("change_personalitydraft").post(address(draft, "undo")).status_code == 403
    assert admin_client.get(address(draft, "undo")).status_code == 405
    assert Personality.objects.filter(creator=draft.creator).exists()


def test_it_is_not_typed_in_by_hand(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:creators_personalitydraft_add")).status_code == 403
