"""Questions that compare creators: in what, and both sides of the answer."""

import pytest

from chat.understanding.comparing import compared_subject
from tests.chat.asking import ask, joined, last, sources


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("how do NAME and NAME differ on compressing vocals?", "compressing vocals"),
        ("What is the difference between NAME's and NAME's view on loudness?", "loudness"),
        ("NAME vs NAME on layering sounds", "layering sounds"),
        ("Compare NAME and NAME: who should win, the kick or the bass?", "who should win, the kick or the bass"),
        ("How do NAME and NAME differ?", ""),
        ("who high passes more, NAME or NAME?", "who high passes"),
        ("How much does each of them duck the bass, NAME vs NAME?", "How much duck the bass"),
        ("echo: what cut does NAME use, what does NAME use", "echo: what cut"),
        ("What to do with a boomy pad according to NAME, and according to NAME?", "What to do with a boomy pad"),
        ("Why test, in the words of NAME and of The Log (NAME)?", "Why test"),
        ("who should win, NAME or NAME?", "who should win"),
    ],
)
def test_it_knows_what_is_compared(text: str, subject: str) -> None:
    assert compared_subject(text) == subject


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
class TestAnswers:
    @pytest.mark.parametrize(
        ("query", "creator"),
        [
            ("Compare Mara and Dez: who should win, the kick or the bass?", None),
            ("What is the difference between Mara's and Dez's view on loudness?", None),
            ("How does that compare with what Dez says about loudness?", "mara-lindqvist"),
        ],
    )
    async def test_it_sets_creators_side_by_side(self, query: str, creator: str | None) -> None:
        events = await ask(query, creator=creator)
        assert last(events).understood.kind == "comparison"
        _, mara, dez = joined(events).replace("**Dez Okafor**", "**Mara Lindqvist**").split("**Mara Lindqvist**")
        cited = {one.number: one.creator for one in sources(events).sources}
        assert all("[" in part for part in (mara, dez))
        assert {cited[number] for number in last(events).cited} == {"Mara Lindqvist", "Dez Okafor"}

    async def test_it_says_who_has_nothing_on_it(self) -> None:
        events = await ask("Do Ilse and Mara agree about granular synthesis?", creator=None)
        assert "Nothing by Mara Lindqvist here answers that." in joined(events)

    @pytest.mark.parametrize(
        "query",
        [
            "Is boring good? Mara or Dez, who says what",
            "Is there anything on which Mara and Dez see eye to eye, for example deep bass in mono?",
            "low cuts... what does lindqvist say and what does okafor say",
        ],
    )
    async def test_it_knows_a_comparison_whatever_it_sounds_like(self, query: str) -> None:
        assert last(await ask(query, creator=None)).understood.kind == "comparison"
