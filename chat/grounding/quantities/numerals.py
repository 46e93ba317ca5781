"""Numbers as people write and say them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*"
    r"|(?<![^\W\d_])(?:[^\W\d_]\.){2,}"  # a.m.
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[%°:/+×$€£½¼¾⅓⅔\"″′.,;!?()\[\]~≈±–-]"
)
_DASHES = str.maketrans({"−": "-", "‒": "-", "‑": "-", "—": "–", "’": "'", "\u00a0": " ", "\u202f": " ", "μ": "µ"})


@dataclass(frozen=True, slots=True)
class QuantityToken:
    """A token, case-folded, and where it stands; ``glued`` says that no space is before it."""

    text: str
    start: int
    end: int
    glued: bool

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits; a raised or circled one has a value that nothing here reads."""
        return self.text[0].isdecimal()


def tokens_of(text: str) -> tuple[QuantityToken, ...]:
    """Return the tokens of a text in order; offsets are those of the text given."""
    plain = text.translate(_DASHES)
    found: list[QuantityToken] = []
    for match in _TOKEN.finditer(plain):
        start, end = match.span()
        glued = bool(found) and found[-1].end == start
        found.append(QuantityToken(match[0].lower(), start, end, glued))
    return tuple(found)


SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = {"thousand": 1e3, "grand": 1e3, "million": 1e6, "billion": 1e9}
SHARES = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
    "sixteenth": 16, "sixteenths": 16, "thirtysecond": 32, "thirtyseconds": 32,
    "hundredth": 100, "hundredths": 100, "thousandth": 1000, "thousandths": 1000,
}  # fmt: skip
ORDINALS = {
    word: number
    for number, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        3,
    )
} | {"thirtieth": 30}
SIGNS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3}
_BEGINNINGS = frozenset({*SMALL, *TENS, *SCALES, *SHARES, *SIGNS, "a", "an", "hundred", "dozen", "point"})


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number, the tokens from ``first`` up to ``stop`` that it takes, and what else it may have meant.

    ``is_share`` marks fractions, which are compared less narrowly; ``in_words`` what is not written in digits.
    """

    value: float
    first: int
    stop: int
    others: tuple[float, ...] = ()
    is_share: bool = False
    in_words: bool = False


def numeral_at(tokens: Sequence[QuantityToken], at: int) -> Numeral | None:
    """Return the longest number that begins at a token, None where none does."""
    if not (tokens[at].is_number or tokens[at].text in _BEGINNINGS):
        return None
    whole = _digits(tokens, at) or _words(tokens, at)
    if whole is None:
        share = _share(tokens, at)
        return _in_dozens(tokens, share) if share else None
    return _and_a_share(tokens, whole) or _in_dozens(tokens, whole)


def _digits(tokens: Sequence[QuantityToken], at: int) -> Numeral | None:
    if not tokens[at].is_number:
        return Numeral(SIGNS[tokens[at].text], at, at + 1, is_share=True) if tokens[at].text in SIGNS else None
    value = value_of_digits(tokens[at].text)
    stop = at + 1
    if text_at(tokens, stop) == "/" and stop + 1 < len(tokens) and tokens[stop + 1].is_number:
        below = value_of_digits(tokens[stop + 1].text)
        return Numeral(value / below, at, stop + 2, is_share=True) if below else None
    if text_at(tokens, stop) in SIGNS:
        return Numeral(value + SIGNS[text_at(tokens, stop)], at, stop + 1)
    while text_at(tokens, stop) in {"hundred", *SCALES}:
        value *= SCALES.get(text_at(tokens, stop), 100)
        stop += 1
    return Numeral(value, at, stop)


def value_of_digits(text: str) -> float:
    """Return the value of digits with points and commas; a comma before three digits parts thousands."""
    parts = text.split(",")
    if len(parts) > 1 and not all(len(part.split(".")[0]) == 3 for part in parts[1:]):
        parts = [parts[0], *(["." + "".join(parts[1:])])]
    joined = "".join(parts)
    head, *tail = joined.split(".")
    return float(head + "." + "".join(tail)) if tail else float(head)


def _words(tokens: Sequence[QuantityToken], at: int) -> Numeral | None:
    begun = _below_hundred(tokens, at)
    if begun is None:
        begun = _round(tokens, at)
        return _with_point(tokens, Numeral(0.0, at, at, in_words=True)) if begun is None else _scaled(tokens, begun)
    return _scaled(tokens, _in_halves(tokens, begun) or begun)


def _below_hundred(tokens: Sequence[QuantityToken], at: int) -> Numeral | None:
    word = text_at(tokens, at)
    if word in SMALL:
        return Numeral(float(SMALL[word]), at, at + 1, in_words=True)
    if word not in TENS:
        return None
    following = at + 1 + (text_at(tokens, at + 1) == "-")
    more = SMALL.get(text_at(tokens, following), 0)
    if 1 <= more <= 9:
        return Numeral(float(TENS[word] + more), at, following + 1, in_words=True)
    return Numeral(float(TENS[word]), at, at + 1, in_words=True)


def _round(tokens: Sequence[QuantityToken], at: int) -> Numeral | None:
    """Return "a hundred", "a couple hundred", "a dozen", "a couple"."""
    skip = text_at(tokens, at) in {"a", "an", "one"}
    word, stop = text_at(tokens, at + skip), at + skip + 1
    if word in {"hundred", *SCALES}:
        return Numeral(1.0, at, at + skip, in_words=True) if skip or word != "grand" else None
    if word == "dozen":
        return Numeral(12.0, at, stop, in_words=True)
    if skip and word in {"couple", "pair"}:
        return Numeral(2.0, at, stop + (text_at(tokens, stop) == "of"), in_words=True)
    return None


def _in_halves(tokens: Sequence[QuantityToken], begun: Numeral) -> Numeral | None:
    """Return what is said in two halves: two fifty, four forty, nineteen ninety eight, one oh eight."""
    if (
        text_at(tokens, begun.stop) in {"oh", "o"}
        and (more := _below_hundred(tokens, begun.stop + 1))
        and more.value < 10
    ):
        return Numeral(begun.value * 100 + more.value, begun.first, more.stop, in_words=True)
    more = _below_hundred(tokens, begun.stop) if begun.value else None
    if more is None or more.value < 10 or (begun.value < 10 and _is_apart(tokens, more.stop)):
        return None
    # "Fifteen sixteen" may also be two quantities with nothing between; "two fifty" hardly ever is.
    apart = (begun.value, more.value) if begun.value >= 10 else ()
    value = begun.value * 100 + more.value
    return Numeral(value, begun.first, more.stop, (value / 100, *apart), in_words=True)


def _is_apart(tokens: Sequence[QuantityToken], at: int) -> bool:
    """Say whether the number before a token is by itself: "two twenty-minute efforts", "by two, fifteen times"."""
    is_joined = text_at(tokens, at) == "-" and tokens[at].glued and at + 1 < len(tokens) and tokens[at + 1].glued
    return is_joined or text_at(tokens, at) == "times"


def _scaled(tokens: Sequence[QuantityToken], begun: Numeral) -> Numeral:
    """Read on over hundreds, thousands and a decimal point."""
    total, current, at = 0.0, begun.value, begun.stop
    while True:
        word = text_at(tokens, at)
        if word == "hundred" and current < 100:
            current, at = current * 100, at + 1
        elif word in SCALES:
            total, current, at = total + current * SCALES[word], 0.0, at + 1
        elif (
            (total or current >= 100)
            and (more := _below_hundred(tokens, at + (word == "and")))
            and _fits(current, more)
        ):
            current, at = current + more.value, more.stop
        else:
            break
    grown = Numeral(total + current, begun.first, at, begun.others if at == begun.stop else (), in_words=True)
    return _with_point(tokens, grown) or grown


def _fits(current: float, more: Numeral) -> bool:
    return current % 100 == 0 and more.value < 100


def _with_point(tokens: Sequence[QuantityToken], begun: Numeral) -> Numeral | None:
    """Return "one point five", "point two five"."""
    if text_at(tokens, begun.stop) != "point":
        return None
    at, digits = begun.stop + 1, ""
    while (more := _below_hundred(tokens, at)) and len(digits) < 4:
        digits += str(int(more.value))
        at = more.stop
    return Numeral(begun.value + float(f"0.{digits}"), begun.first, at, in_words=True) if digits else None


def _in_dozens(tokens: Sequence[QuantityToken], numeral: Numeral) -> Numeral:
    """Return "two dozen", "half a dozen"; else the number as it is."""
    at = numeral.stop + (numeral.is_share and text_at(tokens, numeral.stop) == "a")
    if text_at(tokens, at) != "dozen" or numeral.others or numeral.value >= 100:
        return numeral
    return Numeral(numeral.value * DOZEN, numeral.first, at + 1, in_words=numeral.in_words)


DOZEN = 12


def _share(tokens: Sequence[QuantityToken], at: int) -> Numeral | None:
    skip = text_at(tokens, at) in {"a", "an", "one"}
    below = SHARES.get(text_at(tokens, at + skip))
    following = text_at(tokens, at + skip + 1)
    if below is None or not (
        skip or text_at(tokens, at) in {"half", "halves", "quarter", "quarters"} or following in {"of", "note", "notes"}
    ):
        return None  # "the third time" counts, it doesn't divide
    # "A fourth turns it grey" counts: it has nothing that it divides.
    others = (float(below),) if skip and below > 2 and following not in {"of", "the"} else ()
    return Numeral(1 / below, at, at + skip + 1, others, is_share=True, in_words=True)


def _and_a_share(tokens: Sequence[QuantityToken], whole: Numeral) -> Numeral | None:
    """Return "two and a half", "three quarters", "two thirds"."""
    word = text_at(tokens, whole.stop)
    if word == "and" and text_at(tokens, whole.stop + 1) in {"a", "one"}:
        share = _share(tokens, whole.stop + 1)
        return Numeral(whole.value + share.value, whole.first, share.stop, in_words=whole.in_words) if share else None
    gap = whole.stop + (word == "-")
    below = SHARES.get(text_at(tokens, gap))
    if below and whole.value < below and whole.value == int(whole.value) and (whole.value > 1 or whole.in_words):
        return Numeral(whole.value / below, whole.first, gap + 1, is_share=True, in_words=True)
    return None


def text_at(tokens: Sequence[QuantityToken], at: int) -> str:
    """Return a token's text, "" behind the last one."""
    return tokens[at].text if at < len(tokens) else ""
