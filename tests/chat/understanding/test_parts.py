"""Questions of several parts, and creators compared."""

import pytest

from chat.understanding.parts import compared_subject, split_parts
from tests.chat.asking import ask, joined, last, sources


@pytest.mark.parametrize(
    "text",
    [
        "What ratio for vocals and how long a pre-delay?",
        "How long is a grain? And how many frames has a wavetable?",
        "what attack for a vocal compressor; how many dB for the ceiling?",
        "Which filter slope for basses, and who invented the wavetable?",
        "how do I tune an 808? also, should it be mono?",
        "do I need to treat my room? and if I can't, are headphones fine?",
        "what is swing and how do I set its amount on the hats?",
    ],
)
def test_it_splits_a_question_of_two_parts(text: str) -> None:
    assert len(split_parts(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "What ratio and attack does she use on a lead vocal?",
        "What is pre-delay and how does it work?",
        "What is integrated loudness and why does it matter?",
        "How do attack and decay shape a sound?",
        "kick and bass, who wins and why?",
        "thanks, and how do you mic a snare?",
        "Where do you set the de-esser, and does it go before or after compression?",
    ],
)
def test_it_leaves_one_question_whole(text: str) -> None:
    assert split_parts(text) == ()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("how do NAME and NAME differ on compressing vocals?", "compressing vocals"),
        ("What is the difference between NAME's and NAME's view on loudness?", "loudness"),
        ("NAME vs NAME on layering sounds", "layering sounds"),
        ("Compare NAME and NAME: who should win, the kick or the bass?", "who should win, the kick or the bass"),
        ("How do NAME and NAME differ?", ""),
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

    async def test_it_answers_part_by_part(self) -> None:
        events = await ask("How long is a grain? And how many frames has a wavetable?", creator="ilse-brandt")
        assert last(events).understood.kind == "parts"
        first, second = joined(events).split("**How many frames has a wavetable?**")
        assert "**How long is a grain?**" in first
        assert all("[" in part for part in (first, second))

    async def test_it_makes_no_claim_of_a_label(self) -> None:
        events = await ask("How long is a grain? And how many frames has a wavetable?", creator="ilse-brandt")
        assert last(events).grounding.bare == ()
