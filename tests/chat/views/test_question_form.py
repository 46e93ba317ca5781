"""The question's form as a page without script sends it."""

import pytest
from django.http import QueryDict

from chat.events.turn import MAX_QUERY, Question
from chat.views.home import QuestionForm
from chrysopedia.core.errors import Problem


def question(**fields: str) -> Question:
    data = QueryDict(mutable=True)
    data.update(fields)
    return QuestionForm.sent(data).question()


def test_it_asks_everyone_in_no_voice_where_only_a_question_is_sent() -> None:
    assert question(query=" Why? ") == Question("Why?")


def test_it_counts_a_line_break_as_one_character() -> None:
    assert len(question(query="\r\n".join(["x"] * (MAX_QUERY // 2)) + "x").query) == MAX_QUERY


def test_it_begins_a_conversation_where_the_id_is_mistyped() -> None:
    assert question(query="Why?", conversation_id="nope").conversation_id is None


def test_it_takes_an_example_with_its_creator() -> None:
    assert question(query="typed", creator="dez", example="mara Why?") == Question("Why?", creator="mara")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", "a\0b"),
        ("query", "\u202e\u200b"),
        ("creator", "a\0b"),
        ("personality_weight", "nan"),
        ("personality_weight", "1.1"),
    ],
)
def test_it_refuses_what_no_browser_sends(field: str, value: str) -> None:
    with pytest.raises(Problem) as refused:
        question(**{"query": "Why?", field: value})
    assert refused.value.errors[0].field == field


def test_it_lets_a_thousand_emoji_be_typed() -> None:
    assert len(("🎛" * MAX_QUERY).encode("utf-16-le")) // 2 == QuestionForm.MAX_TYPED
