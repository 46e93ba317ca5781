"""Answers that a curator pinned, as a reader gets them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.curation import pinned_reply
from chat.events.events import Tier, Verdict
from chat.events.turn import ANYONE, TurnHead
from chat.models import PinnedAnswer
from chat.prompts import Voice
from chat.turns.replies import heard_in, reply_to
from chat.turns.state import AskedCreator, Turn, TurnState
from chrysopedia.core.cache import Lock
from creators.models import Chunk, Creator, Work
from tests.chat.admin.roles import pinned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

ASKED = ["What is your favourite pasta?"]
TODAY = timezone.localdate()


@pytest.fixture
def mara() -> Creator:
    return Creator.objects.get(slug="mara-lindqvist")


def reply(question: str = "Which pasta do you like best?", *, creator: Creator | None) -> str:
    found = pinned_reply(question, creator_id=creator.pk if creator else None, today=TODAY)
    return found.text if found else ""


def test_it_answers_what_means_the_same_and_says_who_wrote_it(mara: Creator) -> None:
    pinned(ASKED, creator=mara)
    assert reply(creator=mara) == "Seven.\n\n*Written by Ada, a curator of this site, 1 March 2026.*"
    assert reply("What ratio do you use on vocals?", creator=mara) == ""


def test_it_answers_for_nobody_else(mara: Creator) -> None:
    pinned(ASKED, creator=mara)
    assert reply(creator=Creator.objects.get(slug="dez-okafor")) == reply(creator=None) == ""


def test_it_speaks_in_the_creators_name_only_with_their_consent(mara: Creator) -> None:
    pinned(ASKED, creator=mara, in_their_name=True)
    assert "in the name of Mara Lindqvist, with their consent" in reply(creator=mara)


@pytest.mark.parametrize("changed", [{"is_active": False}, {"expires": TODAY - timedelta(days=1)}, {"space": "other"}])
def test_it_is_silent_when_it_is_off_or_past_its_day(mara: Creator, changed: dict[str, object]) -> None:
    pinned(ASKED, creator=mara)
    PinnedAnswer.objects.update(**changed)
    assert reply(creator=mara) == ""


@pytest.fixture
def cited(mara: Creator) -> PinnedAnswer:
    """An answer that rests on a sentence of a work."""
    chunk = Chunk.objects.filter(creator=mara, start_seconds__isnull=False).select_related("work").first()
    assert chunk
    quote = chunk.text.split(". ")[1] + "."
    return pinned(ASKED, creator=mara, text=f"“{quote}”", work=chunk.work, quote=quote)


def test_it_brings_its_receipt(mara: Creator, cited: PinnedAnswer) -> None:
    found = pinned_reply(ASKED[0], creator_id=mara.pk, today=TODAY)
    assert found
    (source,), (citation,) = found.sources, found.citations
    assert (found.tier, found.answered_by, source.work) == (Tier.CREATOR, "pinned", cited.work and cited.work.slug)
    assert citation.verdict == Verdict.SUPPORTED
    assert found.text[citation.start : citation.end].endswith("[1]")
    assert "*Chosen by Ada" in found.text


def test_it_is_silent_at_once_where_its_work_is_withdrawn(mara: Creator, cited: PinnedAnswer) -> None:
    Work.objects.filter(pk=cited.work_id or 0).update(is_withdrawn=True)
    assert reply(ASKED[0], creator=mara) == ""
    assert PinnedAnswer.objects.with_sources().filter(Q(("is_gone", True))).exists()


def test_it_is_silent_where_its_work_says_that_no_more(mara: Creator, cited: PinnedAnswer) -> None:
    Chunk.objects.filter(work=cited.work).update(text="Something else.")
    assert reply(ASKED[0], creator=mara) == ""


def test_it_costs_one_query_where_nothing_is_pinned(mara: Creator) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert reply(creator=mara) == ""
    assert len(asked) == 1


def begun(query: str, creator: Creator) -> Turn:
    head = TurnHead(uuid4(), uuid4(), ANYONE, query, creator=creator.slug, creator_name=creator.name)
    asked = AskedCreator(creator.pk, (creator.name,), Voice(name=creator.name))
    return Turn(head, asked, history=(), lock=Lock(key="", token=""), began=0.0)


@pytest.mark.parametrize(("query", "by"), [(ASKED[0], "pinned"), ("Thanks!", "conversation")])
def test_it_comes_after_small_talk_and_before_the_search(mara: Creator, query: str, by: str) -> None:
    pinned([ASKED[0], "Thanks!"], creator=mara)
    turn, state = begun(query, mara), TurnState()
    assert reply_to(turn, state, heard=heard_in(turn))
    done = state.done(turn, total=1)
    assert (done.answered_by, done.coverage, done.cited) == (by, "full", ())
