"""The sound of one demo work, made when it is asked for: a tone for each voice, for as long as it speaks.

Nobody ever spoke the demo's works. With this one can be tried how a recording plays beside its transcript, without a
recording that the repository would have to hold.
"""

import io
import wave
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from chat.catalogue.transcript import TextBlock

WORK = "loudness-and-delivery"
RATE = 8000
"""Samples a second, of 8 bits each: ten minutes are 4.8 MB."""
SECONDS_A_WORD = 0.32
SYLLABLES_A_SECOND = 4.5
PITCHES = (131.0, 220.0)
"""Hertz: whoever speaks first, and whoever answers."""
LOUDNESS = 0.25


@dataclass(frozen=True, slots=True)
class Utterance:
    """From when to when somebody speaks, in seconds, and at which pitch, in hertz."""

    start: float
    end: float
    pitch: float


def utterances_of(blocks: Iterable[TextBlock]) -> Iterator[Utterance]:
    """Yield who speaks when, for the timed blocks of a transcript; a name before a colon begins another's words."""
    pitches: dict[str, float] = {}
    speaker = ""
    for block in blocks:
        if block.start is None:
            continue
        name, colon, _ = block.text.partition(": ")
        speaker = name if colon and name.istitle() else speaker
        pitch = pitches.setdefault(speaker, PITCHES[len(pitches) % len(PITCHES)])
        yield Utterance(block.start, block.start + SECONDS_A_WORD * len(block.text.split()), pitch)


@lru_cache(maxsize=1)
def spoken_tones(utterances: Sequence[Utterance]) -> bytes:
    """Return a WAV file in which each utterance is a tone that swells with its syllables; takes a tenth of a second."""
    seconds = max((one.end for one in utterances), default=0.0)
    signal = np.zeros(int(seconds * RATE) + 1, dtype=np.float32)
    for one in utterances:
        begin, end = int(one.start * RATE), int(one.end * RATE)
        time = np.arange(end - begin, dtype=np.float32) / RATE
        syllables = np.sin(np.pi * SYLLABLES_A_SECOND * time) ** 2
        phase = 2 * np.pi * one.pitch * time
        signal[begin:end] = LOUDNESS * syllables * np.sin(phase + 1.2 * np.sin(2 * phase))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(RATE)
        written.writeframes((128 + 127 * signal).astype(np.uint8).tobytes())
    return file.getvalue()
