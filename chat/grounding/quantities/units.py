"""Quantities: a value, its unit, and the units that are known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat.grounding.quantities.numerals import QuantityToken


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, and how many of that dimension's base it is."""

    name: str
    dimension: str
    factor: float = 1.0


_LINES = """
Hz frequency 1: hz hertz cycles cps
kHz frequency 1000: khz kilohertz kilocycles
MHz frequency 1000000: mhz megahertz
GHz frequency 1000000000: ghz gigahertz
k thousand 1000: k
ms time 0.001: ms msec msecs millisecond milliseconds millis mils
µs time 0.000001: µs microsecond microseconds
s time 1: s sec secs second seconds
min time 60: min mins minute minutes
h time 3600: h hr hrs hour hours
day time 86400: day days
week time 604800: week weeks
fortnight time 1209600: fortnight fortnights
month month 1: month months
year month 12: year years yr yrs
decade month 120: decade decades
century month 1200: century centuries
dB level 1: db decibel decibels dbs dbfs dbtp dbspl dba dbv dbu dbm
LUFS loudness 1: lufs lkfs luffs lufz
LU loudness-range 1: lu
% percent 1: % percent percents pct
bpm tempo 1: bpm bpms
bit bit 1: bit bits
byte byte 1: byte bytes b
kB byte 1000: kb kilobyte kilobytes
MB byte 1000000: mb megabyte megabytes meg megs
GB byte 1000000000: gb gigabyte gigabytes gig gigs
TB byte 1000000000000: tb terabyte terabytes
kbps bitrate 1000: kbps kbit
Mbps bitrate 1000000: mbps mbit
cent pitch 1: cent cents
semitone pitch 100: semitone semitones st
octave pitch 1200: octave octaves
mm length 0.001: mm millimetre millimetres millimeter millimeters mil
cm length 0.01: cm centimetre centimetres centimeter centimeters
m length 1: m metre metres meter meters
km length 1000: km kilometre kilometres kilometer kilometers ks
in length 0.0254: inch inches " ″
ft length 0.3048: ft foot feet ′
yd length 0.9144: yd yard yards
mi length 1609.344: mi mile miles miler milers
g mass 0.001: g gram grams gramme grammes
mg mass 0.000001: mg milligram milligrams
kg mass 1: kg kgs kilo kilos kilogram kilograms
t mass 1000: tonne tonnes
lb mass 0.4536: lb lbs pound pounds
oz mass 0.02835: oz ounce ounces
ml volume 0.001: ml millilitre millilitres milliliter milliliters
cl volume 0.01: cl
l volume 1: l litre litres liter liters
tsp volume 0.005: tsp teaspoon teaspoons
tbsp volume 0.015: tbsp tablespoon tablespoons
cup volume 0.24: cup cups
pint volume 0.473: pint pints
quart volume 0.946: quart quarts
gallon volume 3.785: gallon gallons
°C celsius 1: °c celsius centigrade
°F fahrenheit 1: °f fahrenheit
° degree 1: ° deg degree degrees
W power 1: w watt watts
V voltage 1: v volt volts
mV voltage 0.001: mv millivolt millivolts
A current 1: amp amps ampere amperes
ohm resistance 1: ohm ohms ω
kohm resistance 1000: kilohm kilohms kohm kohms
dollar dollar 1: $ dollar dollars bucks buck usd
euro euro 1: € euro euros eur
pound-sterling sterling 1: £ quid gbp
bar bar 1: bar bars measure measures
beat beat 1: beat beats
note note 1: note notes
px pixel 1: px pixel pixels
fps frame-rate 1: fps
lux lux 1: lux
psi pressure 1: psi
hPa air-pressure 1: hpa mbar millibar millibars
kPa kilopascal 1: kpa kilopascals
kW power 1000: kw kilowatt kilowatts
mA current 0.001: ma milliamp milliamps
stop stop 1: stop stops
degree-sign degree 1: º
stitch stitch 1: stitch stitches
row row 1: row rows
frame frame 1: frame frames
sample sample 1: sample samples
km/h speed 1: kph kmh
mph speed 1.609344: mph
rpm rotation 1: rpm revs
calorie calorie 1: calorie calories kcal
x times 1: x × times fold
ratio ratio 1: ratio
"""
UNITS: dict[str, Unit] = {}
for _line in _LINES.strip().splitlines():
    _head, _spellings = _line.split(": ")
    _name, _dimension, _factor = _head.split()
    UNITS |= dict.fromkeys(_spellings.split(), Unit(_name, _dimension, float(_factor)))

