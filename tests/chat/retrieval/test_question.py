from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from chat.retrieval.question import leans, nameless, probe_for


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Give each text an axis of its own."""
    return np.eye(8, dtype=np.float32)[: len(texts)]


@pytest.mark.parametrize(
    "query", ["And on vocals?", "What about pads?", "Why?", "Does it work on drums too?", "at 140?"]
)
def test_it_sees_that_a_question_leans_on_what_came_before(query: str) -> None:
    assert leans(query)


@pytest.mark.parametrize(
    "query",
    [
        "Which attack time suits a lead vocal?",
        "Which microphone should I buy?",
        "How do I tune an 808 sample to the key of a song?",
    ],
)
def test_it_sees_that_a_question_stands_alone(query: str) -> None:
    assert not leans(query)


def test_it_leaves_a_question_alone_that_stands_alone() -> None:
    query = "Which attack time suits a lead vocal?"
    probe = probe_for(query, asked=["How loud?"], answered="Minus 14.", space="s", embed=embed)
    assert probe.vector.tolist() == embed([query])[0].tolist()
    assert probe.context == ""


def test_it_leaves_the_first_question_alone() -> None:
    assert probe_for("And now?", asked=(), answered="", space="s", embed=embed).context == ""


def test_it_mixes_what_was_said_into_a_leaning_question() -> None:
    probe = probe_for("And on vocals?", asked=["Which ratio?"], answered="3:1.", space="s", embed=embed)
    own, asked, answered = probe.vector[:3].tolist()
    assert own > asked > answered > 0


def test_it_keeps_the_mixed_vector_at_length_one() -> None:
    probe = probe_for("And on vocals?", asked=["Which ratio?"], answered="3:1.", space="s", embed=embed)
    assert np.linalg.norm(probe.vector) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("What does Ilse Brandt say about patches?", "What does say about patches?"),
        ("What is ilse's favourite ratio?", "What is favourite ratio?"),
        ("Is Ilsebrandt a place?", "Is Ilsebrandt a place?"),
    ],
)
def test_it_takes_the_name_of_who_is_asked_out_of_the_question(query: str, left: str) -> None:
    assert nameless(query, ["Ilse Brandt", "Ilse"]) == left


def test_it_keeps_a_question_that_is_nothing_but_the_name() -> None:
    assert probe_for("Ilse?", asked=(), answered="", space="s", embed=embed, names=["Ilse?"]).text == "Ilse?"
