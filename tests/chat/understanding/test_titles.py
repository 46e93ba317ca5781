"""Works that words of a message name, in the demo."""

import pytest

from chat.understanding.titles import MOST_WORDS, number_in, without_number, works_called, works_titled

pytestmark = pytest.mark.usefixtures("corpus")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("egg timer lol 20 min", "A beat in twenty minutes, with my mother's egg timer"),
        ("the swing lesson", "Why your beat does not dance: swing, ghosts and the late clap"),
        ("fm lesson", "FM from nothing"),
        ("loudnes interview", "Loudness and delivery"),
    ],
)
def test_it_finds_the_work_by_its_telling_words(words: str, title: str) -> None:
    assert [work.title for work in works_called(words, creators=())] == [title]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["tail of the 808 sub and its release", "", "video"])
def test_it_finds_none_by_too_few_of_the_words(words: str) -> None:
    assert works_called(words, creators=()) == []


@pytest.mark.django_db
def test_it_looks_for_no_work_by_a_whole_message() -> None:
    words = "egg timer beat " + " ".join(f"word{number}" for number in range(MOST_WORDS))
    assert works_titled(words, creators=(), least=0.01) == []
    assert works_called(words, creators=()) == []


@pytest.mark.django_db
def test_it_finds_a_work_by_the_name_of_its_file() -> None:
    found = works_titled("swing drums", creators=())
    assert [work.slug for work in found] == ["why-your-beat-does-not-dance-swing-ghosts-and-the-late-clap"]
    assert works_titled("swing drums", creators=(), with_files=False) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("episode 45?", 45),
        ("what is #7", 7),
        ("no. 12", 12),
        ("episode of 20 minutes", None),
        ("show 10 minutes", None),
    ],
)
def test_it_reads_the_number_that_names_a_work(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_it_leaves_the_rest_of_a_numbered_question() -> None:
    assert without_number("what is episode 45 about").split() == ["what", "is", "about"]