_SPOKEN = """
hz: samples per second, samples a second, cycles per second, times per second
points: percentage points, percent points
db: d b, dee bee, de be, d bs
dbfs: db fs, db full scale
dbtp: db tp, db true peak
ms: milli seconds, mil seconds
khz: kilo hertz, k hertz, k hz
%: per cent
bpm: beats per minute, b p m
bps: bits per second
lufs: l u f s
lu: loudness units
fps: frames per second
kph: km / h, km per hour, km an hour, k an hour, kilometres per hour, kilometres an hour, kilometers per hour
mph: miles per hour, miles an hour, mi / h
°c: ° c, degrees celsius, degrees c
°f: ° f, degrees fahrenheit, degrees f
semitones: half steps, half step
wholetones: whole steps, whole step
floz: fluid ounces
m2: square metre, square metres, square meter, square meters
m3: cubic metre, cubic metres, cubic meter, cubic meters
"""
SPOKEN = {
    tuple(said.split()): unit
    for unit, spellings in (line.split(": ") for line in _SPOKEN.strip().splitlines())
    for said in spellings.split(", ")
}
"""Units that are several tokens, longest first where one begins another."""
UNITS |= {
    "bps": Unit("bps", "bitrate"),
    "points": Unit("points", "point"),
    "floz": Unit("fl oz", "volume", 0.02957),
    "wholetones": Unit("whole tone", "pitch", 200),
    "m3": Unit("m³", "volume", 1000),
    "m2": Unit("m²", "area"),
    "era": Unit("years of a decade", "era"),
}
MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|"
        "november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; ``text`` is how it is written, from offset ``start`` to ``end``.

    ``sign`` is -1 or 1 where one is given, else 0, and ``value`` has it. ``others`` is what the same words may mean as
    well. ``is_shared`` says that the unit was taken from a neighbour: "two to three dB". ``in_words`` marks what is not
    written in digits. ``counted`` are the words after a number without a unit, stemmed, and ``is_count`` says that one
    of them is a plural: things are counted. ``is_implied`` marks "a millimetre", ``is_ordinal`` "the third",
    ``is_denied`` "not twelve", ``is_retracted`` "twelve, no sorry, ten". ``is_tolerance`` marks the 1 in
    "−23 ± 1". ``per`` is what a rate is of, "" for none: "an hour", "per km".
    ``elided`` is the unit of the amount before it, which may be meant where a number has nothing behind it: "two years,
    and it took three".
    """

    value: float
    unit: Unit | None
    start: int
    end: int
    text: str
    sign: int = 0
    others: tuple[float, ...] = ()
    is_share: bool = False
    is_shared: bool = False
    in_words: bool = False
    counted: tuple[str, ...] = ()
    is_count: bool = False
    is_implied: bool = False
    is_ordinal: bool = False
    is_denied: bool = False
    is_retracted: bool = False
    is_tolerance: bool = False
    per: str = ""
    elided: Unit | None = None

    @property
    def values(self) -> tuple[float, ...]:
        """All that it may mean, the likeliest first."""
        return (self.value, *self.others)

    @property
    def is_ratio(self) -> bool:
        """Whether it may be what two figures come to: "a quarter", "twice"."""
        return self.is_share if self.unit is None else self.unit.name == "x"


def is_year(quantity: Quantity) -> bool:
    """Say whether a number may be that of a year."""
    is_written_so = not re.search(r",|hundred|thousand", quantity.text.lower())
    is_bare = quantity.unit is None and not quantity.is_count
    return is_bare and is_written_so and 1500 <= quantity.value <= 2100 and quantity.value.is_integer()


def is_pronoun(quantity: Quantity) -> bool:
    """Say whether a number is hardly one: "this one"."""
    return quantity.value == 1 and quantity.in_words and quantity.unit is None


def quantity_from(
    text: str,
    tokens: Sequence[QuantityToken],
    first: int,
    stop: int,
    value: float,
    unit: Unit | None,
    *,
    in_words: bool = False,
) -> Quantity:
    """Return the quantity that stands from one token up to another."""
    start, end = tokens[first].start, tokens[stop - 1].end
    return Quantity(value=value, unit=unit, start=start, end=end, text=text[start:end], in_words=in_words)
