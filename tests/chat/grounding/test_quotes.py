from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chat.grounding.quotes import as_pieces, best_quotes
from chat.grounding.words import stem
from chat.values import Passage
from creators.timing import Mark
from tests.chat.passages import TEXT, passage

INTERVIEW = "Jonas: Which ratio do you use then? Mara: I use three to one on every single voice."
SPEAKERS = (
    Mark(0, 0.0, 0.0, "Jonas"),
    Mark(7, 0.0, 4.0, "Jonas"),
    Mark(36, 4.0, 4.0, "Mara"),
    Mark(42, 4.0, 9.0, "Mara"),
)


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Give all texts the same vector: the words alone decide."""
    return np.ones((len(texts), 1), np.float32)


def quoted(passages: Sequence[Passage], *terms: str, query: str = "What?", asked: str = "", said: str = "") -> str:
    weights = {stem(term): 1.0 for term in terms}
    vector = np.ones(1, np.float32)
    quotes = best_quotes(passages, query=query, question=vector, weights=weights, embed=embed, said=said)
    return "".join(as_pieces(quotes, passages, asked=asked))


def test_it_quotes_the_sentence_with_the_questions_words() -> None:
    assert quoted([passage()], "attack", asked="mara-lindqvist").startswith("“The attack is 20 ms.” [1]")


def test_it_prefers_a_figure_where_one_is_asked_for() -> None:
    text = "The attack matters a great deal. The attack is 20 ms."
    assert quoted([passage(text=text)], "attack", query="How long is the attack?").startswith(
        "Mara Lindqvist: “The attack is 20"
    )


def test_it_names_who_speaks_where_another_was_asked() -> None:
    assert quoted([passage()], "attack", asked="somebody-else").startswith("Mara Lindqvist: “")


def test_it_quotes_who_speaks_without_the_label() -> None:
    talk = Passage(**{name: getattr(passage(text=INTERVIEW), name) for name in Passage.__slots__} | {"marks": SPEAKERS})
    assert "Mara: “I use three to one on every single voice.” [1]" in quoted([talk], "ratio", "voice")


def test_it_does_not_quote_a_sentence_twice() -> None:
    assert quoted([passage(), passage()], "attack").count("The attack is 20 ms.") == 1


def test_it_does_not_repeat_what_it_said_before() -> None:
    assert "20 ms" not in quoted([passage()], "attack", said="“The attack is 20 ms.”")


def test_it_repeats_itself_where_there_is_nothing_else() -> None:
    assert quoted([passage()], "attack", said=TEXT)


def test_it_keeps_a_number_in_brackets_from_being_a_marker() -> None:
    assert "(12)" in quoted([passage(text="The attack is explained in note [12] below.")], "attack")


def test_it_knows_what_it_said_before_whatever_the_line_breaks() -> None:
    wrapped = passage(text="The attack\nis 20 ms, as always. Then I listen to the whole song again.")
    assert "20 ms" not in quoted([wrapped], "attack", said="“The attack is 20 ms, as always.”")
