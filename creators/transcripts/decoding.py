"""From the bytes of a file to its text, with every way of ending a line made one."""

import codecs

from creators.transcripts.errors import TranscriptError

_BINARY = "looks like a binary file, not a transcript"


def decode(data: bytes, *, name: str) -> str:
    """Return the text of a UTF-8 file, or of a UTF-16 file that begins with a byte-order mark.

    Lines end in ``\\n`` whatever the file used. The text holds no NUL and no lone surrogate.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _decode(data, "utf-16", "UTF-16", name)
    elif b"\0" in data:
        raise TranscriptError(name, _BINARY)
    else:
        text = _decode(data, "utf-8", "UTF-8", name).removeprefix("\ufeff")
    if "\0" in text:
        raise TranscriptError(name, _BINARY)
    if not text.strip():
        raise TranscriptError(name, "is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, encoding: str, label: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TranscriptError(name, f"is not {label}: byte {error.start} can't be read", line) from error


def storable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which JSON and YAML can spell out and no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
