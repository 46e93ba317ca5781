import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from chat.models import Feedback
from tests.chat.conversations.rows import NOW, keep, new_owner

pytestmark = pytest.mark.django_db
LIST = "admin:chat_feedback_changelist"


@pytest.fixture
def curator(client: Client) -> Client:
    """A curator who may view feedback and nothing else."""
    user = User.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_feedback"))
    client.force_login(user)
    return client


@pytest.fixture
def feedback() -> Feedback:
    turn = keep("How much pre-delay?", owner=new_owner()).turns.get()
    return Feedback.objects.create(turn=turn, rating="down", reason="too_long", created=NOW, updated=NOW)


def test_it_lists_what_readers_think_with_what_was_asked(curator: Client, feedback: Feedback) -> None:
    page = curator.get(reverse(LIST)).content.decode()
    for shown in ("How much pre-delay?", "it is too long", "Mara Lindqvist", "creator"):
        assert shown in page


def test_it_leads_to_the_answer_and_never_to_its_owner(curator: Client, feedback: Feedback) -> None:
    page = curator.get(reverse("admin:chat_feedback_change", args=[feedback.pk])).content.decode()
    assert "It must never pass 500 ms." in page
    assert feedback.turn.conversation.owner not in page
    assert not {str(feedback.turn.pk), str(feedback.turn.conversation.public_id)} & set(
        re.findall(r"[0-9a-f-]{36}", page)
    )


def test_it_lets_nobody_write_or_remove_any(admin_client: Client, feedback: Feedback) -> None:
    assert admin_client.get(reverse("admin:chat_feedback_add")).status_code == 403
    admin_client.post(reverse("admin:chat_feedback_change", args=[feedback.pk]), {"rating": "up"})
    assert admin_client.post(reverse("admin:chat_feedback_delete", args=[feedback.pk])).status_code == 403
    feedback.refresh_from_db()
    assert feedback.rating == "down"
