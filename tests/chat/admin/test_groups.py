"""From a gap to its answer: questions in groups, an answer tried on them and pinned, and what becomes of the group."""

import re
from datetime import timedelta
from html import unescape
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from chat.curation import AskedQuestion, QuestionGroup, embed_lately, ways_near
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
    assert LogEntry.objects.get().object_id == str(kept.pk)


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


def test_it_pins_for_nobody_what_a_creator_was_asked_who_is_gone(admin_client: Client) -> None:
    ask(*VISA, creator="was-here-once")
    assert "is gone" in pin(admin_client)
    assert not PinnedAnswer.objects.exists()


def test_it_lets_nobody_pin_who_may_only_look() -> None:
    ask(*VISA)
    curator = account("curator", group="Curators", creators=(Creator.objects.get(slug="dez-okafor"),))
    assert "Nothing stands here." in groups(curator)
    assert "not in this list" in pin(curator)
    assert account("nobody").get(group_of(VISA[0])).status_code == 403


def test_it_takes_the_least_threshold_that_answers_nothing_else(admin_client: Client) -> None:
    ask(*VISA)
    assert 'name="threshold" value="0.65"' in groups_page(admin_client)
    keep("Which visa does a cook need for Japan?", owner=new_owner(), now=timezone.now())  # which was answered in full
    assert 'name="threshold" value="0.65"' not in groups_page(admin_client)


def test_it_says_how_many_it_would_answer_in_words_of_their_own(admin_client: Client) -> None:
    ask(VISA[0], "Is there a permit for cooks who work in Tokyo?", "How do I get a chef's visa for Japan?")
    page = groups_page(admin_client)
    assert re.search(r"Of \d ways of asking, \d had it known the others alone.", page)


def test_it_goes_on_on_another_page(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.admin.groups.SHOWN", 1)
    ask(*VISA, "What is your favourite pasta?")
    assert "Groups 1 to 1 of 2" in groups(admin_client)
    second = admin_client.get(reverse("admin:chat_groups", args=["unanswered"]), {"page": 2}).content.decode()
    assert "pasta" in second


def test_a_worker_embeds_what_was_asked(admin_client: Client) -> None:
    ask(*VISA)
    assert not embed_lately(now=timezone.now())
    assert QuestionVector.objects.count() == len(VISA)


def test_a_worker_goes_on_where_the_embedder_is_away(settings: Settings) -> None:
    ask(*VISA)
    settings.EMBEDDER = {"BACKEND": "tests.creators.test_jobs.AwayEmbedder"}
    assert not embed_lately(now=timezone.now())
    assert not QuestionVector.objects.exists()


def groups_page(client: Client) -> str:
    return unescape(client.get(group_of(VISA[0])).content.decode())


def test_it_answers_the_ways_of_asking_that_were_ticked(admin_client: Client) -> None:
    ask(*VISA)
    ticked = [str(Turn.objects.get(question=one).desk_id) for one in VISA[::2]]
    fields = {"text": "The J-Skip one.", "signed": "Ada", "threshold": "0.95", "ways": ticked, "_pin": "yes"}
    admin_client.post(group_of(VISA[0]), fields)
    assert set(PinnedAnswer.objects.get().questions) == set(VISA[::2])


def test_it_knows_what_was_ticked_where_it_is_asked_again_meanwhile(admin_client: Client) -> None:
    ask(*VISA)
    address, ticked = group_of(VISA[0]), [str(Turn.objects.get(question=VISA[0]).desk_id)]
    ask(VISA[0], ago=timedelta(hours=1))
    fields = {"text": "The J-Skip one.", "signed": "Ada", "threshold": "0.95", "ways": ticked, "_pin": "yes"}
    admin_client.post(address, fields)
    assert PinnedAnswer.objects.get().questions == [VISA[0]]


def test_it_offers_what_was_asked_nearly_so_of_the_same_creator() -> None:
    def asked(text: str, creator: str = "mara") -> AskedQuestion:
        return AskedQuestion(uuid5(NAMESPACE_URL, text), text, creator, "", timezone.now(), "none")

    own, near, far, other = asked("A"), asked("B"), asked("C"), asked("D", "dez")
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [1, 0]], np.float32)
    group = QuestionGroup((own,), vectors[:1], rising=0)
    assert ways_near(group, asked=[own, near, far, other], vectors=vectors).questions == (near,)


def test_it_says_from_which_threshold_on_it_answers_nothing_else(admin_client: Client) -> None:
    ask(*VISA)
    keep("What visa for chefs in Japan?", owner=new_owner(), now=timezone.now())
    fields = {"text": "The J-Skip one.", "signed": "Ada", "threshold": "0.6", "_try": "yes"}
    page = unescape(admin_client.post(group_of(VISA[0]), fields).content.decode())
    assert re.search(r"From 0\.\d+ on it answers nothing else\.", page)
