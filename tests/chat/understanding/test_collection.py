"""Questions about the collection, told by their wording, and what the catalogue answers of the demo."""

from datetime import date
from time import process_time

import pytest

from chat.events.events import Tier
from chat.grounding.markers import numbers_in
from chat.understanding.collection import Ask, subject_in
from chat.understanding.collection_rules import collection_question
from chat.understanding.orders import ALL, ANY_LENGTH, orders_in
from chat.understanding.reply import harmless
from tests.chat.asking import ask, joined, last, sources

TODAY = date(2026, 11, 28)
MARA = ("Reverb and space", "Loudness and delivery", "Compressing a lead vocal", "Low end without guesswork")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("what do you talk about?", Ask.TOPICS),
        ("list all your videos", Ask.LIST),
        ("what is your latest video about?", Ask.LIST),
        ("what did you publish between january and june 2025?", Ask.LIST),
        ("How many videos are there by NAME?", Ask.COUNT),
        ("how long is your egg timer video?", Ask.LENGTH),
        ("when did you publish FM from nothing?", Ask.DATE),
        ("how many times do you mention predelay?", Ask.MENTIONS),
        ("who talks about sidechain the most?", Ask.MENTIONS),
        ("Is there an episode on towns? which number", Ask.ABOUT),
        ("Which video has the kitchen clock of his mother in the name?", Ask.ABOUT),
        ("On which show was Julia White the guest?", Ask.APPEARANCES),
        ("who are your guests?", Ask.GUESTS),
        ("who else is here?", Ask.CREATORS),
        ("whose stuff is in the whole collection and how many of each", Ask.CREATORS),
        ("whats the oldest vid u have", Ask.LIST),
        ("oldest?", Ask.LIST),
        ("the whole catalog pls", Ask.LIST),
        ("which works are longer than 10 minutes", Ask.LIST),
        ("total no. of episodes pls", Ask.COUNT),
        ("how many bonus episodes are there?", Ask.COUNT),
        ("which episode has a guest or interviewer?", Ask.GUESTS),
        ("is there an episode with two people talking", Ask.GUESTS),
        ("where do you mention headphones", Ask.ABOUT),
        ("what year is your oldest video from", Ask.DATE),
        ("how long is it all together", Ask.LENGTH),
        ("average length of a video", Ask.LENGTH),
        ("tell me about NAME", Ask.TOPICS),
        ("is the filter lesson longer than the one on fm?", Ask.COMPARISON),
        ("which came first, the filter lesson or fm from nothing?", Ask.COMPARISON),
        ("episode 45, what is it?", Ask.WORK),
        ("how many videos came out each year?", Ask.YEARS),
        ("the egg timer one, how long?", Ask.LENGTH),
        ("your interview on loudness - when was it?", Ask.DATE),
        ("who here has something on bass?", Ask.ABOUT),
        ("the one where the kettle boils, what is it called?", Ask.ABOUT),
        ("I look for the talk where dither is discussed. How is it called?", Ask.ABOUT),
        ("I seem to recall the twins being on. Which number was that, if you would be so good?", Ask.ABOUT),
        ("what number's the home assistant episode", Ask.ABOUT),
        ("which tutorial would I need for grains? Number please.", Ask.ABOUT),
        ("is there one on bells or did i dream that", Ask.ABOUT),
        ("compare the fm lecture to the filters one: which is older?", Ask.COMPARISON),
        ("of the two lectures on video, which runs longer?", Ask.LIST),
        ("give me a table of all works with date and length", Ask.LIST),
        ("something short please, under 9 minutes", Ask.LIST),
        ("your third video", Ask.LIST),
        ("how many of her four are videos?", Ask.COUNT),
        ("which podcast has the most episodes here", Ask.COUNT),
        ("if i binge all his vids how long will it take me", Ask.LENGTH),
        ("when did NAME start publishing here?", Ask.DATE),
        ("who's the bloke interviewing her and where", Ask.GUESTS),
        ("what's in the filters lecture", Ask.WORK),
        ("what should I watch first?", Ask.TOPICS),
    ],
)
def test_it_knows_a_question_about_the_collection(text: str, wanted: Ask) -> None:
    found = collection_question(text, today=TODAY)
    assert found
    assert found.ask is wanted


