"""Small talk within a conversation: answered at once, the last answer again or shorter, and no part of a follow-up."""

import pytest
from pytest_django import Settings

from chat.events.events import Tier
from chat.events.messages import MESSAGES
from chat.understanding.catalogue import Collection
from chat.understanding.conversation import conversation_reply
from chat.understanding.phrases import Talk
from chat.understanding.small_talk import says_trade_words, small_talk_like
from tests.chat.asking import VOCAL, ask, joined, last, new_conversation, sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


async def test_it_greets_and_says_what_can_be_asked() -> None:
    events = await ask("hi")
    done = last(events)
    assert (done.answered_by, done.cascade_tier, sources(events).sources) == ("conversation", Tier.CREATOR, ())
    assert "Mara Lindqvist" in joined(events)
    assert {one.creator_slug for one in done.suggestions} == {"mara-lindqvist"}


async def test_it_quotes_nobody_for_thanks() -> None:
    conversation = new_conversation()
    await ask(VOCAL, conversation_id=conversation)
    events = await ask("thanks!", conversation_id=conversation)
    assert (sources(events).sources, last(events).citations) == ((), ())


@pytest.mark.parametrize("said", ["are you really Mara?", "are you chris krycho?"])
async def test_it_says_that_it_is_no_person(said: str) -> None:
    assert "not Mara Lindqvist in person" in joined(await ask(said))


@pytest.mark.parametrize("said", ["are you synthesising?", "are you sidechaining?"])
async def test_it_takes_no_english_word_for_a_name(said: str) -> None:
    assert "in person" not in joined(await ask(said))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("play the hats late", "question"),
        ("which mic for rap", "question"),
        ("does this run on a tablet?", "small_talk"),
    ],
)
async def test_it_searches_what_has_a_word_of_the_trade(said: str, kind: str) -> None:
    understood = last(await ask(said, creator="dez-okafor")).understood
    assert understood is not None
    assert understood.kind == kind


@pytest.mark.parametrize("said", ["you'll see, they're fine", "don't, isn’t", "NAME"])
def test_it_takes_no_contraction_for_a_word_of_the_trade(said: str) -> None:
    assert not says_trade_words(said)


def test_it_knows_no_word_of_the_trade_without_the_list_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert says_trade_words("the kick’s hats")
    monkeypatch.setattr("chat.understanding.small_talk.share_in_books", lambda word: 0.0)
    assert not says_trade_words("the kick’s hats")


def test_it_asks_for_no_word_of_the_trade_where_no_small_talk_is_heard() -> None:
    def ask_corpus(text: str) -> bool:
        raise AssertionError(text)

    assert small_talk_like("set the predelay by ear", is_of_trade=ask_corpus) is None


async def test_it_says_how_long_conversations_are_kept(settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    assert "30 days" in joined(await ask("are my messages being stored somewhere?"))


def test_it_says_who_sees_a_question(settings: Settings) -> None:
    settings.CHAT_MODELS = ()
    alone = conversation_reply(Talk.PRIVACY, Collection(None), last=None).text
    settings.CHAT_MODELS = ("some",)
    assert "Whoever runs the site can read them" in alone
    assert conversation_reply(Talk.PRIVACY, Collection(None), last=None).text.removeprefix(alone) == (
        f" {MESSAGES['talk_sent']}"
    )


async def test_it_says_that_nothing_is_kept(settings: Settings) -> None:
    settings.KEEP_CONVERSATIONS = False
    assert "No conversation is stored" in joined(await ask("are my messages being stored somewhere?"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("nvm figured it out", "All right."),
        ("asdfghjkl", "nothing that can be looked for"),
        ("how do I reach Mara?", "passed on to Mara Lindqvist"),
        ("can I write to you in German?", "best in English"),
        ("do I have to pay for this?", "costs nothing"),
        ("you there?", "Yes, this works."),
        ("how are you?", "no good or bad days"),
        ("how do I delete my data?", "“Delete” beside a conversation"),
        ("should I sue my landlord", "somebody who knows your case"),
        ("why do you write like that", "Set the voice to “Neutral”"),
        ("which llm is this", "no language model"),
        ("your page won't load", "The cause can’t be seen from here"),
        ("are you Jonas or somebody else?", "A program answers here, no person"),
        ("ugh, what a rotten day", "Sorry to hear that"),
        ("I passed my exam!", "good to hear"),
        ("merry christmas to all", "the same to you"),
        ("does this run on my phone?", "“Export” saves it"),
        ("how do I cite this in my thesis?", "Cite the work itself"),
        ("what's the weather in Leeds tomorrow", "no weather"),
    ],
)
async def test_it_answers_what_is_asked_of_the_page_itself(query: str, said: str) -> None:
    assert said in joined(await ask(query))


async def test_it_takes_up_the_answer_that_was_wrong() -> None:
    conversation = new_conversation()
    await ask(VOCAL, conversation_id=conversation)
    assert VOCAL in joined(await ask("no, that's wrong", conversation_id=conversation))


async def test_it_repeats_the_last_answer_with_its_receipts() -> None:
    conversation = new_conversation()
    first = await ask(VOCAL, conversation_id=conversation)
    await ask("thanks", conversation_id=conversation)
    again = await ask("can you repeat that?", conversation_id=conversation)
    assert joined(again) == joined(first)
    assert last(again).citations == last(first).citations
    assert sources(again).sources == sources(first).sources


async def test_it_makes_the_last_answer_shorter() -> None:
    conversation = new_conversation()
    first = await ask("How do I compress a lead vocal?", conversation_id=conversation)
    short = await ask("shorter please", conversation_id=conversation)
    assert len(joined(short)) < len(joined(first))
    assert last(short).citations
    assert all(joined(short)[one.start : one.end].endswith(f"[{one.number}]") for one in last(short).citations)


async def test_it_lists_the_sources_of_the_last_answer() -> None:
    conversation = new_conversation()
    first = await ask(VOCAL, conversation_id=conversation)
    asked = await ask("where did you get that from?", conversation_id=conversation)
    assert last(asked).cited == last(first).cited


async def test_it_says_that_there_is_nothing_to_repeat() -> None:
    assert "Nothing was answered before" in joined(await ask("repeat that please"))


async def test_it_finds_a_follow_up_past_small_talk() -> None:
    plain, talked = new_conversation(), new_conversation()
    for conversation in (plain, talked):
        await ask("How do I compress a lead vocal?", conversation_id=conversation)
    await ask("thanks!", conversation_id=talked)
    one, other = [await ask("and the release?", conversation_id=conversation) for conversation in (plain, talked)]
    assert sources(one).sources[0].excerpt == sources(other).sources[0].excerpt
