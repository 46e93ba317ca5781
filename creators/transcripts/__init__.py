"""The readers of transcripts: bytes of a file in, a ``Transcript`` out."""

from creators.transcripts.errors import TranscriptError
from creators.transcripts.reader import MAX_BYTES, SUFFIXES, read_transcript
from creators.transcripts.values import Segment, Transcript

__all__ = ["MAX_BYTES", "SUFFIXES", "Segment", "Transcript", "TranscriptError", "read_transcript"]
