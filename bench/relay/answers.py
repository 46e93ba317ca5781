"""The answers that the model of the benchmark gives: any number of tokens, each with one ``~`` to count it by."""

import re
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from tests.model_server import wire

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
WORDS = """the kick sits under a bass that leaves it room while vocals want air around them and every reverb has
pre-delay so words stay near then compress less than you think because level rides do more good mixes breathe""".split()
SENTENCE = 12
"""Tokens of a sentence; its last one holds a marker and a full stop."""
FRAME = 16
"""Bytes of a frame's text where frames are counted, as others publish it: its number, and what fills it up."""
_ASKED = re.compile(rb"\b(?:(flat1?)-(\d+)|(paced|filled)-(\d+(?:\.\d+)?)-(\d+))\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for; ``rate`` is in tokens a second, 0 for as fast as the connection takes them.

    ``single`` has every token sent by itself; else many may share a packet. ``filled`` tokens are numbers, filled up.
    """

    tokens: int
    rate: float = 0.0
    single: bool = False
    filled: bool = False


def asked(body: bytes) -> Asked:
    """Read what was asked last: ``flat-2000``, ``flat1-2000``, ``paced-20-400`` or ``filled-50-64``, else 20 tokens."""
    matches = _ASKED.findall(body)
    if not matches:
        return Asked(tokens=20)
    flat, count, kind, rate, paced = matches[-1]
    if flat:
        return Asked(tokens=int(count), single=flat == b"flat1")
    return Asked(tokens=int(paced), rate=float(rate), filled=kind == b"filled")


def text(number: int) -> str:
    """Return the token with this number: a word, and now and then the end of a sentence."""
    # In no order that comes again: the program stops a model that says the same over and over.
    word = WORDS[crc32(b"%d" % number) % len(WORDS)]
    place = number % SENTENCE
    return f" {word.capitalize() if place == 0 else word}~{' [1].' if place == SENTENCE - 1 else ''}"


def filled(number: int) -> str:
    """Return the frame with this number, the text that published benchmarks send."""
    return f"{str(number).ljust(FRAME - 1, 'x')}~"


@cache
def frame(number: int, *, is_filled: bool = False) -> bytes:
    """Return a token as a chunk of HTTP, the way servers send each by itself."""
    return framed(wire.text(filled(number) if is_filled else text(number)))


@cache
def first(number_of_tokens: int, *, is_filled: bool = False) -> bytes:
    """Return what goes out at once: the head, the role and the first token, or the end where none was asked for."""
    role = framed(wire.chunk({"role": "assistant", "content": ""}))
    return HEAD + role + (frame(0, is_filled=is_filled) if number_of_tokens else last(0))


@cache
def last(number_of_tokens: int) -> bytes:
    """Return what follows the last token: the reason, the usage and the end."""
    usage = wire.usage(completion_tokens=number_of_tokens)
    return b"".join(map(framed, (wire.finish(), usage, wire.DONE))) + END


@cache
def rest(number_of_tokens: int) -> bytes:
    """Return everything after the first token."""
    return b"".join(map(frame, range(1, number_of_tokens))) + last(number_of_tokens)


def framed(event: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(event), event)
