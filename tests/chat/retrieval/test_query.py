from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from chat.retrieval.query import query_in_context, without_names


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Give each text an axis of its own."""
    return np.eye(8, dtype=np.float32)[: len(texts)]


def share_of_history(query: str) -> float:
    """Return how much of a follow-up's vector, by its length, comes from what was said."""
    vector = query_in_context(query, earlier=["Which ratio?"], last_answer="3:1.", space="s", embed=embed).vector
    return float(np.linalg.norm(vector[1:]))


def test_it_leaves_the_first_question_alone() -> None:
    searched = query_in_context("And now?", earlier=(), last_answer="", space="s", embed=embed)
    assert searched.vector.tolist() == embed(["And now?"])[0].tolist()
    assert searched.context == ""


@pytest.mark.parametrize("query", ["And on vocals?", "Why?", "Et pour la basse ?", "Which one suits a snare drum?"])
def test_it_mixes_what_was_said_into_a_follow_up(query: str) -> None:
    searched = query_in_context(query, earlier=["Which ratio?"], last_answer="3:1.", space="s", embed=embed)
    own, glued, _, answered = searched.vector[:4].tolist()
    assert own > glued > 0
    assert answered == pytest.approx(glued)


def test_it_mixes_less_the_more_a_question_says_itself() -> None:
    shares = [
        share_of_history(query) for query in ("And on vocals?", "And on backing vocals?", "On loud backing vocals?")
    ]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == len(shares)


def test_it_never_lets_what_was_said_outweigh_the_question() -> None:
    assert share_of_history("Why?") == share_of_history("And that one?") < np.sqrt(0.5)


def test_it_counts_no_word_as_its_own_that_points_at_another() -> None:
    assert share_of_history("Do they tune the drums for him?") == share_of_history("tune drums")


def test_it_leaves_a_question_alone_that_changes_the_subject() -> None:
    query = "Which attack time suits a lead vocal?"
    searched = query_in_context(query, earlier=["Who was Bach?"], last_answer="A composer.", space="s", embed=embed)
    assert searched.vector.tolist() == embed([query])[0].tolist()
    assert searched.context == ""


def test_it_mixes_into_a_whole_question_that_stays_with_the_subject() -> None:
    def near(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[1, 0], [0.6, 0.8], [0.6, 0.8]], np.float32)[: len(texts)]

    searched = query_in_context(
        "Which attack time suits a lead vocal?", earlier=["A?"], last_answer="", space="s", embed=near
    )
    assert 0 < searched.vector[1] < searched.vector[0]


def test_it_takes_the_last_three_questions_as_context() -> None:
    searched = query_in_context("And then?", earlier=["A?", "B?", "C?", "D?"], last_answer="", space="s", embed=embed)
    assert searched.context == "B?\nC?\nD?"


def test_it_keeps_the_mixed_vector_at_length_one() -> None:
    searched = query_in_context("And on vocals?", earlier=["Which ratio?"], last_answer="3:1.", space="s", embed=embed)
    assert np.linalg.norm(searched.vector) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("What does Ilse Brandt say about patches?", "What does say about patches?"),
        ("What is ilse's favourite ratio?", "What is favourite ratio?"),
        ("Is Ilsebrandt a place?", "Is Ilsebrandt a place?"),
    ],
)
def test_it_takes_the_name_of_who_is_asked_out_of_the_question(query: str, left: str) -> None:
    assert without_names(query, ["Ilse Brandt", "Ilse"]) == left


def test_it_keeps_a_question_that_is_nothing_but_the_name() -> None:
    assert (
        query_in_context("Ilse?", earlier=(), last_answer="", space="s", embed=embed, names=["Ilse?"]).text == "Ilse?"
    )
