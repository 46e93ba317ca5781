"""From a gap to its answer: questions in groups, an answer tried on them and pinned, and what becomes of the group."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat.models import PinnedAnswer, QuestionVector, Turn
from creators.models import Creator
from tests.chat.admin.roles import account
from tests.chat.conversations.rows import keep, new_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

VISA = ("Which visa does a chef need for Japan?", "visa for a chef in japan?", "How do I get a chef's visa for Japan?")


def ask(*questions: str, creator: str = "mara-lindqvist", ago: timedelta = timedelta(days=1)) -> None:
    """Keep these as questions to which nobody here had anything to say."""
    for question in questions:
        turn = keep(question, owner=new_owner(), now=timezone.now() - ago, tier="none", creator=creator).turns.get()
        Turn.objects.filter(pk=turn.pk).update(answered_by="none", ending={**(turn.ending or {}), "coverage": "none"})


def groups(client: Client, kind: str = "unanswered") -> str:
    return unescape(client.get(reverse("admin:chat_groups", args=[kind])).content.decode())


def group_of(question: str, kind: str = "unanswered") -> str:
    turn = Turn.objects.get(question=question)
    return reverse("admin:chat_group", args=[kind, turn.desk_id])


def pin(client: Client, question: str = VISA[0], **said: str) -> str:
    fields = {"text": "The J-Skip one.", "signed": "Ada", "threshold": "0.75", "_pin": "yes", **said}
    return unescape(client.post(group_of(question), fields, follow=True).content.decode())


def test_it_groups_what_means_the_same(admin_client: Client) -> None:
    ask(*VISA, "What is your favourite pasta?")
    page = groups(admin_client)
    assert page.count('class="count">3<') == page.count('class="count">1<') == 1
    assert QuestionVector.objects.count() == 4


def test_it_keeps_apart_whom_a_question_was_put_to(admin_client: Client) -> None:
    ask(VISA[0])
    ask(VISA[1], creator="dez-okafor")
    assert groups(admin_client).count('class="count">1<') == 2


def test_it_says_how_often_it_was_asked_lately(admin_client: Client) -> None:
    ask(*VISA[:2])
    ask(VISA[2], ago=timedelta(days=10))
    assert "1 more than the week before" in groups(admin_client)


def test_it_tries_an_answer_on_what_was_asked_before_it_is_saved(admin_client: Client) -> None:
    ask(*VISA)
    keep("What visa for chefs in Japan?", owner=new_owner(), now=timezone.now())  # which was answered in full
    sent = {"text": "The J-Skip one.", "signed": "Ada", "threshold": "0.6", "_try": "yes"}
    page = unescape(admin_client.post(group_of(VISA[0]), sent).content.decode())
    assert "It would have answered 3 of these 3, and 1 other question." in page
    assert not PinnedAnswer.objects.exists()


def test_it_pins_an_answer_and_the_group_leaves_the_list(admin_client: Client) -> None:
    ask(*VISA)
    assert "Pinned. It would have answered 3 of these 3, and nothing else." in pin(admin_client)
    kept = PinnedAnswer.objects.get()
    assert (kept.creator, kept.signed, kept.quote) == (Creator.objects.get(slug="mara-lindqvist"), "Ada", "")
    assert "Nothing stands here." in groups(admin_client)


def test_it_comes_back_where_it_is_asked_again_without_an_answer(admin_client: Client) -> None:
    ask(*VISA)
    pin(admin_client)
    ask("Do chefs need a visa for Japan?", ago=timedelta(hours=-1))
    assert groups(admin_client).count('class="count">1<') == 1


def test_it_comes_back_once_the_answer_has_expired(admin_client: Client) -> None:
    ask(*VISA)
    pin(admin_client, expires=str(timezone.localdate()))
    assert "Nothing stands here." in groups(admin_client)
    PinnedAnswer.objects.update(expires=timezone.localdate() - timedelta(days=1))
    assert 'class="count">3<' in groups(admin_client)


def test_it_takes_the_words_at_a_place_for_the_answer(admin_client: Client) -> None:
    ask(*VISA)
    work = Creator.objects.get(slug="mara-lindqvist").works.get(slug__startswith="compressing-a-lead-vocal")
    pin(admin_client, text="", work=str(work.pk), place="0:30")
    kept = PinnedAnswer.objects.get()
    assert kept.quote in kept.text.replace("\n", " ")
    assert work.chunks.filter(text__contains=kept.quote).exists()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"text": ""}, "Write an answer, or point to a place"),
        ({"place": "0:30"}, "Choose the work in which that is."),
        ({"threshold": "0.2"}, "greater than or equal to 0.6"),
    ],
)
def test_it_refuses_what_can_be_no_answer(admin_client: Client, said: dict[str, str], reason: str) -> None:
    ask(*VISA)
    assert reason in pin(admin_client, **said)
    assert not PinnedAnswer.objects.exists()


def test_it_lets_nobody_pin_who_may_only_look() -> None:
    ask(*VISA)
    curator = account("curator", group="Curators", creators=(Creator.objects.get(slug="dez-okafor"),))
    assert "Nothing stands here." in groups(curator)
    assert "not in this list" in pin(curator)
    assert account("nobody").get(group_of(VISA[0])).status_code == 403
