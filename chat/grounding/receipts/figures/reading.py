"""Reading the figures of a text: numbers with their signs and units, ratios, dates and clock times."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.grounding.receipts.figures.numerals import SHARES, Numeral, numeral_at
from chat.grounding.receipts.figures.tokens import Piece, pieces_of
from chat.grounding.receipts.figures.units import MONTHS, SPOKEN, UNITS, Unit
from chat.grounding.receipts.figures.values import Figure
from chat.grounding.receipts.english import FUNCTION
from chat.grounding.words import stem

MONTH, CLOCK = Unit("month of the year", "date"), Unit("clock", "clock")
RATIO, TIMES, NOTE = UNITS["ratio"], UNITS["x"], UNITS["note"]
MULTIPLES = {"twice": 2.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "doubling": 2.0, "thrice": 3.0, "tripling": 3.0, "triple": 3.0,
             "triples": 3.0, "tripled": 3.0, "quadruple": 4.0}  # fmt: skip
JOINS = {"to", "by", "or", "and", "-", "–", ",", "through", "maybe", "until", "/", "till", "versus", "vs"}
_LONGEST = max(map(len, SPOKEN))
_ONE = frozenset("hour day week month octave semitone decade".split())
"""Units of which "an hour" is one for certain; "a second" and "a bit" rarely mean a figure."""
ORDINALS = {
    word: number
    for number, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
        "seventeenth eighteenth nineteenth twentieth".split(),
        3,
    )
} | {"thirtieth": 30}
_NO_UNIT_ALONE = frozenset('" st k m s l t g b h a v w in mil mils ks x ′ ″'.split())
"""Spellings that need digits right before them: "3k", "10 m", but not "two s"."""


_NO_PLURALS = frozenset(
    "plus minus bass bus gas lens yes us chorus bonus focus canvas across besides towards series glass class less press "
    "loss pass cross mass makes sounds works feels looks means gives takes seems comes".split()
)


def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in order."""
    pieces = pieces_of(text)
    return tuple(_shared(_at_places(text, pieces), pieces))


def _at_places(text: str, pieces: Sequence[Piece]) -> Iterator[Figure]:
    at = 0
    while at < len(pieces):
        figure, stop = _special(text, pieces, at) or _plain(text, pieces, at) or (None, at + 1)
        if figure:
            yield figure
        at = max(stop, at + 1)


