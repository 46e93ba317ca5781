"""The readers of transcripts: bytes of a file in, a ``Transcript`` out."""

from creators.transcripts.reader import MAX_BYTES, SUFFIXES, is_recognised, read_transcript
from creators.transcripts.segments import Segment, Transcript, TranscriptError

__all__ = ["MAX_BYTES", "SUFFIXES", "Segment", "Transcript", "TranscriptError", "is_recognised", "read_transcript"]
