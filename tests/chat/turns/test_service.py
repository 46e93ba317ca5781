from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.cache import BaseCache
from pytest_django import Settings

from chat import turns
from chat.events.events import Sources, Tier, Token
from chat.events.turn import ANYONE, Question
from chat.llm.fallback import MAX_FAILURES
from chrysopedia.core.errors import Problem
from tests.chat.asking import VOCAL, ask, failure, joined, last, sources
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
Use = Callable[..., None]
SIDEBANDS = "How many pairs of sidebands matter at a modulation index of 5?"


async def test_it_answers_with_quotes_where_no_model_is_configured() -> None:
    events = await ask()
    assert last(events).answered_by == "quotes"
    assert last(events).cited


async def test_it_quotes_verbatim() -> None:
    events = await ask()
    texts = {citation.quote for citation in last(events).citations}
    assert texts
    assert all(quote in joined(events) for quote in texts)


async def test_it_answers_in_the_creators_own_tier() -> None:
    assert last(await ask()).cascade_tier is Tier.CREATOR


async def test_it_says_that_nobody_covers_it() -> None:
    events = await ask("Which visa does a chef need for Japan?", creator=None)
    done = last(events)
    assert (done.cascade_tier, done.answered_by, sources(events).sources) == (Tier.NONE, "none", ())
    assert done.suggestions


async def test_it_suggests_what_the_creator_asked_does_speak_of() -> None:
    done = last(await ask("Which visa does a chef need for Japan?", creator="mara-lindqvist"))
    assert {one.creator_slug for one in done.suggestions} == {"mara-lindqvist"}


