from dataclasses import replace

from chat.conversations.stored import State, StoredConversation, StoredTurn
from chat.events.turn import ANYONE, TurnHead
from chat.rendering.markdown import conversation_markdown, turn_markdown, turn_text
from tests.chat.conversations.rows import NOW
from tests.chat.sample_turns import ANSWER, SOURCES, TURN, done, source

SITE = "https://site.example"
HEAD = TurnHead(TURN, TURN, ANYONE, "How much\npre-delay?", creator="mara-lindqvist", creator_name="Mara Lindqvist")
PAST = StoredTurn(
    head=HEAD,
    number=1,
    answer=ANSWER,
    sources=SOURCES,
    done=done(),
    state=State.ANSWERED,
    created=NOW,
    ended=NOW,
)


def test_it_makes_the_question_the_heading_of_its_answer() -> None:
    heading, answer = turn_markdown(PAST, site=SITE).split("\n\n")[:2]
    assert heading == "# How much pre-delay?"
    assert answer.startswith("Keep the pre-delay between 20 and 40 ms. [1]")


def test_it_lists_each_citation_with_who_said_it_where_and_how_well_it_holds() -> None:
    assert (
        "- [2] Dez Okafor, *Fast songs*, [0:12](<https://vimeo.com/123/0a1b2c#t=10s>): “On some fast songs I go down to"
        " 10.” (Only partly in the source. The source says this only of some songs.)\n"
    ) in turn_markdown(PAST, site=SITE)


def test_it_opens_here_what_has_no_address_of_its_own() -> None:
    assert "[open](<https://site.example/w/reverb-and-space?say=" in turn_markdown(PAST, site=SITE)


def test_it_says_whose_words_they_are() -> None:
    assert "*Asked of Mara Lindqvist. From everyone here.*" in turn_markdown(PAST, site=SITE)


def test_it_says_that_a_question_was_not_answered() -> None:
    failed = replace(PAST, answer="", done=None, sources=(), state=State.FAILED)
    assert turn_markdown(failed, site=SITE) == "# How much pre-delay?\n\n*This question was not answered.*\n"


def test_it_lets_no_title_or_quote_become_formatting() -> None:
    titled = source(1, "A ](http://e.example) <b>\n# title", "*Mara*", url="https://e.example/a)b>c")
    markdown = turn_markdown(replace(PAST, sources=(titled, *SOURCES[1:])), site=SITE)
    assert "*A \\](http\\://e.example) \\<b\\> # title*" in markdown
    assert "\\*Mara\\*" in markdown


def test_it_puts_several_questions_under_one_title() -> None:
    other = replace(PAST, head=replace(HEAD, query="And?"))
    conversation = StoredConversation(conversation_id=TURN, title="Reverb", turns=(PAST, other))
    lines = [line for line in conversation_markdown(conversation, site=SITE).split("\n") if line.startswith("#")]
    assert lines == ["# Reverb", "## How much pre-delay?", "## And?"]


def test_it_gives_one_answer_as_plain_text_with_its_citations() -> None:
    text = turn_text(PAST, site=SITE)
    assert ANSWER in text
    assert "\n[2] Dez Okafor, “Fast songs”, 0:12, https://vimeo.com/123/0a1b2c#t=10s (Only partly in" in text
