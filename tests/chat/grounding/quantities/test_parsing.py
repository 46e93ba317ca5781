"""Figures are read in whatever way they are written or said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.quantities import quantities_in
from chat.grounding.quantities.numerals import SHARES, SIGNS, SMALL, TENS
from chat.grounding.quantities.units import SPOKEN, UNITS
from tests.chat.grounding.comparing import amounts, figure

WRITTEN = {
    "20 ms": (20.0, "ms"),
    "300ms": (300.0, "ms"),
    "a release of 80 msec": (80.0, "ms"),
    "24-bit": (24.0, "bit"),
    "24 bit": (24.0, "bit"),
    "44,100 Hz": (44100.0, "Hz"),
    "44.1 kHz": (44.1, "kHz"),
    "1,234.5 g": (1234.5, "g"),
    "1,5 kg": (1.5, "kg"),
    "1,000,000 samples": (1000000.0, "sample"),
    "3k": (3000.0, ""),
    "50%": (50.0, "%"),
    "120 bpm": (120.0, "bpm"),
    "20°C": (20.0, "°C"),
    "$20": (20.0, "dollar"),
    "5 €": (5.0, "euro"),
    "3x": (3.0, "x"),
    "3/4 cup": (0.75, "cup"),
    "½ cup": (0.5, "cup"),
    "1½ cups": (1.5, "cup"),
}
SAID = {
    "six decibels": (6.0, "dB"),
    "six dee bee": (6.0, "dB"),
    "three k": (3000.0, ""),
    "two fifty hertz": (250.0, "Hz"),
    "twelve hundred hertz": (1200.0, "Hz"),
    "one twenty beats per minute": (120.0, "bpm"),
    "fifty per cent": (50.0, "%"),
    "forty four point one kilohertz": (44.1, "kHz"),
    "point five seconds": (0.5, "s"),
    "two and a half seconds": (2.5, "s"),
    "a hundred and twenty milliseconds": (120.0, "ms"),
    "a couple of decibels": (2.0, "dB"),
    "a dozen": (12.0, ""),
    "an hour": (1.0, "h"),
    "an hour and a half": (1.5, "h"),
    "half an hour": (0.5, "h"),
    "a quarter of a second": (0.25, "s"),
    "two minutes thirty": (2.5, "min"),
    "two minutes and thirty seconds": (2.5, "min"),
    "two thirds": (0.6667, ""),
    "twenty-five grams": (25.0, "g"),
    "one oh eight": (108.0, ""),
    "nineteen ninety eight": (1998.0, ""),
    "thirty celsius": (30.0, "°C"),
    "three hundredths of a second": (0.03, "s"),
    "a hundred miler": (100.0, "mi"),
}


@pytest.mark.parametrize(("text", "amount"), WRITTEN.items(), ids=WRITTEN)
def test_it_reads_what_is_written_in_digits(text: str, amount: tuple[float, str]) -> None:
    assert amounts(text) == [amount]


@pytest.mark.parametrize(("text", "amount"), SAID.items(), ids=SAID)
def test_it_reads_what_is_said_in_words(text: str, amount: tuple[float, str]) -> None:
    assert amounts(text) == [amount]


@pytest.mark.parametrize("text", ["-6 dB", "−6 dB", "minus six dB", "negative 6 decibels", "(-6 dB)"])
def test_it_reads_what_lies_below_zero(text: str) -> None:
    assert (figure(text).value, figure(text).sign) == (-6.0, -1)


@pytest.mark.parametrize("text", ["+3 dB", "plus three dB"])
def test_it_keeps_a_plus_that_is_given(text: str) -> None:
    assert (figure(text).value, figure(text).sign) == (3.0, 1)


@pytest.mark.parametrize("text", ["two to three dB", "2-3 dB", "2–3 dB", "two or three decibels", "2 dB to 3 dB"])
def test_it_gives_both_ends_of_a_range_their_unit(text: str) -> None:
    assert amounts(text) == [(2.0, "dB"), (3.0, "dB")]


def test_it_does_not_take_the_dash_of_a_range_for_a_minus() -> None:
    assert [one.sign for one in quantities_in("2-3 dB")] == [0, 0]


@pytest.mark.parametrize("text", ["4:1", "four to one", "4-to-1", "a 4 to 1 ratio", "four parts of oil to one of acid"])
def test_it_reads_a_ratio(text: str) -> None:
    assert amounts(text) == [(4.0, "ratio")]


@pytest.mark.parametrize(
    ("text", "minutes"), [("half past five", 330), ("1:35", 95), ("quarter to nine", 525), ("ten past two", 130)]
)
def test_it_reads_a_time_of_day(text: str, minutes: int) -> None:
    assert amounts(text) == [(minutes, "clock")]


@pytest.mark.parametrize("text", ["15 May", "May 15th", "the fifteenth of may"])
def test_it_reads_a_day_of_a_month(text: str) -> None:
    assert sorted(amounts(text)) == [(5.0, "month of the year"), (15.0, "")]


def test_it_reads_a_whole_date() -> None:
    assert amounts("on 15 May 2021") == [(15.0, ""), (5.0, "month of the year"), (2021.0, "")]


@pytest.mark.parametrize("text", ["you may be right", "we march on", "a bit later", "in second place"])
def test_it_reads_no_date_or_number_in_plain_words(text: str) -> None:
    assert [one for one in quantities_in(text) if not one.is_implied] == []


@pytest.mark.parametrize(("text", "times"), [("twice", 2), ("doubled", 2), ("triple", 3), ("4x", 4), ("ten times", 10)])
def test_it_reads_a_multiple(text: str, times: int) -> None:
    assert figure(text).value == times


@pytest.mark.parametrize("text", ["the third", "the 3rd"])
def test_it_knows_an_ordinal(text: str) -> None:
    assert (figure(text).value, figure(text).is_ordinal) == (3.0, True)


@pytest.mark.parametrize("text", ["nine of ten", "nine out of ten", "9 in 10", "nine of the ten"])
def test_it_reads_one_number_of_another_as_a_share(text: str) -> None:
    assert (figure(text).value, figure(text).is_share) == (0.9, True)


def test_it_knows_what_else_two_fifty_may_mean() -> None:
    assert figure("two fifty").values == (250.0, 2.5)


@pytest.mark.parametrize("text", ["not twelve", "eight rather than twelve", "eight instead of twelve"])
def test_it_knows_a_figure_that_is_denied(text: str) -> None:
    assert [one.value for one in quantities_in(text) if one.is_denied] == [12.0]


def test_it_knows_a_measure_that_is_only_named() -> None:
    assert figure("turn it a millimetre").is_implied


@pytest.mark.parametrize("text", ["10² kg", "3 ² 4", "step ① of it", "H₂O"])
def test_it_takes_raised_and_circled_digits_for_words(text: str) -> None:
    assert all(one.text[0] not in "²①₂" for one in quantities_in(text))


WORDS = [*SMALL, *TENS, *SHARES, *SIGNS, *UNITS, *map(" ".join, SPOKEN)]
MORE = [
    "hundred",
    "dozen",
    "noon",
    "pm",
    "seventies",
    "every",
    "thousand",
    "point",
    "a",
    "and",
    "to",
    "of",
    "past",
    "minus",
    "not",
    "-",
    ":",
    "/",
    ",",
    "7",
    "1.5",
    "9" * 320,
]
texts = st.lists(st.sampled_from([*WORDS, *MORE]), max_size=9).map(" ".join) | st.text(max_size=40)


@given(texts)
def test_it_reads_any_text_and_says_where(text: str) -> None:
    for one in quantities_in(text):
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize("text", ["1 " * 10_000, "9" * 20_000, "one " * 5000, "2 dB to " * 2500, "thousand " * 2200])
def test_it_comes_to_an_end_of_a_long_text(text: str) -> None:
    assert quantities_in(text)


def spoken(number: int) -> str:
    """Say a number below ten thousand."""
    small, tens = list(SMALL), {value: word for word, value in TENS.items()}
    if number < 20:
        return small[number]
    if number < 100:
        return tens[number // 10 * 10] + (f"-{small[number % 10]}" if number % 10 else "")
    size, word = (1000, "thousand") if number >= 1000 else (100, "hundred")
    more = number % size
    joint = " and " if more < 100 else " "
    return f"{spoken(number // size)} {word}" + (joint + spoken(more) if more else "")


@given(st.integers(0, 9999))
def test_it_reads_numbers_in_words(number: int) -> None:
    assert amounts(spoken(number)) == [(float(number), "")]


@given(st.integers(0, 9999), st.booleans())
def test_it_reads_numbers_in_digits(number: int, has_commas: bool) -> None:
    assert amounts(f"{number:,} grams" if has_commas else f"{number} grams") == [(float(number), "g")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two twenty-minute efforts", [(2.0, ""), (20.0, "min")]),
        ("divides it by two fifteen times", [(2.0, ""), (15.0, "x")]),
        ("the last two minutes seven in total", [(2.0, "min"), (7.0, "")]),
        ("18 in 36 out", [(18.0, ""), (36.0, "")]),
        ("on another day", []),
        ("I halve the time", [(0.5, "")]),
    ],
)
def test_it_keeps_figures_apart_that_are_said_side_by_side(text: str, found: list[tuple[float, str]]) -> None:
    assert amounts(text) == found


@pytest.mark.parametrize("said", ["four no sorry five metres", "four, no, wait, make that five metres"])
def test_it_knows_what_a_speaker_takes_back(said: str) -> None:
    assert [one.is_retracted for one in quantities_in(said)] == [True, False]


def test_it_takes_nothing_back_where_two_things_are_told() -> None:
    assert not any(one.is_retracted for one in quantities_in("four metres and no rope, five pegs"))
