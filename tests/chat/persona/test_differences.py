"""What must be the same at every weight, and how a difference is told."""

import pytest

from chat.persona.preview import PreviewAnswer, differences

PLAIN = "Set it to 3 dB at 20 ms [1]. Then listen [2]."


def told(text: str, *, weight: float = 1.0, avoid: tuple[str, ...] = (), plain: str = PLAIN) -> tuple[str, ...]:
    return differences([PreviewAnswer(0.0, plain), PreviewAnswer(weight, text)], avoid=avoid)


def test_it_is_content_where_only_the_words_differ() -> None:
    assert told("I go for 3 dB, 20 ms [1]. And then? I listen [2].") == ()


def test_it_takes_no_offence_at_a_repeated_number_or_another_order() -> None:
    assert told("Listen [2]. 20 ms [1], 3 dB [1], yes, 3 dB.") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("3 dB, 20 ms [1].", "At weight 1 [2] is not cited, at weight 0 it is."),
        ("3 dB, 20 ms [1][2][4].", "At weight 1 [4] is cited, at weight 0 it is not."),
        ("3 dB, 20 ms, 5 times [1][2].", "At weight 1 it says 5 times, at weight 0 it does not."),
        ("3 dB [1][2].", "At weight 1 it does not say 20 ms, at weight 0 it does."),
    ],
)
def test_it_names_what_differs(text: str, sentence: str) -> None:
    assert told(text) == (sentence,)


def test_it_names_a_unit_that_changed() -> None:
    assert told("3 dB, 20 s [1][2].") == (
        "At weight 1 it says 20 s, at weight 0 it does not.",
        "At weight 1 it does not say 20 ms, at weight 0 it does.",
    )


def test_it_names_a_phrase_that_is_to_be_avoided() -> None:
    said = told("Amazing: 3 dB, 20 ms [1][2].", avoid=("amazing",))
    assert said == ("At weight 1 it uses what is to be avoided: “amazing”.",)


def test_it_forbids_no_phrase_where_there_is_no_voice() -> None:
    assert told(PLAIN, plain=f"Amazing. {PLAIN}", avoid=("amazing",)) == ()


def test_it_does_not_compare_an_answer_that_failed() -> None:
    assert differences([PreviewAnswer(0.0, PLAIN), PreviewAnswer(1.0, "", failure="It broke.")], avoid=()) == ()


def test_it_names_another_model() -> None:
    answers = [PreviewAnswer(0.0, PLAIN, model="primary"), PreviewAnswer(1.0, PLAIN, model="fallback")]
    assert differences(answers, avoid=()) == ("At weight 1 another model answered than at weight 0.",)


def test_it_names_an_answer_that_ended_at_its_length() -> None:
    assert differences([PreviewAnswer(0.0, PLAIN, is_cut=True)], avoid=()) == (
        "At weight 0 the answer ended at its full length.",
    )
