"""What words do in talk: which of them mark a voice, which phrases stand for themselves."""

import pytest

from creators.persona.english import as_written, is_english, is_phrase
from creators.persona.habits import Manner, habits_of, hits


@pytest.mark.parametrize(
    "gram", ["keep in mind", "by the way", "you know", "in terms of", "really cool", "something like that"]
)
def test_it_takes_a_phrase_that_stands_for_itself(gram: str) -> None:
    assert is_phrase(gram)


@pytest.mark.parametrize(
    "gram", ["the sample rate", "a list of", "and then", "I think that", "we want to", "the the day", "it is the"]
)
def test_it_takes_neither_subjects_nor_what_waits_for_more(gram: str) -> None:
    assert not is_phrase(gram.casefold())


def test_it_writes_a_phrase_as_within_a_sentence() -> None:
    assert as_written("so i think i'd say okay") == "so I think I'd say okay"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("we look at it and then say what it is", True), ("wir schauen uns das dann an", False), ("", False)],
)
def test_it_knows_english(text: str, expected: bool) -> None:
    assert is_english(text.split()) is expected


@pytest.mark.parametrize(
    ("sentence", "mark"),
    [
        ("Isn’t that odd?", "question"),
        ("It’s like a spring that you wind up.", "compare"),
        ("For example, turn it down.", "example"),
        ("I think it’s kind of late.", "hedge"),
        ("It is not so.", "uncontracted"),
        ("So we go on.", "opens so"),
        ("That’s awesome.", "praise"),
    ],
)
def test_it_sees_what_marks_a_sentence(sentence: str, mark: str) -> None:
    assert hits(sentence)[mark]


def manner(*sentences: str, times: int = 100) -> Manner:
    found = Manner()
    for number in range(times):
        for sentence in sentences:
            found.add(sentence, work=number % 4)
    return found


def test_it_tells_of_a_habit_only_what_others_have_less() -> None:
    asking, plain = manner("Is it so?", "It was so."), manner("It was so, and it stays.")
    assert [one.told for one in habits_of(asking, plain, least_works=2)] == [
        "short sentences, about 3 words",
        "asks a question, one sentence in 2",
    ]
    assert habits_of(asking, asking, least_works=2) == []


def test_it_tells_no_habit_of_a_few_sentences() -> None:
    assert habits_of(manner("Is it so?", times=20), manner("It was so, and it stays."), least_works=2) == []


def test_it_tells_nothing_of_talk_without_stops() -> None:
    assert manner("so we go on and on " * 20).sentences == 0
