"""A number said in other words is the passage's: converted, rounded as its words say, added up, a decade, an hour."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chat.grounding.quantities import same_amount
from chat.grounding.quantities.latitude import granularity
from chat.grounding.quantities.units import UNITS
from tests.chat.grounding.comparing import figure, stray

KILN = "It fires at a thousand degrees, celsius that is, and the kiln's eighty litres, the other one's two fifty."
TAKES = "Then I sang two takes and then one more on the ribbon mic, and the limiter came down by 5.9 dB on the worst."
MONEY = "A hundred and twenty five went out every week, we thought two years, it took three, from twenty eighteen on."
WHEEL = "It ends up at nineteen hundred and eighty seven spokes, truing took forty minutes and the oil's from 1976."
BREAD = "Bake it for twenty minutes and then another twenty five. There's ten grams of salt to five hundred of flour."
HIVES = "At midsummer there are fifty thousand bees, in winter eight thousand. Of nine boxes out five were taken."
RIDE = "It's a hundred and two k round trip at thirty miles an hour, from half past four, or six pm with a dozen of us."

TRUE = [
    ("It fires at about 1,830 °F.", KILN),
    ("Both kilns hold 330 litres together.", KILN),
    ("Three takes were sung in all.", TAKES),
    ("It came down by about 6 dB.", TAKES),
    ("It took 36 months.", MONEY),
    ("About 500 went out in four weeks.", MONEY),
    ("There are about 2,000 spokes.", WHEEL),
    ("Truing takes well under an hour.", WHEEL),
    ("The oil is from the seventies.", WHEEL),
    ("The oil is from before 1980.", WHEEL),
    ("It bakes for 45 minutes.", BREAD),
    ("They shrink by around 40,000 until winter.", HIVES),
    ("Four of the nine boxes were not taken.", HIVES),
    ("The trip is about 100 km long.", RIDE),
    ("The trip is roughly 63 miles long.", RIDE),
    ("He rides at about 48 km/h.", RIDE),
    ("It starts at 4:30 or at 18:00 with 12 people.", RIDE),
    ("It starts at six o'clock with twelve people.", RIDE),
]
TRUE += [
    ("Nearly a third of the pieces were lost.", "I lost nine out of thirty."),
    ("Several hundred vouchers were lost.", "The vouchers were gone, about three hundred."),
    ("He spends song three on the drummer.", "The third song is for the drummer."),
    ("A woman in her twenties got the role.", "The one we picked was twenty six."),
    ("He took up the work in 1974.", "I started on the press in seventy four."),
    ("One layer is a quarter oil.", "It is one part of oil to three of turps."),
    ("A fourth pigment turns it grey.", "Never more than three pigments, with four it's grey."),
    ("Sixty leaves were freed.", "We freed sixty of the sixty-four."),
    ("Detergent comes out once a week.", "Only on Sundays I use detergent."),
    ("Custard and scrambled egg are separated by three degrees.", "At 83 degrees it's done, at 86 it's scrambled."),
    ("The lowers are eight percentage points below.", "The caps go to 20 percent, the lowers to 12."),
    ("A gap of 5 metres is stripped out.", "The gap is about four no sorry five metres."),
]
FALSE = [
    ("It fires at about 2,200 °F.", KILN),
    ("Both kilns hold 430 litres together.", KILN),
    ("Five takes were sung in all.", TAKES),
    ("It came down by about 7 dB.", TAKES),
    ("It took 48 months.", MONEY),
    ("About 800 went out in four weeks.", MONEY),
    ("There are about 2,500 spokes.", WHEEL),
    ("There are nearly 1,950 spokes.", WHEEL),
    ("Truing takes well over an hour.", WHEEL),
    ("The oil is from the eighties.", WHEEL),
    ("The oil is from before 1970.", WHEEL),
    ("It bakes for 55 minutes.", BREAD),
    ("They shrink by around 30,000 until winter.", HIVES),
    ("Four of the nine boxes were taken.", HIVES),
    ("Three of the nine boxes were not taken.", HIVES),
    ("The trip is about 130 km long.", RIDE),
    ("He rides at about 60 km/h.", RIDE),
    ("It starts at 6 am with 12 people.", RIDE),
    ("It starts at 10:00 with 12 people.", RIDE),
]
FALSE += [
    ("A gap of 4 metres is stripped out.", "The gap is about four no sorry five metres."),
    ("Several thousand vouchers were lost.", "The vouchers were gone, about three hundred."),
    ("A woman in her thirties got the role.", "The one we picked was twenty six."),
    ("He took up the work in 1984.", "I started on the press in seventy four."),
]


@pytest.mark.parametrize(("claim", "passage"), TRUE)
def test_it_finds_what_is_said_in_other_words(claim: str, passage: str) -> None:
    assert stray(claim, passage) == []


@pytest.mark.parametrize(("claim", "passage"), FALSE)
def test_it_finds_what_is_said_in_other_words_and_wrongly(claim: str, passage: str) -> None:
    assert stray(claim, passage)


PAIRS = [
    ("lb", "kg"), ("oz", "g"), ("in", "cm"), ("ft", "m"), ("mi", "km"), ("yd", "m"), ("cup", "ml"), ("tbsp", "ml"),
    ("gallon", "l"), ("mph", "km/h"), ("h", "min"), ("week", "day"), ("year", "month"), ("kHz", "Hz"),
]  # fmt: skip
SPELT = {unit.name: next(word for word, one in UNITS.items() if one is unit) for unit in UNITS.values()}
pairs = st.sampled_from(PAIRS) | st.sampled_from(PAIRS).map(lambda pair: pair[::-1])


def written(value: float, unit: str) -> str:
    return f"{value:.7f} {SPELT[unit]}"


def converted(value: float, unit: str, other: str) -> float:
    factors = [next(one.factor for one in UNITS.values() if one.name == name) for name in (unit, other)]
    return value * factors[0] / factors[1]


@given(st.floats(1, 5000), pairs)
def test_it_takes_a_converted_amount_for_the_same_there_and_back(value: float, pair: tuple[str, str]) -> None:
    one, other = figure(written(value, pair[0])), figure(written(converted(value, *pair), pair[1]))
    assert same_amount(one, other) and same_amount(other, one)


@given(st.floats(1, 5000), pairs, st.floats(0.03, 3), st.booleans())
def test_it_takes_no_wrong_conversion(value: float, pair: tuple[str, str], off: float, is_more: bool) -> None:
    by = 1 + off if is_more else 1 / (1 + off)
    one, other = figure(written(value, pair[0])), figure(written(converted(value, *pair) * by, pair[1]))
    assert not same_amount(one, other) and not same_amount(other, one)


@given(st.floats(-30, 300))
def test_it_converts_temperatures_there_and_back(celsius: float) -> None:
    assume(abs(celsius) > 1 and abs(celsius * 1.8 + 32) > 1)
    one, other = figure(f"{celsius:.3f} °C"), figure(f"{celsius * 1.8 + 32:.3f} °F")
    assert same_amount(one, other) and same_amount(other, one)


@given(st.integers(101, 99_999), st.sampled_from(["Hz", "ml", "people", "grams", ""]))
def test_it_lets_a_number_be_rounded_where_it_says_so(number: int, unit: str) -> None:
    step = 10 ** (len(str(number)) - 2)
    told = round(number / step) * step
    assert told == number or stray(f"It has about {told} {unit}.", f"There it has {number} {unit}.") == []


@given(st.integers(101, 99_999), st.floats(1.1, 4), st.sampled_from(["about", "nearly", "roughly", "around", "almost"]))
def test_it_lets_no_number_be_rounded_too_far(number: int, by: float, word: str) -> None:
    for told in (round(number * by) + 1, round(number / by) - 1):
        assert stray(f"It has {word} {told} grams.", f"There it has {number} grams.")


@given(st.integers(101, 9999), st.integers(1, 9))
def test_it_rounds_only_to_the_side_that_the_words_name(hundreds: int, more: int) -> None:
    told = hundreds * 100
    over, under = (f"There it has {told + sign * more} grams." for sign in (1, -1))
    assert not stray(f"It has over {told} grams.", over) and not stray(f"It has nearly {told} grams.", under)
    assert stray(f"It has over {told} grams.", under) and stray(f"It has nearly {told} grams.", over)


@given(st.integers(1, 9), st.integers(0, 6))
def test_it_knows_how_round_a_number_is(digit: int, zeros: int) -> None:
    assert granularity(digit * 10**zeros) == (5 if digit == 5 else 1) * 10**zeros
    assert granularity(digit * 10**zeros + 0.5) == 0.5


def test_it_compares_numbers_of_any_length() -> None:
    long = "9" * 400
    assert stray(f"It has {long} grams.", "There it has 90 grams.")
    assert stray("It has about 90 grams.", f"There it has {long} grams.")
    assert not stray(f"It has about {long} grams.", f"There it has {long} grams.")
    assert granularity(float(long)) < 1


@pytest.mark.parametrize("told", ["It is open from 6 pm to 9", "It starts at 12:30 ± 5", "It starts at 6 pm to 9 pm"])
def test_it_compares_times_of_day_that_another_number_follows(told: str) -> None:
    assert not stray(f"{told}.", f"{told.removesuffix(' pm')}.")
    assert stray("It is open from 6 pm to 10 pm.", f"{told}.")
