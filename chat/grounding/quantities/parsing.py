"""Parsing quantities: numbers with their units, dates, times, ratios and ordinals, in the order they are tried."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from chat.grounding.quantities.inheritance import inherit_units
from chat.grounding.quantities.numerals import SHARES, TENS, Numeral, QuantityToken, numeral_at, tokens_of
from chat.grounding.quantities.units import MONTHS, SPOKEN, UNITS, Quantity, Unit, quantity_from
from chat.grounding.vocabulary import ENGLISH, FUNCTION
from chrysopedia.core.text import stem

_ENDINGS = frozenset({"th", "nd", "rd", "st"})
_CURRENCIES = frozenset("$€£")
_NO_PLURALS = frozenset(
    """
    plus minus bass bus gas lens yes us chorus bonus focus canvas across besides towards series glass class less
    press loss pass cross mass makes sounds works feels looks means gives takes seems comes
    """.split()
)
NOTE = UNITS["note"]


def quantities_in(text: str, *, ratio_names: Collection[str] = ENGLISH.ratio_names) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order; "four to two" is a ratio before one of ``ratio_names``."""
    tokens = tokens_of(text)
    return tuple(inherit_units(_quantities_at(text, tokens, ratio_names), tokens))


def _quantities_at(text: str, tokens: Sequence[QuantityToken], ratio_names: Collection[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        found = special_quantity_at(text, tokens, at, ratio_names) or _plain_quantity_at(text, tokens, at)
        if found:
            yield found[0]
        at = max(found[1] if found else 0, at + 1)


def _plain_quantity_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    numeral = numeral_at(tokens, at)
    if numeral is None:
        return None
    sign, first = _sign(tokens, at)
    if at and tokens[at - 1].text in _CURRENCIES:
        first = at - 1
    value, unit, stop = _with_unit(tokens, numeral)
    ending = tokens[numeral.stop].text if numeral.stop < len(tokens) else ""
    counted = counted_after(tokens, stop) if unit is None else ()
    quantity = quantity_from(text, tokens, first, stop, value * (sign or 1), unit, in_words=numeral.in_words)
    return replace(
        quantity,
        sign=sign,
        others=numeral.others,
        is_share=numeral.is_share,
        is_ordinal=unit is None and ending in _ENDINGS,
        counted=tuple(map(stem, counted)),
        is_count=not sign and any(word.endswith("s") and word not in _NO_PLURALS for word in counted),
    ), stop


def _with_unit(tokens: Sequence[QuantityToken], numeral: Numeral) -> tuple[float, Unit | None, int]:
    """Return the value of a number with its unit, and where that stops."""
    value = numeral.value
    unit, stop = unit_after(tokens, numeral.stop, in_digits=not numeral.in_words or value > 9)
    before = tokens[numeral.first - 1].text if numeral.first else ""
    if before in _CURRENCIES:
        return value, UNITS[before], stop
    if unit is None:
        unit, stop = share_of_unit(tokens, numeral) or (None, stop)
    if unit is NOTE and value >= 1:
        # The 16th note is a sixteenth of one; a scale of five notes counts them.
        is_part = tokens[numeral.stop].text in _ENDINGS
        return (1 / value, unit, stop) if is_part else (value, None, numeral.stop)
    if unit and unit.name == "k":
        unit, stop = unit_after(tokens, stop, in_digits=False)
        value *= 1000
    if unit and (share := and_a_half(tokens, stop)):
        return value + share, unit, stop + 3
    if unit and (rest := rest_after(tokens, stop, unit)):
        return value + rest[0], unit, rest[1]
    return value, unit, stop


def _sign(tokens: Sequence[QuantityToken], at: int) -> tuple[int, int]:
    before = tokens[at - 1] if at else None
    if before is None:
        return 0, at
    if before.text in {"minus", "negative"}:
        return -1, at - 1
    if before.text in {"+", "plus"}:
        return 1, at - 1
    opens = at < 2 or not before.glued or tokens[at - 2].text in '([~≈"'
    is_minus = before.text in {"-", "–"} and tokens[at].glued and opens
    return (-1, at - 1) if is_minus else (0, at)


_LONGEST = max(map(len, SPOKEN))
_AFTER_DIGITS = frozenset('" st k m s l t g b h a v w in mil mils ks x ′ ″'.split())
"""Spellings that need digits before them: "3k", "10 m", but not "two s"."""
_GLUED = frozenset("b a t in".split())
"""Those that must stand right after the digits: "3 in" is no three inches."""


def unit_after(tokens: Sequence[QuantityToken], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a token, or after the hyphen or ordinal ending there, and where it stops."""
    if at < len(tokens) and tokens[at].text in {"-", "th", "nd", "rd"} and tokens[at].glued:
        unit, stop = unit_at(tokens, at + 1, in_digits=in_digits)
        return (unit, stop) if unit else (None, at + (tokens[at].text != "-"))
    return unit_at(tokens, at, in_digits=in_digits)


def unit_at(tokens: Sequence[QuantityToken], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a token and where it stops; ``in_digits`` says how its number is written."""
    for length in range(min(_LONGEST, len(tokens) - at), 1, -1):
        if spoken := SPOKEN.get(tuple(token.text for token in tokens[at : at + length])):
            return UNITS[spoken], at + length
    word = tokens[at].text if at < len(tokens) else ""
    is_apart = word in _GLUED and not tokens[at].glued
    if word == "k" or (word in UNITS and not is_apart and (in_digits or word not in _AFTER_DIGITS)):
        return UNITS[word], at + 1
    return None, at


def share_of_unit(tokens: Sequence[QuantityToken], numeral: Numeral) -> tuple[Unit | None, int] | None:
    """Return the unit of "half a second", "a quarter of an hour"."""
    at = numeral.stop
    if at < len(tokens) and tokens[at].text == "of":
        at += 1
    elif not numeral.is_share:
        return None
    if at + 1 < len(tokens) and tokens[at].text in {"a", "an"} and tokens[at + 1].text in UNITS:
        return UNITS[tokens[at + 1].text], at + 2
    return None


def rest_after(tokens: Sequence[QuantityToken], at: int, unit: Unit) -> tuple[float, int] | None:
    """Return the rest of "two minutes twenty", as a share of the minute or hour, and where it stops."""
    smaller = {"min": "s", "h": "min"}.get(unit.name)
    at += at < len(tokens) and tokens[at].text == "and"
    more = numeral_at(tokens, at) if smaller and at < len(tokens) else None
    if more is None or not 0 < more.value < 60 or more.is_share:
        return None
    own, stop = unit_at(tokens, more.stop, in_digits=not more.in_words)
    if own is None:
        # "two minutes, twenty people"
        counted = counted_after(tokens, more.stop)
        return None if counted and counted[0] not in _LENGTHS else (more.value / 60, more.stop)
    return (more.value / 60, stop) if own.name == smaller else None


_LENGTHS = frozenset("long each total exactly later apart flat".split())
"""Words behind "three minutes fifty" that it doesn't count."""


def and_a_half(tokens: Sequence[QuantityToken], at: int) -> float:
    """Return the share in "and a half", 0 where there is none."""
    words = [token.text for token in tokens[at : at + 3]]
    return 1 / SHARES[words[2]] if words[:2] == ["and", "a"] and words[2:] and words[2] in SHARES else 0.0


def counted_after(tokens: Sequence[QuantityToken], at: int) -> tuple[str, ...]:
    """Return the words after a number, up to three, that may name what it counts."""
    words: list[str] = []
    at += at < len(tokens) and tokens[at].text == "-"
    for token in tokens[at : at + 3]:
        if not token.text[0].isalpha() or token.text in FUNCTION or token.text in {"minus", "plus"}:
            break
        words.append(token.text)
    return tuple(words)


MONTH, TIMES = Unit("month of the year", "date"), UNITS["x"]
MULTIPLES = {
    word: value
    for value, words in (
        (2.0, "twice double doubles doubled doubling"),
        (3.0, "thrice triple triples tripled tripling"),
        (4.0, "quadruple quadrupled"),
    )
    for word in words.split()
}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        3,
    )
} | {"thirtieth": 30}
_ALSO_WORDS = frozenset("may march mar sep dec".split())
"""Names of months that are words as well."""
_ONE = frozenset("hour day week month octave semitone decade".split())
"""Units of which "an hour" is one for certain; "a second" and "a bit" rarely mean a quantity."""
_WHOLE = frozenset("full whole good solid single".split())


def special_quantity_at(
    text: str, tokens: Sequence[QuantityToken], at: int, ratio_names: Collection[str]
) -> tuple[Quantity, int] | None:
    """Return a quantity that is more than a number with a unit, and the token after it; None where none begins."""
    word = tokens[at].text
    if word in MULTIPLES:
        return quantity_from(text, tokens, at, at + 1, MULTIPLES[word], TIMES, in_words=True), at + 1
    if word in MONTHS and _is_date(tokens, at):
        return quantity_from(text, tokens, at, at + 1, float(MONTHS[word]), MONTH, in_words=True), at + 1
    if word in ORDINALS:
        ordinal = quantity_from(text, tokens, at, at + 1, float(ORDINALS[word]), None, in_words=True)
        return replace(ordinal, is_ordinal=True, is_implied=True), at + 1
    for read in (_day_at, _decade_at, _hour_at, time_at, _single_unit_at, _share_at):
        if found := read(text, tokens, at):
            return found
    return ratio_at(text, tokens, at, ratio_names)


def _day_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the day in "the twenty first of June", "June the first"."""
    tens = TENS.get(tokens[at].text, 0)
    place = at + bool(tens) + (bool(tens) and _word(tokens, at + 1) == "-")
    word = _word(tokens, place)
    ones = _FIRSTS.get(word) or ORDINALS.get(word, 0)
    before = [token.text for token in tokens[max(0, at - 2) : at] if token.text != "the"][-1:]
    is_dated = (_word(tokens, place + 1) == "of" and _word(tokens, place + 2) in MONTHS) or before[0:1] in _MONTH_WORDS
    if not 0 < ones < (10 if tens else 3) or not is_dated:
        return None
    day = quantity_from(text, tokens, at, place + 1, float(tens + ones), None, in_words=True)
    return replace(day, is_ordinal=True, is_implied=True), place + 1


_FIRSTS = {"first": 1, "second": 2}
_MONTH_WORDS = [[month] for month in MONTHS]


def _decade_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the years of "the seventies", "the 1970s", "the '70s", of which the value is the first."""
    word = tokens[at].text
    if word in _DECADES:
        return quantity_from(text, tokens, at, at + 1, _DECADES[word], UNITS["era"], in_words=True), at + 1
    is_plural = at + 1 < len(tokens) and tokens[at + 1].text == "s" and tokens[at + 1].glued
    if not (is_plural and word.isdecimal() and word.endswith("0") and at and tokens[at - 1].text in _BEFORE_DECADE):
        return None
    year = float(word)
    is_decade = 1500 <= year <= 2100 or 20 <= year <= 90
    return (quantity_from(text, tokens, at, at + 2, year, UNITS["era"]), at + 2) if is_decade else None


_DECADES = {"twenties": 20.0} | {f"{word[:-1]}ies": float(value) for word, value in TENS.items() if value > 20}
_BEFORE_DECADE = frozenset("the early mid late - '".split())


def _is_date(tokens: Sequence[QuantityToken], at: int) -> bool:
    """Say whether a month's name is one: "may" and "march" only beside a number."""
    before = [token.text for token in tokens[max(0, at - 3) : at] if token.text not in {"of", "th", "st", "nd", "rd"}]
    near = [*before[-1:], *(token.text for token in tokens[at + 1 : at + 2])]
    is_dated = any(word[0].isdigit() or word in ORDINALS or word in {"first", "second"} for word in near)
    return is_dated or tokens[at].text not in _ALSO_WORDS


def _single_unit_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return "an hour", "a full minute", "a minute ten"."""
    if tokens[at].text not in {"a", "an", "another"} or at + 1 >= len(tokens) or len(tokens[at + 1].text) < 2:
        return None
    named = at + 1 + (tokens[at + 1].text in _WHOLE)
    unit, stop = unit_at(tokens, named, in_digits=False)
    if unit is None or unit.name == "k" or _is_the_second(tokens, at, stop):
        return None
    if rest := rest_after(tokens, stop, unit):
        return quantity_from(text, tokens, at, rest[1], 1 + rest[0], unit, in_words=True), rest[1]
    share = and_a_half(tokens, stop)
    stop += 3 * bool(share)
    before = tokens[at - 1].text if at else ""
    is_rate = before in MULTIPLES or before in UNITS or before in {"times", "once"}
    is_implied = is_rate or (not share and tokens[named].text not in _ONE)
    return replace(quantity_from(text, tokens, at, stop, 1 + share, unit, in_words=True), is_implied=is_implied), stop


def _is_the_second(tokens: Sequence[QuantityToken], at: int, stop: int) -> bool:
    """Say whether "a second" counts what follows it: "a second pass", but "three times a second"."""
    following = tokens[stop].text if stop < len(tokens) else ""
    is_noun = following[:1].isalpha() and following not in FUNCTION
    return tokens[at + 1].text == "second" and is_noun and not (at and tokens[at - 1].text in {"times", "for", "in"})


def _share_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the share in "nine of ten", "three out of four"."""
    first = numeral_at(tokens, at)
    if first is None or first.is_share:
        return None
    words = [token.text for token in tokens[first.stop : first.stop + 3]]
    skip = 1 if words[:1] in (["of"], ["in"]) else 2 if words[:2] == ["out", "of"] else 0
    if words[1:3] in (["out", "of"], ["in", "ten"]) and words[0][0].isalpha():
        skip = 1 + len(words[1:3]) - (words[1] == "in")  # "four cases out of ten"
    skip += bool(skip) and words[skip : skip + 1] == ["the"]
    second = numeral_at(tokens, first.stop + skip) if skip and first.stop + skip < len(tokens) else None
    if second is None or not first.value < second.value <= 1000 or first.others or second.others:
        return None
    if unit_after(tokens, second.stop, in_digits=True)[0]:
        return None
    share = quantity_from(text, tokens, at, second.stop, first.value / second.value, None, in_words=first.in_words)
    return replace(share, is_share=True), second.stop


CLOCK, RATIO = Unit("clock", "clock"), UNITS["ratio"]


def time_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the time in "half past five", "ten past two", "quarter to nine"."""
    skip = tokens[at].text == "a"
    word = tokens[at + skip].text if at + skip < len(tokens) else ""
    first = None if word in SHARES else numeral_at(tokens, at)
    minutes = 60 / SHARES[word] if word in {"half", "quarter"} else first.value if first else 0.0
    joint = first.stop if first else at + skip + 1
    if not 0 < minutes < 60 or joint + 1 >= len(tokens) or tokens[joint].text not in {"past", "to"}:
        return None
    hour = numeral_at(tokens, joint + 1)
    is_told = tokens[joint].text == "past" or word == "quarter"
    if hour is None or not is_told or not 1 <= hour.value <= 12 or hour.value != int(hour.value):
        return None
    sign = 1 if tokens[joint].text == "past" else -1
    total = hour.value * 60 + sign * minutes
    return _clock(text, tokens, at, hour.stop, total // 60, total % 60), hour.stop


def _hour_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the time in "six o'clock", "6 pm", "noon"."""
    if tokens[at].text in _NAMED_HOURS:
        return _clock(text, tokens, at, at + 1, _NAMED_HOURS[tokens[at].text], 0), at + 1
    hour = numeral_at(tokens, at)
    if hour is None or hour.value not in range(1, 13) or _word(tokens, hour.stop).replace(".", "") not in _HALF_DAYS:
        return None
    half, stop = _word(tokens, hour.stop).replace(".", ""), hour.stop + 1
    if half == "o'clock":
        time = _clock(text, tokens, at, stop, hour.value, 0)
        return replace(time, others=(*time.others, hour.value)), stop
    since_midnight = hour.value % 12 + 12 * (half == "pm")
    time = quantity_from(text, tokens, at, stop, since_midnight * 60, CLOCK)
    return replace(time, others=(since_midnight * 100, since_midnight * 60, hour.value)), stop


_HALF_DAYS = frozenset({"o'clock", "am", "pm"})
_NAMED_HOURS = {"noon": 12.0, "midday": 12.0, "midnight": 0.0}


def _clock(text: str, tokens: Sequence[QuantityToken], first: int, stop: int, hour: float, minute: float) -> Quantity:
    """Return a time of day, or of a player: "1:35" may be said as "one thirty five", and 14:10 as ten past two."""
    time = quantity_from(text, tokens, first, stop, hour * 60 + minute, CLOCK)
    twelve = hour + 12 if hour <= 12 else hour - 12
    return replace(time, others=(hour * 100 + minute, twelve * 60 + minute))


def ratio_at(
    text: str, tokens: Sequence[QuantityToken], at: int, ratio_names: Collection[str]
) -> tuple[Quantity, int] | None:
    """Return "3:1", "three to one", "4-to-1", or the time that "12:34" is."""
    first = numeral_at(tokens, at)
    if first is None:
        return None
    if quantity := _ratio_of_parts(text, tokens, first):
        return quantity
    joint = first.stop + (_word(tokens, first.stop) == "-")
    begin = joint + 1 + (_word(tokens, joint + 1) == "-")
    is_joined = _word(tokens, joint) in {":", "to"} and begin < len(tokens)
    second = numeral_at(tokens, begin) if is_joined else None
    has_colon = _word(tokens, joint) == ":"
    if second is None or not (second.value or (has_colon and len(tokens[begin].text) == 2)):
        return None
    if has_colon and len(tokens[begin].text) == 2:
        return _clock(text, tokens, at, second.stop, first.value, second.value), second.stop
    unit, _ = unit_after(tokens, second.stop, in_digits=not second.in_words)
    is_named = any(token.text in ratio_names for token in tokens[second.stop : second.stop + 2])
    if not (has_colon or is_named or (second.value == 1 and first.value > 1 and unit is None)):
        return None
    return quantity_from(text, tokens, at, second.stop, first.value / second.value, RATIO), second.stop


def _ratio_of_parts(text: str, tokens: Sequence[QuantityToken], first: Numeral) -> tuple[Quantity, int] | None:
    """Return the ratio in "thirty parts of carbon to one of nitrogen"."""
    if first.stop >= len(tokens) or tokens[first.stop].text not in {"part", "parts"}:
        return None
    for at in range(first.stop + 1, min(first.stop + 5, len(tokens) - 1)):
        if tokens[at].text == "to" and (second := numeral_at(tokens, at + 1)) and second.value:
            return quantity_from(text, tokens, first.first, second.stop, first.value / second.value, RATIO), second.stop
    return None


def _word(tokens: Sequence[QuantityToken], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""
