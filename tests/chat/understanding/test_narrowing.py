"""Titles, dates and speakers that help to find, and never trap; and the language of a question."""

import pytest

from chat.understanding.language import language_of
from tests.chat.asking import ask, last, sources

LOW_END, REVERB, LOUDNESS = "low-end-without-guesswork", "reverb-and-space", "loudness-and-delivery"


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
class TestAnswers:
    @pytest.mark.parametrize(
        ("query", "work"),
        [
            ("What does Low end without guesswork say about mono?", LOW_END),
            ("in the episode on reverb, what did you say about predelay", REVERB),
            ("what did Jonas say about loudness?", LOUDNESS),
            ("what did you say in 2024 about bass?", LOW_END),
            ("in your last work, what did you say about delay?", REVERB),
        ],
    )
    async def test_it_looks_first_where_the_question_says(self, query: str, work: str) -> None:
        events = await ask(query)
        assert last(events).understood.works == (work,)
        assert {one.work for one in sources(events).sources} == {work}
        assert any(note.startswith("Searched in") for note in last(events).understood.notes)

    async def test_it_quotes_nobody_but_the_speaker_it_is_asked_about(self) -> None:
        done = last(await ask("What did Jonas say about loudness?"))
        assert {one.speaker for one in done.citations} == {"Jonas Hale"}

    async def test_it_looks_elsewhere_where_nothing_is_there_and_says_so(self) -> None:
        events = await ask("in your last video, what did you say about the LUFS that a streaming service wants?")
        assert sources(events).sources
        assert last(events).understood.works == ()
        assert any(note.startswith("Nothing in “Reverb and space”") for note in last(events).understood.notes)

    async def test_it_does_not_narrow_to_what_nobody_has_published(self) -> None:
        done = last(await ask("in the episode on bagpipes, what ratio do you use on a lead vocal?"))
        assert (done.understood.works, done.understood.notes) == ((), ())
        assert done.cited

    async def test_it_searches_whom_the_question_names(self) -> None:
        events = await ask("At what level does Dez master his beats?", creator=None)
        assert {one.creator_slug for one in sources(events).sources} == {"dez-okafor"}

    async def test_it_says_that_the_question_is_in_another_language(self) -> None:
        done = last(await ask("Wie laut soll ein Master für Streaming sein?"))
        assert any("in German" in note for note in done.understood.notes)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie laut soll ein Master sein?", "de"),
        ("comment accorder une 808 ?", "fr"),
        ("¿Qué es la síntesis granular?", "es"),
        ("Hoe stem je een 808 op de toonsoort?", "nl"),
        ("グラニュラー合成とは何ですか", "ja"),
        ("как настроить компрессор", "ru"),
        ("what is a Lied in die Kunst", "en"),
        ("kick de la soul sample", "en"),
        ("compressor", "en"),
    ],
)
def test_it_knows_a_language_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language