def _special(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return what is no number with a unit: a ratio, a time of day, a month, a multiple, "an hour"."""
    word = pieces[at].text
    if word in MULTIPLES:
        return _figure(text, pieces, at, at + 1, MULTIPLES[word], TIMES, in_words=True), at + 1
    if word in MONTHS and _is_date(pieces, at):
        return _figure(text, pieces, at, at + 1, float(MONTHS[word]), MONTH, in_words=True), at + 1
    if word in ORDINALS:
        made = _figure(text, pieces, at, at + 1, float(ORDINALS[word]), None, in_words=True)
        return replace(made, is_ordinal=True, is_implied=True), at + 1
    if past := _past(text, pieces, at):
        return past
    if word in {"a", "an"} and at + 1 < len(pieces) and len(pieces[at + 1].text) > 1:
        skip = pieces[at + 1].text in {"full", "whole", "good", "solid", "single"}
        unit, after = _unit_at(pieces, at + 1 + skip, in_digits=False)
        if unit is None or unit.name == "k":
            return None
        share = _and_a_half(pieces, after)
        stop = after + 3 * bool(share)
        if seconds := _seconds_after(pieces, after, unit):
            return _figure(text, pieces, at, seconds[1], 1 + seconds[0], unit, in_words=True), seconds[1]
        made = _figure(text, pieces, at, stop, 1.0 + share, unit, in_words=True)
        before = pieces[at - 1].text if at else ""
        is_rate = before in MULTIPLES or before in UNITS or before in {"times", "once"}
        return replace(made, is_implied=is_rate or not share and pieces[at + 1 + skip].text not in _ONE), stop
    return _out_of(text, pieces, at) or _ratio(text, pieces, at)


def _out_of(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return the share in "nine of ten", "three out of four"."""
    first = numeral_at(pieces, at)
    if first is None or first.is_share:
        return None
    words = [piece.text for piece in pieces[first.stop : first.stop + 3]]
    skip = 1 if words[:1] in (["of"], ["in"]) else 2 if words[:2] == ["out", "of"] else 0
    skip += bool(skip) and words[skip : skip + 1] == ["the"]
    second = numeral_at(pieces, first.stop + skip) if skip and first.stop + skip < len(pieces) else None
    if second is None or not first.value < second.value <= 1000 or first.others or second.others:
        return None
    if _unit_after(pieces, second.stop, in_digits=True)[0]:
        return None
    made = _figure(text, pieces, at, second.stop, first.value / second.value, None, in_words=first.in_words)
    return replace(made, is_share=True), second.stop


def _seconds_after(pieces: Sequence[Piece], at: int, unit: Unit) -> tuple[float, int] | None:
    """Return the rest of "two minutes twenty", as a share of the minute or hour, and where it stops."""
    smaller = {"min": "s", "h": "min"}.get(unit.name)
    at += at < len(pieces) and pieces[at].text == "and"
    more = numeral_at(pieces, at) if smaller and at < len(pieces) else None
    if more is None or not 0 < more.value < 60 or more.is_share:
        return None
    own, stop = _unit_at(pieces, more.stop, in_digits=not more.in_words)
    if own is None and more.stop < len(pieces) and pieces[more.stop].text[0].isalpha() and pieces[more.stop].text not in FUNCTION:
        return None  # "two minutes, twenty people"
    is_rest = own is None or own.name == smaller
    return (more.value / 60, stop if own else more.stop) if is_rest else None


def _and_a_half(pieces: Sequence[Piece], at: int) -> float:
    words = [piece.text for piece in pieces[at : at + 3]]
    return 1 / SHARES[words[2]] if words[:2] == ["and", "a"] and words[2:] and words[2] in SHARES else 0.0


def _is_date(pieces: Sequence[Piece], at: int) -> bool:
    """Say whether a month's name is one: "may" and "march" only beside a number."""
    before = [piece.text for piece in pieces[max(0, at - 3) : at] if piece.text not in {"of", "th", "st", "nd", "rd"}]
    near = [*before[-1:], *(piece.text for piece in pieces[at + 1 : at + 2])]
    is_dated = any(word[0].isdigit() or word in ORDINALS or word in {"first", "second"} for word in near)
    return is_dated or pieces[at].text not in {"may", "march", "mar", "sep", "dec"}


def _ratio(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    first = numeral_at(pieces, at)
    if first and (figure := _parts(text, pieces, first)):
        return figure
    joint = [at for at in range(first.stop, min(first.stop + 2, len(pieces) - 1)) if pieces[at].text in {":", "to"}] if first else []
    if first is None or not joint or joint[0] > first.stop and pieces[first.stop].text != "-":
        return None
    begin = joint[0] + 1 + (pieces[joint[0] + 1].text == "-")
    second = numeral_at(pieces, begin) if begin < len(pieces) else None
    if second is None or not second.value:
        return None
    is_clock = pieces[joint[0]].text == ":" and len(pieces[begin].text) == 2
    if is_clock:
        return _clock(text, pieces, at, second.stop, first.value, second.value), second.stop
    named = any(piece.text in {"ratio", "compression", "ratios"} for piece in pieces[second.stop : second.stop + 2])
    unit, _ = _unit_after(pieces, second.stop, in_digits=not second.in_words)
    is_ratio = pieces[joint[0]].text == ":" or named or (second.value == 1 and first.value > 1 and unit is None)
    if not is_ratio:
        return None
    return _figure(text, pieces, at, second.stop, first.value / second.value, RATIO), second.stop


def _clock(text: str, pieces: Sequence[Piece], first: int, stop: int, hour: float, minute: float) -> Figure:
    """Return a time of day, or of a player: "1:35" may be said as "one thirty five", and 14:10 as ten past two."""
    made = _figure(text, pieces, first, stop, hour * 60 + minute, CLOCK)
    twelve = hour + 12 if hour <= 12 else hour - 12
    return replace(made, others=(hour * 100 + minute, twelve * 60 + minute))


def _past(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return the time in "half past five", "ten past two", "quarter to nine"."""
    skip = pieces[at].text == "a"
    word = pieces[at + skip].text if at + skip < len(pieces) else ""
    first = None if word in SHARES else numeral_at(pieces, at)
    minutes = 60 / SHARES[word] if word in {"half", "quarter"} else first.value if first else 0.0
    joint = first.stop if first else at + skip + 1
    if not 0 < minutes < 60 or joint + 1 >= len(pieces) or pieces[joint].text not in {"past", "to"}:
        return None
    hour = numeral_at(pieces, joint + 1)
    is_told = pieces[joint].text == "past" or word == "quarter"
    if hour is None or not is_told or not 1 <= hour.value <= 12 or hour.value != int(hour.value):
        return None
    sign = 1 if pieces[joint].text == "past" else -1
    total = hour.value * 60 + sign * minutes
    return _clock(text, pieces, at, hour.stop, total // 60, total % 60), hour.stop


def _parts(text: str, pieces: Sequence[Piece], first: Numeral) -> tuple[Figure, int] | None:
    """Return the ratio in "thirty parts of carbon to one of nitrogen"."""
    if first.stop >= len(pieces) or pieces[first.stop].text not in {"part", "parts"}:
        return None
    for at in range(first.stop + 1, min(first.stop + 5, len(pieces) - 1)):
        if pieces[at].text == "to" and (second := numeral_at(pieces, at + 1)) and second.value:
            return _figure(text, pieces, first.first, second.stop, first.value / second.value, RATIO), second.stop
    return None


def _plain(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    numeral = numeral_at(pieces, at)
    if numeral is None:
        return None
    sign, first = _sign(pieces, at)
    unit, stop = _unit_after(pieces, numeral.stop, in_digits=not numeral.in_words or numeral.value > 9)
    value = numeral.value
    if at and pieces[at - 1].text in {"$", "€", "£"}:
        unit, first = UNITS[pieces[at - 1].text], at - 1
    if unit is None and (after := _share_of_unit(pieces, numeral)):
        unit, stop = after
    if unit is NOTE and value >= 1 and pieces[numeral.stop].text in {"th", "nd", "rd"}:
        value = 1 / value
    if unit is NOTE and value >= 1:
        unit, stop = None, numeral.stop  # a scale of five notes counts them
    is_ordinal = unit is None and numeral.stop < len(pieces) and pieces[numeral.stop].text in {"th", "nd", "rd", "st"}
    if unit and unit.name == "k":
        more, beyond = _unit_after(pieces, stop, in_digits=False)
        value, unit, stop = value * 1000, more, beyond
    if unit and (share := _and_a_half(pieces, stop)):
        value, stop = value + share, stop + 3
    elif unit and (seconds := _seconds_after(pieces, stop, unit)):
        value, stop = value + seconds[0], seconds[1]
    made = _figure(text, pieces, first, stop, value * (sign or 1), unit, in_words=numeral.in_words)
    counted = _counted(pieces, stop) if unit is None else ()
    return replace(
        made,
        sign=sign,
        others=numeral.others,
        is_share=numeral.is_share,
        is_ordinal=is_ordinal,
        counted=tuple(map(stem, counted)),
        is_count=any(word.endswith("s") and word not in _NO_PLURALS for word in counted),
    ), stop


def _counted(pieces: Sequence[Piece], at: int) -> tuple[str, ...]:
    """Return the words after a number, up to three, that may name what it counts."""
    words: list[str] = []
    at += at < len(pieces) and pieces[at].text == "-"
    for piece in pieces[at : at + 3]:
        if not piece.text[0].isalpha() or piece.text in FUNCTION:
            break
        words.append(piece.text)
    return tuple(words)


def _sign(pieces: Sequence[Piece], at: int) -> tuple[int, int]:
    before = pieces[at - 1] if at else None
    if before is None:
        return 0, at
    if before.text in {"minus", "negative"}:
        return -1, at - 1
    if before.text in {"+", "plus"}:
        return 1, at - 1
    opens = at < 2 or not before.glued or pieces[at - 2].text in "([~≈\""
    is_minus = before.text in {"-", "–"} and pieces[at].glued and opens
    return (-1, at - 1) if is_minus else (0, at)


def _unit_after(pieces: Sequence[Piece], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a piece, or after the hyphen or ordinal ending there, and where it stops."""
    if at < len(pieces) and pieces[at].text in {"-", "th", "nd", "rd"} and pieces[at].glued:
        unit, stop = _unit_at(pieces, at + 1, in_digits=in_digits)
        return (unit, stop) if unit else (None, at + (pieces[at].text != "-"))
    return _unit_at(pieces, at, in_digits=in_digits)


def _unit_at(pieces: Sequence[Piece], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    for length in range(min(_LONGEST, len(pieces) - at), 1, -1):
        spoken = SPOKEN.get(tuple(piece.text for piece in pieces[at : at + length]))
        if spoken:
            return UNITS[spoken], at + length
    if at >= len(pieces) or (pieces[at].text in _NO_UNIT_ALONE and not in_digits):
        return (UNITS["k"], at + 1) if at < len(pieces) and pieces[at].text == "k" else (None, at)
    unit = UNITS.get(pieces[at].text)
    if pieces[at].text in {"b", "a", "h", "v", "s", "m", "g", "l", "t", "w", "in"} and not pieces[at].glued:
        unit = unit if pieces[at].text in {"m", "s", "g", "l", "h", "v", "w"} else None
    return (unit, at + 1) if unit else (None, at)


def _share_of_unit(pieces: Sequence[Piece], numeral: Numeral) -> tuple[Unit, int] | None:
    """Return the unit of "half a second", "a quarter of an hour"."""
    at = numeral.stop
    if at < len(pieces) and pieces[at].text == "of":
        at += 1
    elif not numeral.is_share:
        return None
    if at + 1 < len(pieces) and pieces[at].text in {"a", "an"} and pieces[at + 1].text in UNITS:
        return UNITS[pieces[at + 1].text], at + 2
    return None


def _figure(
    text: str, pieces: Sequence[Piece], first: int, stop: int, value: float, unit: Unit | None, *, in_words: bool = False
) -> Figure:
    start, end = pieces[first].start, pieces[stop - 1].end
    return Figure(value=value, unit=unit, start=start, end=end, text=text[start:end], in_words=in_words)


def _shared(figures: Iterator[Figure], pieces: Sequence[Piece]) -> list[Figure]:
    """Give figures without a unit, or a sign, that of the figure they are joined to: "minus two to three dB"."""
    found = list(figures)
    for place in range(len(found) - 2, -1, -1):
        own, following = found[place], found[place + 1]
        between = [piece.text for piece in pieces if own.end <= piece.start and piece.end <= following.start]
        if len(between) > 2 or not all(word in JOINS for word in between) or not between:
            continue
        if own.unit is None and not own.is_share and following.unit and following.unit not in {RATIO, CLOCK, MONTH, TIMES}:
            found[place] = replace(own, unit=following.unit, is_shared=True)
    for place in range(1, len(found)):
        own, before = found[place], found[place - 1]
        between = [piece.text for piece in pieces if before.end <= piece.start and piece.end <= own.start]
        if own.unit is None and before.unit and not own.counted and 0 < len(between) <= 3 and between[-1] == "to":
            found[place] = replace(own, unit=before.unit, is_shared=True)
    return [replace(one, is_denied=_is_denied(one, pieces)) for one in found]


def _is_denied(figure: Figure, pieces: Sequence[Piece]) -> bool:
    before = [piece.text for piece in pieces if piece.end <= figure.start][-2:]
    return before[-1:] == ["not"] or before in (["rather", "than"], ["instead", "of"])