async def test_it_streams_what_the_model_says(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say("Three ", "to one [1].")
    events = await ask()
    assert joined(events) == "Three to one [1]."
    assert last(events).answered_by == "model"


async def test_it_tells_what_the_answer_cost(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    usage = last(await ask()).usage
    assert usage is not None
    assert usage.completion_tokens > 0


async def test_it_asks_the_fallback_where_the_model_fails(model_server: ModelServer, use_model: Use) -> None:
    with ModelServer() as other:
        use_model(model_server, other)
        model_server.unauthorised()
        other.say("Three to one [1].")
        events = await ask()
    assert (joined(events), last(events).answered_by) == ("Three to one [1].", "fallback")


@pytest.mark.parametrize("failing", ["fail", "unauthorised", "garbage", "usage_only", "cut_before_headers"])
async def test_it_quotes_where_every_model_fails(model_server: ModelServer, use_model: Use, failing: str) -> None:
    use_model(model_server)
    for _ in range(3):
        getattr(model_server, failing)()
    assert last(await ask()).answered_by == "quotes"


@pytest.mark.parametrize(
    "said", [(" ", "\n\n"), ("\u200b\u2060", "\u202e\ufeff"), ("\u2800",), ("\x1b\x00",), ("[9", "] [42]")]
)
async def test_it_quotes_where_nobody_sees_what_the_model_says(
    model_server: ModelServer, use_model: Use, said: tuple[str, ...]
) -> None:
    use_model(model_server)
    model_server.say(*said)
    events = await ask()
    assert (last(events).answered_by, last(events).usage) == ("quotes", None)
    assert "” [" in joined(events)


async def test_it_quotes_where_the_model_sends_elsewhere_and_says_so(
    model_server: ModelServer, use_model: Use, caplog: pytest.LogCaptureFixture
) -> None:
    use_model(model_server)
    model_server.redirect("http://127.0.0.1:9/v1/chat/completions")
    assert last(await ask()).answered_by == "quotes"
    assert "the primary model failed: the model server sends elsewhere (307), which is not followed" in caplog.text


async def test_it_quotes_where_the_model_is_silent(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server, first_token_timeout=0.1)
    model_server.hang_before_first()
    assert last(await ask()).answered_by == "quotes"


@pytest.mark.parametrize("breaking", ["cut_after", "no_finish", "error_midstream", "malformed_chunk_after"])
async def test_it_keeps_what_a_broken_model_said(model_server: ModelServer, use_model: Use, breaking: str) -> None:
    use_model(model_server)
    getattr(model_server, breaking)("Three to one [1].")
    events = await ask()
    assert (joined(events), last(events).finish) == ("Three to one [1].", "cut")


async def test_it_says_when_an_answer_hit_its_limit(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say("Three to one", finish="length")
    assert last(await ask()).finish == "length"


async def test_it_removes_a_marker_that_names_no_source(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say("Three to one [", "42", "].")
    assert joined(await ask()) == "Three to one."


async def test_it_uses_the_voice_in_the_creators_own_tier(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    assert last(await ask(personality_weight=0.75)).voice_applied == 0.75
    assert "as Mara Lindqvist would" in model_server.bodies[0]["messages"][0]["content"]


async def test_it_speaks_in_nobodys_voice_outside_it(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    done = last(await ask(SIDEBANDS, personality_weight=1.0))
    assert (done.cascade_tier, done.voice_applied) == (Tier.GLOBAL, 0.0)


async def test_it_marks_each_source_with_the_narrowest_tier_that_holds_it() -> None:
    events = await ask(SIDEBANDS)
    tiers = {source.creator_slug: source.tier for source in sources(events).sources}
    assert tiers["ilse-brandt"] is Tier.GLOBAL


async def test_it_refuses_an_unknown_creator() -> None:
    with pytest.raises(Problem) as caught:
        await turns.begin(Question(VOCAL, creator="nobody"), owner=ANYONE)
    assert caught.value.status == 404


@pytest.mark.parametrize("name", ["MARA LINDQVIST", "Lindqvist", "mara-lindqvist"])
async def test_it_finds_a_creator_by_slug_name_or_alias(name: str) -> None:
    assert last(await ask(creator=name)).cascade_tier is Tier.CREATOR


async def test_it_reports_a_search_that_failed(settings: Settings) -> None:
    settings.EMBEDDER = {
        "BACKEND": "creators.embeddings.remote.OpenAICompatible",
        "OPTIONS": {"base_url": "http://127.0.0.1:9/v1", "model": "none"},
    }
    assert failure(await ask()).code == "retrieval_unavailable"


async def test_it_sends_the_sources_before_the_first_token() -> None:
    events = await ask()
    assert isinstance(events[0], Sources)
    assert isinstance(events[1], Token)


async def test_it_refuses_to_replace_a_turn_that_is_not_there() -> None:
    with pytest.raises(Problem) as caught:
        await turns.begin(Question(VOCAL, replaces=uuid4()), owner=ANYONE)
    assert caught.value.status == 404


NO_CACHE = {"default": {"BACKEND": "chrysopedia.core.cache.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}}


async def test_it_takes_a_question_while_the_cache_is_down(settings: Settings) -> None:
    settings.CACHES = NO_CACHE
    turn = await turns.begin(Question(VOCAL), owner=ANYONE)
    assert last([event async for event in turns.stream(turn)]).memory_note


async def test_it_ends_an_answer_whose_cache_died_under_it(settings: Settings) -> None:
    turn = await turns.begin(Question(VOCAL), owner=ANYONE)
    events = turns.stream(turn)
    seen = [await anext(events)]
    settings.CACHES = NO_CACHE
    seen += [event async for event in events]
    assert last(seen).finish == "complete"


async def test_it_asks_a_failing_model_no_more_after_five_turns(
    model_server: ModelServer, use_model: Use, each_cache: BaseCache
) -> None:
    use_model(model_server)
    for _ in range(MAX_FAILURES):
        model_server.fail(400)
    answers = [last(await ask()).answered_by for _ in range(MAX_FAILURES + 2)]
    assert answers == ["quotes"] * (MAX_FAILURES + 2)
    assert len(model_server.requests) == MAX_FAILURES
