"""The text in a file's bytes: UTF-8, UTF-16, or an older encoding that the letters give away."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from creators.transcripts.segments import TranscriptError

_BINARY = "looks like a binary file, not a transcript"
_MAGIC = (
    (b"%PDF", "is a PDF; save its text as .txt or .md"),
    (b"PK\x03\x04", "is a Word file or another archive; save its text as .txt or .md"),
    (b"\xd0\xcf\x11\xe0", "is an old Word file; save its text as .txt or .md"),
    (b"{\\rtf", "is RTF; save its text as .txt or .md"),
)
_SAMPLE = 64 * 1024
"""Bytes that are looked at to tell an encoding."""
_ENOUGH = 1.0
"""The score below which no encoding is believed."""


_PIECE = 1024 * 1024
"""Bytes that are decoded at a time."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's bytes and how they are read, with a note where that was guessed or bytes were lost.

    The text may be four times as large, so it is made piece by piece; its lines end in ``\\n``.
    """

    data: bytes
    encoding: str = "utf-8-sig"
    errors: str = "strict"
    note: str = ""

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces())

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text."""
        for piece in self.pieces():
            yield from piece.removesuffix("\n").split("\n")

    def count(self, *signs: str) -> int:
        """Return how often any of some signs without a line break stands in the text."""
        return sum(piece.count(sign) for piece in self.pieces() for sign in signs)

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces that end with a line; raises ``UnicodeDecodeError``, with a place in a piece."""
        decoder = codecs.getincrementaldecoder(self.encoding)(self.errors)
        held: list[str] = []
        for at in range(0, len(self.data), _PIECE):
            text = decoder.decode(self.data[at : at + _PIECE], final=at + _PIECE >= len(self.data))
            # a \r at the very end may be half of a line's end
            cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            if cut:
                yield _with_line_ends("".join([*held, text[:cut]]))
                held = []
            held.append(text[cut:])
        if rest := "".join(held):
            yield _with_line_ends(rest)


def _with_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes, *, name: str) -> Decoded:
    """Return the text of a file, without a mark of byte order.

    What is no UTF-8 is taken for the encoding in which its letters make words, with a note. Raises
    ``TranscriptError`` for binary files, empty ones, and where no encoding can be told.
    """
    for magic, reason in _MAGIC:
        if data.startswith(magic):
            raise TranscriptError(name, reason)
    found = _decoded(data, name)
    is_empty = True
    for piece in found.pieces():
        if "\0" in piece:
            raise TranscriptError(name, _BINARY)
        is_empty = is_empty and piece.isspace()
    if is_empty:
        raise TranscriptError(name, "is empty")
    return found


def _decoded(data: bytes, name: str) -> Decoded:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            data.decode("utf-16")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise TranscriptError(name, f"is not UTF-16: byte {error.start} can't be read", line) from error
        return Decoded(data, "utf-16")
    if b"\0" in data:
        return _without_mark(data, name)
    decoded = Decoded(data)
    try:
        for _ in decoded.pieces():
            pass
    except UnicodeDecodeError:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            return _guessed(data, error, name)
    return decoded


def _without_mark(data: bytes, name: str) -> Decoded:
    """Return the text of UTF-16 without a mark: the ASCII in it, spaces and digits, has its zeros on one side."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    encoding, label = ("utf-16-be", "UTF-16BE") if even > odd else ("utf-16-le", "UTF-16LE")
    if max(even, odd) < 0.05 * len(sample) or min(even, odd) > 0.02 * max(even, odd):
        raise TranscriptError(name, _BINARY)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TranscriptError(name, _BINARY) from error
    if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text[:_SAMPLE]):
        raise TranscriptError(name, _BINARY)
    return Decoded(data, encoding, note=f"has no mark of its encoding and was read as {label}")


