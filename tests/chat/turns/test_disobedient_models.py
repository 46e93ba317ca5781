"""Models that do not do as the prompt says, and what becomes of their answers."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import Settings

from chat.conversations import memory
from chat.conversations.stored import remembered
from chat.events.events import Citation, Done, Event
from chat.events.messages import MESSAGES
from chat.events.turn import ANYONE
from chat.turns.answer import HARDLY_SUPPORTED
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import ask, joined, last, new_conversation
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
Use = Callable[..., None]
TRUE = "Ratio 4:1, attack 10 ms, release 250 ms"
FALSE = "The moon is made of green cheese and whispers"


async def answered(server: ModelServer, use_model: Use, *pieces: str) -> tuple[str, Done]:
    use_model(server)
    server.say(*pieces)
    events: list[Event] = await ask()
    return joined(events), last(events)


async def test_it_sets_the_markers_that_a_model_leaves_out(model_server: ModelServer, use_model: Use) -> None:
    text, done = await answered(model_server, use_model, *f"{TRUE}. So it is then.")
    (found,) = done.citations
    assert (found.found, done.grounding.found, done.grounding.uncited) == (True, 1, 1)
    assert text == f"{TRUE}. [{found.number}] So it is then."


async def test_it_says_which_markers_are_the_model_s_own(model_server: ModelServer, use_model: Use) -> None:
    _, done = await answered(model_server, use_model, f"{TRUE} [1]. ", f"And then {TRUE}.")
    own: dict[bool, Citation] = {citation.found: citation for citation in done.citations}
    assert (own[False].start, own[True].start > 0) == (0, True)


async def test_it_follows_an_answer_that_no_source_knows_by_their_own_words(
    model_server: ModelServer, use_model: Use
) -> None:
    text, done = await answered(model_server, use_model, f"{FALSE}. ", "It sings to the tides each night [1].")
    assert text.startswith(f"{FALSE}. It sings to the tides each night [1].\n\nAs hardly any of this")
    assert done.quoted_from is not None
    assert text[done.quoted_from :].lstrip().startswith(("“", "Mara"))
    assert done.answered_by == "model"


@pytest.mark.parametrize("pieces", [("[1] [1]",), ("[", "1", "] ", "[1]\n"), ("**[1]** [1].",)])
async def test_it_shows_the_creators_words_where_a_model_gives_markers_alone(
    model_server: ModelServer, use_model: Use, pieces: tuple[str, ...]
) -> None:
    text, done = await answered(model_server, use_model, *pieces)
    assert text.startswith(("“", "Mara"))
    assert (done.answered_by, done.quoted_from) == ("quotes", None)


async def test_it_shows_markers_that_words_follow(model_server: ModelServer, use_model: Use) -> None:
    text, _ = await answered(model_server, use_model, "[1] ", f"{TRUE}.")
    assert text == f"[1] {TRUE}."


async def test_it_adds_nothing_to_an_answer_that_stands_in_the_sources(
    model_server: ModelServer, use_model: Use
) -> None:
    text, done = await answered(model_server, use_model, f"{TRUE} [1].")
    assert (text, done.quoted_from) == (f"{TRUE} [1].", None)


async def test_it_ends_a_loop_after_its_first_saying(model_server: ModelServer, use_model: Use) -> None:
    text, done = await answered(model_server, use_model, *[f"{TRUE} [1]. "] * 9)
    assert text == f"{TRUE} [1]."
    assert (done.finish, done.reason) == ("stopped", "repetition")


async def test_it_follows_a_loop_that_claims_nothing_by_the_creators_words(
    model_server: ModelServer, use_model: Use
) -> None:
    text, done = await answered(model_server, use_model, *["I'm sorry. "] * 9)
    assert text.startswith(f"I'm sorry.\n\n{HARDLY_SUPPORTED}\n\n")
    assert (done.reason, done.quoted_from is not None) == ("repetition", True)


async def test_it_remembers_no_loop(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say(*[f"{TRUE} [1]. "] * 9)
    conversation = new_conversation()
    await ask(conversation_id=conversation)
    assert await in_one_hop(memory.recall, owner=ANYONE, conversation_id=conversation) == ()


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("said", [(f"{FALSE}. ", "It sings to the tides each night [1]."), (f"{FALSE}. ",) * 9])
async def test_it_remembers_only_the_creators_words_where_they_had_to_follow(
    model_server: ModelServer, use_model: Use, said: tuple[str, ...], is_lost: bool
) -> None:
    use_model(model_server)
    model_server.say(*said)
    conversation = new_conversation()
    await ask(conversation_id=conversation)
    if is_lost:
        (kept,) = await in_one_hop(remembered, owner=ANYONE, conversation_id=conversation, now=timezone.now())
    else:
        (kept,) = await in_one_hop(memory.recall, owner=ANYONE, conversation_id=conversation)
    assert "moon" not in kept.answer
    assert kept.answer.lstrip().startswith(("“", "Mara"))


ONLY_HELD = "\n\nWhat no source says of the last answer is left out."


@pytest.mark.parametrize("query", ["can you repeat that?", "shorter please"])
async def test_it_says_only_the_creators_words_again_where_they_had_to_follow(
    model_server: ModelServer, use_model: Use, query: str
) -> None:
    use_model(model_server)
    model_server.say(f"{FALSE}. ", "It sings to the tides each night [1].")
    conversation = new_conversation()
    await ask(conversation_id=conversation)
    again = await ask(query, conversation_id=conversation)
    assert "moon" not in joined(again) and "tides" not in joined(again)
    assert joined(again).startswith(("“", "Mara")) and joined(again).endswith(ONLY_HELD)
    assert all(joined(again)[one.start : one.end].endswith(f"[{one.number}]") for one in last(again).citations)


async def test_it_says_no_sentence_again_that_no_source_says(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.say(f"{FALSE}. ", f"{TRUE} [1]. ", "It sings to the tides each night.")
    conversation = new_conversation()
    first = await ask(conversation_id=conversation)
    again = await ask("can you repeat that?", conversation_id=conversation)
    assert joined(again) == f"{TRUE} [1].{ONLY_HELD}"
    assert [one.quote for one in last(again).citations] == [one.quote for one in last(first).citations]


async def test_it_tells_a_model_no_invention_that_a_client_sends_back(
    model_server: ModelServer, use_model: Use
) -> None:
    text, _ = await answered(model_server, use_model, f"{FALSE}. ", "It sings to the tides each night [1].")
    await ask("And the release?", said=(("What ratio and attack does she use?", text),))
    told = str(model_server.bodies[-1]["messages"])
    assert "And the release?" in told and "What ratio and attack does she use?" in told
    assert "moon" not in told and HARDLY_SUPPORTED not in told


async def test_it_believes_a_model_that_the_passages_do_not_answer(model_server: ModelServer, use_model: Use) -> None:
    text, done = await answered(model_server, use_model, "NOT_", "ANSWERED\n", "They speak of ratios alone, not of it.")
    assert text == "They speak of ratios alone, not of it."
    assert (done.coverage, done.answered_by, done.quoted_from) == ("none", "model", None)


async def test_it_says_so_itself_where_the_model_gives_the_word_alone(
    model_server: ModelServer, use_model: Use
) -> None:
    text, done = await answered(model_server, use_model, "NOT_ANSWERED")
    assert (text, done.coverage, done.answered_by) == ("No source here answers that.", "none", "model")


async def test_it_lets_the_reader_judge_where_a_small_model_gives_the_word_alone(
    model_server: ModelServer, use_model: Use, settings: Settings
) -> None:
    use_model(model_server)
    settings.CHAT_MODELS["primary"]["SHORT_PROMPT"] = True
    model_server.say("NOT_ANSWERED")
    events = await ask()
    assert joined(events).startswith(MESSAGES["nearest"]) and "“" in joined(events)
    assert (last(events).coverage, last(events).answered_by) == ("partly", "quotes")


async def test_it_keeps_thoughts_from_readers_and_from_memory(model_server: ModelServer, use_model: Use) -> None:
    text, _ = await answered(model_server, use_model, "<thi", "nk>SECRET</th", "ink>", f"{TRUE} [1].")
    assert text == f"{TRUE} [1]."


async def test_it_quotes_where_a_model_only_thinks(model_server: ModelServer, use_model: Use) -> None:
    text, done = await answered(model_server, use_model, "<think>SECRET and no end")
    assert "SECRET" not in text
    assert done.answered_by == "quotes"


async def test_it_keeps_the_citations_of_an_answer_in_a_block_of_code(
    model_server: ModelServer, use_model: Use
) -> None:
    text, done = await answered(model_server, use_model, "```\n", f"{TRUE} [1].", "\n```")
    assert (text.strip(), done.cited) == (f"{TRUE} [1].", (1,))


LLAMA = {"error": {"code": 400, "message": "request (2900 tokens) exceeds the available context size (2048 tokens)"}}
LLAMA["error"] |= {"type": "exceed_context_size_error", "n_prompt_tokens": 2900, "n_ctx": 1600}
OPENAI = {
    "error": {"code": "context_length_exceeded", "message": "This model's maximum context length is 1600 tokens."}
}
UNTOLD = {"error": {"message": "prompt is too long", "type": "invalid_request_error"}}


@pytest.mark.parametrize("refusal", [LLAMA, OPENAI, UNTOLD])
async def test_it_asks_once_more_with_fewer_passages(
    model_server: ModelServer, use_model: Use, refusal: dict[str, object]
) -> None:
    use_model(model_server, first_token_timeout=20)
    model_server.refuse(refusal)
    model_server.say(f"{TRUE} [1].")
    assert last(await ask()).answered_by == "model"
    first, second = (body["max_tokens"] * 4 + len(str(body["messages"])) for body in model_server.bodies)
    assert second < first
    assert 'number="1"' in str(model_server.bodies[1]["messages"])


async def test_it_remembers_how_much_a_model_takes(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server, first_token_timeout=21)
    model_server.refuse(OPENAI)
    await ask()
    await ask()
    assert len(model_server.bodies) == 3
    assert model_server.bodies[1]["messages"] == model_server.bodies[2]["messages"]


async def test_it_gives_no_more_than_the_context_that_is_set(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server, context_tokens=1024)
    await ask()
    (body,) = model_server.bodies
    assert str(body["messages"][0]["content"]).count("<passage ") in {1, 2, 3}
    assert body["max_tokens"] >= 150
