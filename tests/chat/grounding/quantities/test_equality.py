"""Two figures are one amount in whatever unit and way of writing, and else they are not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.grounding.quantities import quantities_in, same_amount
from tests.chat.grounding.comparing import figure

ALIKE = [
    ("250 Hz", "0.25 kHz"),
    ("0.3 s", "three hundred milliseconds"),
    ("1.5 kg", "fifteen hundred grams"),
    ("half", "50 percent"),
    ("three quarters", "75%"),
    ("two fifty", "250 Hz"),
    ("90 minutes", "an hour and a half"),
    ("2.5 minutes", "two minutes thirty"),
    ("4:1", "four to one"),
    ("3 kHz", "three k"),
    ("120 bpm", "one twenty"),
    ("two years", "24 months"),
    ("10 inches", "25.4 cm"),
    ("20 °C", "68 °F"),
    ("double", "2x"),
    ("200%", "twice"),
    ("2 weeks", "14 days"),
    ("14:10", "ten past two"),
    ("a dozen", "12"),
]
UNLIKE = [
    ("20 ms", "30 ms"),
    ("20 ms", "20 s"),
    ("250 Hz", "25 kHz"),
    ("12 miles", "12 km"),
    ("4:1", "3:1"),
    ("6 dB", "6 ms"),
    ("half", "a third"),
    ("-6 dB", "+6 dB"),
    ("6 dB", "-6 dB"),
    ("1999", "2000"),
    ("half past five", "half past six"),
    ("twice", "three times"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_it_takes_two_ways_of_saying_it_for_one_amount(one: str, other: str) -> None:
    assert same_amount(figure(one), figure(other))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_it_tells_other_amounts_apart(one: str, other: str) -> None:
    assert not same_amount(figure(one), figure(other))


def test_it_lets_a_minus_be_left_out_where_the_words_speak_of_less() -> None:
    assert same_amount(figure("6 dB"), figure("-6 dB"), lowers=True)


def test_it_lets_no_plus_stand_for_a_minus_even_then() -> None:
    assert not same_amount(figure("+6 dB"), figure("-6 dB"), lowers=True)


def test_it_takes_no_count_of_things_for_an_amount() -> None:
    assert not same_amount(figure("two evenings"), figure("2 m"))


@pytest.mark.parametrize(("small", "large"), [("Hz", "kHz"), ("ms", "s"), ("g", "kg"), ("ml", "l"), ("m", "km")])
@given(thousandths=st.integers(1, 9_999_999))
def test_it_knows_a_thousand_of_one_unit_as_one_of_the_other(small: str, large: str, thousandths: int) -> None:
    assert same_amount(figure(f"{thousandths} {small}"), figure(f"{thousandths / 1000:.3f} {large}"))


numbers = st.integers(0, 10**6) | st.just(10**320)
written = st.builds("{} {}".format, numbers, st.sampled_from(["", "Hz", "dB", "%", "people", "°C", "x", "min"]))


@given(written)
def test_it_takes_every_figure_for_itself(text: str) -> None:
    (one, *_) = quantities_in(text)
    assert same_amount(one, one) or one.value == float("inf")


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["Hz", "dB", "ms", "people"]))
@example(250, 251, "ms")
def test_it_takes_whole_numbers_for_one_only_where_they_are(one: int, other: int, unit: str) -> None:
    assert same_amount(figure(f"{one} {unit}"), figure(f"{other} {unit}")) == (one == other)