@pytest.mark.parametrize(
    "text",
    [
        "Which compressor works on vocals?",
        "what clips on the master?",
        "how long should a kick be",
        "how long should a video intro be",
        "what is the latest you would put a de-esser",
        "in your last video, what did you say about loudness?",
        "What does the video on reverb say about predelay?",
        "list the four stages of an envelope",
        "when was FM invented",
        "how often should I use a limiter?",
        "I recall a ratio near 1.41, what number was it?",
        "what is the most useful thing about a limiter",
        "anything over 12 dB on the master?",
        "compare a plate and a hall",
        "what comes first, the EQ or the compressor in the chain of a third party?",
    ],
)
def test_it_leaves_a_question_about_what_is_said_to_the_search(text: str) -> None:
    assert collection_question(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "orders", "number"),
    [
        ("show me the three newest", ("newest",), 3),
        ("last 5 uploads", ("newest",), 5),
        ("the longest and the shortest video", ("longest", "shortest"), 1),
        ("all works, oldest first", ("oldest",), ALL),
        ("everything in order of release", ("oldest",), ALL),
        ("your stuff shortest video first, with lengths", ("shortest",), ALL),
        ("all works longest to shortest", ("longest",), ALL),
        ("episodes by length, shortest first", ("shortest",), ALL),
        ("rank your videos by length", ("longest",), ALL),
        ("sort everything by date, newest at the top", ("newest",), ALL),
        ("your third video", ("oldest",), 3),
    ],
)
def test_it_knows_how_many_are_meant_in_which_order(text: str, orders: tuple[str, ...], number: int) -> None:
    assert orders_in(text) == (orders, number)


@pytest.mark.parametrize(
    ("words", "subject"),
    [("bit about the meter", "meter"), ("stuff on dithering", "dithering"), ("sidechain, just the title", "sidechain")],
)
def test_it_strips_what_leads_up_to_a_topic(words: str, subject: str) -> None:
    assert subject_in(words) == subject


def test_it_reads_a_message_made_of_closes_at_once() -> None:
    began = process_time()
    assert subject_in(f"reverb{' and what is it called' * 12} compression").startswith("reverb")
    assert process_time() - began < 1


@pytest.mark.parametrize("text", [f"videos longer than {'9' * 400} minutes", f"something over {'9' * 400} hours"])
def test_it_takes_no_number_without_end_for_a_length(text: str) -> None:
    question = collection_question(text, today=TODAY)
    assert question is None or question.seconds == ANY_LENGTH


