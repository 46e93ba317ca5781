"""Questions made of titles."""

import pytest

from chat.catalogue.questions import questions_from_titles, topic_of


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Compressing a lead vocal", "compressing a lead vocal"),
        ("Kick and 808: who eats first", "kick and 808"),
        ("FM from nothing", "FM from nothing"),
        ("Compressing A Lead Vocal", "compressing a lead vocal"),
        ("A beat in twenty minutes, with my mother's egg timer", "a beat in twenty minutes"),
        ("Why your beat does not dance", ""),
        ("Episode 12", ""),
        ("Reverb", ""),
    ],
)
def test_it_takes_a_topic_from_a_title(title: str, topic: str) -> None:
    assert topic_of(title) == topic


def test_it_asks_only_what_is_answered(corpus: None) -> None:
    works = [
        ("The price of fish in Lisbon", "Mara Lindqvist", "mara-lindqvist"),
        ("Compressing a lead vocal", "Mara Lindqvist", "mara-lindqvist"),
    ]
    assert [example.query for example in questions_from_titles(works)] == [
        "What does Mara Lindqvist say about compressing a lead vocal?"
    ]


def test_it_lets_creators_take_turns(corpus: None) -> None:
    mara = [(title, "Mara Lindqvist", "mara-lindqvist") for title in ("Reverb and space", "Loudness and delivery")]
    found = questions_from_titles([*mara, ("Kick and 808", "Dez Okafor", "dez-okafor")])
    assert [example.creator_slug for example in found] == ["mara-lindqvist", "dez-okafor", "mara-lindqvist"]
