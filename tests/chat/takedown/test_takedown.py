"""A work that is taken down: gone from wherever a reader could meet it, and the proof of that."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat import conversations, streams
from chat.conversations import memory
from chat.events.events import Sources
from chat.events.messages import MESSAGES
from chat.events.serialize import encode
from chat.events.turn import Owner, TurnHead
from chat.models import Conversation, EvaluationCase, PinnedAnswer, Turn
from chat.streams import store
from chat.takedown import Taken, look, take_down
from chat.takedown.traces import is_any_searching, sentences_of
from chat.turns.second_opinion import review_key
from creators.embeddings import get_embedder
from creators.ingest import shape
from creators.models import PersonalityDraft, Space, Work
from tests.chat.admin.roles import pinned
from tests.chat.conversations.rows import keep, new_owner
from tests.chat.sample_turns import SOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

SLUG = "reverb-and-space"


@pytest.fixture
def work() -> Work:
    Conversation.objects.all().delete()  # what other tests' turns have left, for as long as this one goes on
    return Work.objects.select_related("creator").get(slug=SLUG)


def taken(work: Work) -> Taken:
    """Take a work down, with a clock that runs as fast as one looks at it."""
    moments = iter(timezone.now() + timedelta(seconds=number) for number in range(10_000))
    return take_down(work, clock=lambda: next(moments), sleep=lambda seconds: None)


def found(work: Work) -> dict[str, int]:
    space = Space.objects.get(name=get_embedder().space.name)
    return {one.place: one.found for one in look(work, space=space, now=timezone.now())}


def asked(**changes: object) -> tuple[Owner, Turn]:
    """Keep a turn of just now that cites the work, with changes in its columns."""
    owner = new_owner()
    turn = keep("Why?", owner=owner, now=timezone.now()).turns.get()
    Turn.objects.filter(pk=turn.pk).update(**changes)
    turn.refresh_from_db()
    return owner, turn


def test_it_finds_a_work_that_is_there(work: Work) -> None:
    asked()
    pinned(["Why?"], creator=work.creator, work=work, quote="By ear.")
    places = found(work)
    assert all(places[name] for name in ("the dense leg", "the lexical leg", "the search"))
    assert all(places[name] for name in ("its page, and its creator’s list", "pinned answers", "kept conversations"))


def test_it_finds_nothing_of_it_afterwards(work: Work) -> None:
    owner, turn = asked()
    conversations.share(turn.conversation.public_id, owner=owner, now=timezone.now())
    pinned(["Why?"], creator=work.creator, work=work, quote="By ear.")
    taken(work)
    assert {name for name, count in found(work).items() if count} == set()
    assert not PinnedAnswer.objects.filter(work=work).exists()


def test_an_answer_that_cites_it_loses_its_words(work: Work) -> None:
    owner, turn = asked()
    assert taken(work).answers == 1
    stored = conversations.turn(turn.pk, owner=owner)
    assert stored is not None
    assert stored.done is not None
    assert stored.answer == "This answer rested on something that was taken down here, so it is gone."
    assert (stored.sources, stored.done.citations, stored.done.disagreements) == ((), (), ())
    assert Turn.objects.unanswered().filter(pk=turn.pk).exists()


def test_an_answer_that_only_consulted_it_keeps_its_words(work: Work) -> None:
    _, turn = asked()
    ending = {**(turn.ending or {}), "cited": [2], "disagreements": []}
    others = [{**one, "work": "kick-and-808"} if one["number"] == 2 else one for one in turn.sources]
    Turn.objects.filter(pk=turn.pk).update(ending=ending, sources=others)
    assert (taken(work).sources, Turn.objects.get(pk=turn.pk).answer) == (1, turn.answer)
    assert [one["number"] for one in Turn.objects.get(pk=turn.pk).sources] == [2]


def test_it_leaves_other_answers_alone(work: Work) -> None:
    others = [{**source, "work": "kick-and-808"} for source in asked()[1].sources]
    _, turn = asked(sources=others)
    Turn.objects.filter(pk=turn.pk).update(ending={**(turn.ending or {}), "suggestions": [], "disagreements": []})
    taken(work)
    assert Turn.objects.get(pk=turn.pk).answer == turn.answer


def test_memory_and_second_looks_are_gone(work: Work) -> None:
    owner, turn = asked()
    public_id: UUID = turn.conversation.public_id
    memory.remember(
        [memory.exchange(turn_id=turn.pk, question="Why?", answer="So.")], owner=owner, conversation_id=public_id
    )
    cache.set(review_key(turn.pk), "{}", 60)
    taken(work)
    assert memory.recall(owner=owner, conversation_id=public_id) == ()
    assert cache.get(review_key(turn.pk)) is None


def test_a_memory_that_says_its_words_is_gone_too(work: Work) -> None:
    owner, turn = asked(sources=[], ending=None)
    chunk = work.chunks.first()
    assert chunk is not None
    said = memory.exchange(turn_id=turn.pk, question="Why?", answer=chunk.text)
    memory.remember([said], owner=owner, conversation_id=turn.conversation.public_id)
    taken(work)
    assert memory.recall(owner=owner, conversation_id=turn.conversation.public_id) == ()


def test_a_running_answer_that_names_it_is_stopped(work: Work, running: Callable[[str], streams.StoredRun]) -> None:
    run = running(SLUG)
    other = running("kick-and-808")
    assert taken(work).stopped == 1
    stopped = [cache.get(f"run:{one.head.turn_id}:stop") for one in (run, other)]
    assert stopped == [1, None]


@pytest.fixture
def running(db: None) -> Callable[[str], streams.StoredRun]:
    """Have another process write an answer out of a work."""

    def run(slug: str) -> streams.StoredRun:
        _, turn = asked(ended=None, ending=None, answer="", sources=[])
        head = TurnHead(turn.pk, turn.conversation.public_id, Owner(turn.conversation.owner), "Why?", "")
        stored = streams.StoredRun(head, process=f"elsewhere-{slug}")
        streams.announce(stored)
        batch = store.TickBatch(stored.process, 0, 0, (), ())
        batch.add_run(stored)
        source = next(one for one in SOURCES)
        text = encode(Sources((source,)), number=1).replace(SLUG.encode(), slug.encode())
        batch.add_part(turn.pk, text, at=0)
        store.exchange(batch)
        return stored

    return run


def test_a_running_answer_that_remembers_it_is_stopped(work: Work, running: Callable[[str], streams.StoredRun]) -> None:
    run = running("kick-and-808")
    _, before = asked()
    Turn.objects.filter(pk=before.pk).update(conversation=Turn.objects.get(pk=run.head.turn_id).conversation, number=2)
    assert taken(work).stopped == 1
    assert memory.recall(owner=run.head.owner, conversation_id=run.head.conversation_id) == ()


def test_it_waits_for_an_answer_that_still_searches(running: Callable[[str], streams.StoredRun]) -> None:
    running(SLUG)
    assert not is_any_searching(before=timezone.now())
    run = running("kick-and-808")
    cache.delete(store.row_key(run.process, 0, run.head.turn_id))
    assert is_any_searching(before=timezone.now())


def test_drafts_of_a_voice_lose_its_quotes(work: Work) -> None:
    quotes = [{"quote": "By ear.", "work": name, "title": "", "seconds": None} for name in (SLUG, "other")]
    example = {"part": "tone", "trait": "dry", "quotes": quotes}
    draft = PersonalityDraft.objects.create(creator=work.creator, examples=[example], made_by="model")
    taken(work)
    draft.refresh_from_db()
    assert [quote["work"] for quote in draft.examples[0]["quotes"]] == ["other"]


@pytest.mark.parametrize("number", [0, 1])
def test_what_was_said_before_a_test_case_loses_its_words(work: Work, number: int) -> None:
    _, turn = asked()
    chunk = work.chunks.first()
    assert chunk is not None
    said = [chunk.text, turn.answer][number]
    earlier = [{"question": "Why?", "answer": said}, {"question": "And?", "answer": "By ear."}]
    known = {"desk_id": UUID(int=number), "tier": "none", "created": timezone.now()}
    case = EvaluationCase.objects.create(question="How?", earlier=earlier, **known)
    taken(work)
    case.refresh_from_db()
    assert [one["answer"] for one in case.earlier] == [MESSAGES["taken_down"], "By ear."]


def test_it_finds_what_was_said_before_a_test_case(work: Work) -> None:
    chunk = work.chunks.first()
    assert chunk is not None
    known = {"desk_id": UUID(int=2), "tier": "none", "created": timezone.now()}
    EvaluationCase.objects.create(question="How?", earlier=[{"question": "Why?", "answer": chunk.text}], **known)
    assert found(work)["test cases"] == 1


def test_the_command_prints_where_it_looked(work: Work) -> None:
    asked()
    out = StringIO()
    call_command("takedown", SLUG, "--check", stdout=out)
    printed = out.getvalue()
    assert "“Reverb and space” of Mara Lindqvist is taken down." in printed
    assert printed.count("looked at, gone") == 13
    assert "STILL" not in printed


def test_the_command_knows_no_other_work() -> None:
    with pytest.raises(CommandError, match="There is no work"):
        call_command("takedown", "nowhere")


def test_it_can_be_done_again(work: Work) -> None:
    asked()
    taken(work)
    assert taken(work) == Taken(0, 0, 0, 0, 0)
    assert not Conversation.objects.exclude(turns__answer="").filter(turns__sources__contains=[{"work": SLUG}]).exists()


def test_the_desk_says_what_goes_and_takes_it_down(work: Work, admin_client: Client) -> None:
    asked()
    address = reverse("admin:chat_takedown", args=[work.pk])
    assert "1 kept answer," in admin_client.get(address).content.decode()
    assert not Work.objects.get(pk=work.pk).is_withdrawn
    told = admin_client.post(address, follow=True).content.decode()
    assert "Taken down. Looked for it in: the dense leg" in told
    history = admin_client.get(reverse("admin:creators_work_history", args=[work.pk])).content.decode()
    assert "Taken down." in history
    assert Work.objects.get(pk=work.pk).is_withdrawn


def test_it_looks_for_what_was_said_before_it_was_reworded(work: Work) -> None:
    chunk = work.chunks.order_by("position")[0]
    said = chunk.as_ingested.sentences[0]
    shape.reword(chunk, {0: "The quokka rests in the shade of a palm."}, embedder=get_embedder())
    assert {said, "The quokka rests in the shade of a palm."} <= sentences_of(work)