def test_it_reads_a_message_made_of_guests_at_once() -> None:
    began = process_time()
    assert collection_question(f"which video is jonas{' a guest' * 24} there", today=TODAY) is not None
    assert process_time() - began < 1


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
class TestAnswers:
    @pytest.mark.parametrize(
        ("query", "creator", "said"),
        [
            ("what do you talk about?", "mara-lindqvist", MARA),
            ("list all your videos", "mara-lindqvist", MARA),
            ("how many videos have you made?", "mara-lindqvist", ("4 works", "2 videos")),
            ("what is your latest video about?", "mara-lindqvist", ("Reverb and space", "2 September 2025")),
            ("which works came out in 2024?", "mara-lindqvist", ("Low end without guesswork", "Counted over 4 works.")),
            ("when did you publish FM from nothing?", "ilse-brandt", ("9 February 2025",)),
            ("how long is your egg timer video?", "dez-okafor", ("8 min",)),
            ("how often do you say jollof", "dez-okafor", ("2 times", "2 of 4 works", "Counted over 4 works.")),
            ("How many works are there by Dez?", "mara-lindqvist", ("Dez Okafor", "4 works")),
            ("in which episode is Jonas Hale a guest?", "mara-lindqvist", ("Loudness and delivery",)),
            ("show me articles only, no video", None, ("there are 3 articles", "Counted over 12 works.")),
            ("which works are longer than 12 minutes", None, ("at least 12 min", "Loudness and delivery")),
            ("how many loudness episodes", "mara-lindqvist", ("1 work has “loudness” in the title",)),
            ("Do you have something about FM synthesis?", "ilse-brandt", ("The nearest:", "FM from nothing")),
            ("do you have a vidoe about revreb", "mara-lindqvist", ("About “reverb”", "Reverb and space")),
            ("how meny works are by u", "mara-lindqvist", ("4 works",)),
            ("anything newer than june 2025?", None, ("Rap vocals my way", "3 works newer than June 2025")),
            ("anything to read instead of watch?", None, ("3 articles and 1 text", "Grains and tables")),
            ("I'd rather listen, what have you got?", "mara-lindqvist", ("To watch or hear", "1 article")),
            ("who is speaking in the loudness one?", "mara-lindqvist", ("Jonas Hale", "Mara Lindqvist")),
            ("who hosts this?", None, ("3 creators can be asked", "Dez Okafor", "Ilse Brandt")),
            ("how often do you publish?", "ilse-brandt", ("one about every", "Designing a patch")),
            ("what are the chapters of the reverb article?", "mara-lindqvist", ("The chapters of “Reverb and space”",)),
            ("who besides Mara talks about bass?", None, ("of Dez Okafor and Ilse Brandt", "Rap vocals my way")),
            ("so how big is this collection", None, ("12 works", "7 videos")),
            ("is the fm video longer than the kick one?", None, ("“FM from nothing” is the longer one", "9:")),
            ("is the fm video newer than the kick one?", None, ("“Kick and 808: who eats first” is the newer one.",)),
            ("the swing lesson: how long and when?", "dez-okafor", ("10 min", "13 June 2025")),
            ("is jonas in more than one of these?", None, ("Jonas Hale speaks in “Loudness and delivery”",)),
            ("anything from june?", None, ("3 works from June", "Loudness and delivery", "Grains and tables")),
            ("your two latest, please", "ilse-brandt", ("The newest 2 works", "Designing a patch", "FM from nothing")),
            ("how many works came out each year?", None, ("2025: 9 works", "2024: 3 works")),
            ("do you have episode 45?", "mara-lindqvist", ("is numbered 45",)),
            ("what came out in 2024, and is there anything on swing?", None, ("3 works in 2024", "About “swing”")),
            ("did u post something on 2 may 2025", "dez-okafor", ("1 work on 2 May 2025", "Kick and 808")),
            (
                "the longest work in September 2025",
                "mara-lindqvist",
                ("no lengths for the works of Mara Lindqvist in September 2025",),
            ),
            ("anything added since October 2025?", None, ("nothing by everyone here since October 2025", "over 12")),
            ("how long's the swing video? got a bus to catch", "dez-okafor", ("lasts 10 min",)),
            ("which work is about sidechain, and who speaks there?", None, ("“sidechain”", "Kick and 808")),
            ("shortest video first, with lengths", "dez-okafor", ("the shortest first", "8:26", "without a length")),
            ("of your two videos, which is longer?", "ilse-brandt", ("The longest 2 videos", "11:24")),
            ("compare the fm lecture to the filters one", "ilse-brandt", ("is the newer and the longer one", "11:14")),
            ("what's in the filters lecture?", "ilse-brandt", ("“Filters and envelopes”", "which begins")),
            ("something under 9 minutes please", None, ("at most 9 min", "A beat in twenty minutes")),
            ("u got anything besides videos or is that it", "mara-lindqvist", ("2 videos, 1 article and 1 recording",)),
            ("how up to date are you?", "mara-lindqvist", ("Reverb and space", "Counted over 4 works.")),
            ("who can I ask here?", None, ("Mara Lindqvist", "Dez Okafor", "Ilse Brandt", "Counted over 12 works.")),
        ],
    )
    async def test_it_answers_from_the_catalogue(self, query: str, creator: str | None, said: tuple[str, ...]) -> None:
        events = await ask(query, creator=creator)
        done = last(events)
        assert (done.answered_by, done.understood.kind, done.coverage) == ("catalogue", "collection", "full")
        assert all(words in joined(events) for words in said), joined(events)

    async def test_it_hears_a_second_question_that_only_asks_on(self) -> None:
        done = last(await ask("Do you keep what I type here? Who can read it?", creator=None))
        assert done.answered_by == "conversation"

    async def test_it_says_once_what_two_questions_ask(self) -> None:
        events = await ask("how many videos have you got up, and how many articles", creator="dez-okafor")
        assert joined(events).count("3 videos and 1 article") == 1

    async def test_it_links_each_row_to_its_work(self) -> None:
        events = await ask("list all your videos")
        done = last(events)
        assert set(numbers_in(joined(events))) == set(done.cited) == {one.number for one in sources(events).sources}
        assert all(one.url.startswith("/w/") for one in done.citations)
        assert all(f"[{one.number}]" in joined(events)[one.start : one.end] for one in done.citations)

    async def test_it_names_nobody_elses_works(self) -> None:
        events = await ask("list all your videos")
        assert {one.creator_slug for one in sources(events).sources} == {"mara-lindqvist"}
        assert last(events).cascade_tier is Tier.CREATOR

    async def test_it_cites_the_sentence_that_mentions_a_word(self) -> None:
        done = last(await ask("how often do you say jollof", creator="dez-okafor"))
        assert all("jollof" in citation.quote for citation in done.citations)

    async def test_it_searches_where_a_title_is_not_known(self) -> None:
        assert last(await ask("how long is the episode on bagpipes?")).understood.kind == "question"


@pytest.mark.parametrize("text", ["a `[1]` b", "`", "```\ncode", "[3] first", "~~~"])
def test_it_lets_no_title_begin_code_or_a_marker(text: str) -> None:
    assert numbers_in(f"{harmless(text)} [2]") == (2,)