def _guessed(data: bytes, error: UnicodeDecodeError, name: str) -> Decoded:
    line = data.count(b"\n", 0, error.start) + 1
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    broken, whole = text.count("\ufffd"), sum(sign > "\x7f" for sign in text[:_SAMPLE])
    if broken * 10 < whole:
        note = f"{broken} characters that are not UTF-8 were lost; first at line {line}"
        return Decoded(data, errors="replace", note=note)
    sample = data[:_SAMPLE]
    scored = sorted(((_score(sample, one), -at, one) for at, one in enumerate(_CANDIDATES)), reverse=True)
    for score, _, candidate in scored:
        if score < _ENOUGH or _is_binary(data):
            break
        try:
            data.decode(candidate.encoding)
        except UnicodeDecodeError:
            continue
        note = f"is not UTF-8 and was read as {candidate.encoding} ({candidate.label})"
        return Decoded(data, candidate.encoding, note=note)
    how = "convert it: iconv -f ENCODING -t UTF-8 old > new, where ENCODING may be WINDOWS-1252"
    reason = f"is not UTF-8: byte {error.start} can't be read, and no other encoding fits; {how}"
    raise TranscriptError(name, reason, line) from error


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in sample) > len(sample) // 1000


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An encoding with the letters of one language or script, and the commonest of them."""

    encoding: str
    label: str
    letters: frozenset[str]
    common: frozenset[str] = frozenset()
    """Empty for Latin scripts, whose words hold ASCII letters too."""


def _latin(encoding: str, label: str, letters: str) -> _Candidate:
    return _Candidate(encoding, label, frozenset(letters + letters.upper()))


def _script(encoding: str, label: str, ranges: str, common: str) -> _Candidate:
    letters = {chr(sign) for pair in ranges.split() for sign in range(ord(pair[0]), ord(pair[-1]) + 1)}
    return _Candidate(encoding, label, frozenset(letters), frozenset(common))


_CYRILLIC = ("А-я ЁЁ ёё ІІ іі ЇЇ її ЄЄ єє ҐҐ ґґ", "оеаинтсрвлк")
_KANA = ("ぁ-ん ァ-ヶ 一-龠 ーー 々々", "".join(map(chr, range(0x3041, 0x3094))))
_CANDIDATES = (
    _latin("cp1252", "Western European, German", "äöüß"),
    _latin("cp1252", "Western European, French", "éèêëàâçùûîïôœ"),
    _latin("cp1252", "Western European, Spanish", "áéíóúñü¿¡"),
    _latin("cp1252", "Western European, Portuguese", "ãõáéíóúâêôàç"),
    _latin("cp1252", "Western European, Scandinavian", "åäöæøé"),
    _latin("cp1252", "Western European, Italian", "àèéìòù"),
    _latin("cp1252", "Western European, Icelandic", "áðéíóúýþæö"),
    _latin("cp1250", "Central European, Polish", "ąćęłńóśźż"),
    _latin("cp1250", "Central European, Czech", "áčďéěíňóřšťúůýžäľĺôŕ"),
    _latin("cp1250", "Central European, Hungarian", "áéíóöőúüű"),
    _latin("cp1250", "Central European, Croatian", "čćđšž"),
    _latin("cp1250", "Central European, Romanian", "ăâîşţ"),
    _latin("cp1254", "Turkish", "çğıöşüâİ"),
    _script("cp1251", "Cyrillic", *_CYRILLIC),
    _script("koi8_u", "Cyrillic", *_CYRILLIC),
    _script("cp866", "Cyrillic", *_CYRILLIC),
    _script("iso8859_5", "Cyrillic", *_CYRILLIC),
    _script("cp1253", "Greek", "Α-ώ ΆΆ", "αοιετσνηυρπ"),
    _script("cp1255", "Hebrew", "א-ת", "יוהלאתרמבנ"),
    _script("cp1256", "Arabic", "ء-ي ًْ- پپ چچ گگ کک یی", "اليمونترب"),
    _script("cp874", "Thai", "ก-๛", "านรอกเงมยลวดทส่้"),
    _script("cp932", "Japanese, Shift-JIS", *_KANA),
    _script("euc_jp", "Japanese", *_KANA),
    _script(
        "gb18030",
        "Chinese",
        "一-龠",
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里天今",
    ),
    _script(
        "big5",
        "Chinese",
        "一-龠",
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡天今",
    ),
    _script("cp949", "Korean", "가-힣", "이다는에의을가고하지한로기도를은서어나자리사그아해니대시라"),
)
_WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f]+[^\W\d_]*")
_MARKS = frozenset("“”„‚‘’‹›–—…«»°€©®·•½¼¾×²³±µ§\u00a0、。「」『』！？：；（），《》・～،؟№™№£")


def _score(sample: bytes, candidate: _Candidate) -> float:
    """Return how well a sample reads in an encoding, from below 0 to 2: its letters, and how common they are."""
    try:
        # A sample may end within a character.
        text = codecs.getincrementaldecoder(candidate.encoding)().decode(sample)
    except UnicodeDecodeError:
        return -1.0
    signs = [sign for sign in text if sign > "\x7f" and sign not in _MARKS]
    if not signs:
        return 1.2 if candidate.encoding == "cp1252" else 0.0
    good = sum(sign in candidate.letters for sign in signs) / len(signs)
    if not candidate.common:
        return 2 * good - 1 + 0.5 * (1 - _share_of_accents(text))
    if len(signs) < 2:
        return 0.0
    common = sum(sign.lower() in candidate.common for sign in signs) / len(signs)
    return 2 * good - 1 + common - _share_of_mixed(text, len(signs))


def _share_of_accents(text: str) -> float:
    """Return how many letters of the words with accents have one: most, where an encoding is wrong."""
    words = _WORD.findall(text)
    accents = sum(sign > "\x7f" for word in words for sign in word)
    share = accents / max(sum(map(len, words)), 1)
    return 4.0 if share > 0.6 or not words else share


_MIXED = re.compile(r"[A-Za-z](?=[^\x00-\x7f])|[^\x00-\x7f](?=[A-Za-z])")


def _share_of_mixed(text: str, signs: int) -> float:
    """Return how many letters stand beside those of another script, or are capitals within a word."""
    kept = "".join(sign for sign in text if sign not in _MARKS)
    inner: int = sum(a.islower() and b.isupper() for word in _WORD.findall(kept) for a, b in pairwise(word))
    return (len(_MIXED.findall(kept)) + inner) / signs
